"""Our bytes, and behind them a whole other document, with cross-references of its own that never lead back to ours."""

from __future__ import annotations

_STREAM = b"BT /F 30 Tf 60 600 Td (NOTA: 10 \\(diez\\)) Tj ET"
_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R]>>",
    b"<</Length %d>>\nstream\n%s\nendstream" % (len(_STREAM), _STREAM),
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    b"<</Fields[7 0 R]/SigFlags 3>>",
    b"<</FT/Sig/T(hueco)/Type/Annot/Subtype/Widget/Rect[60 60 260 120]/P 3 0 R/F 4>>",
)


def another_document_behind(pdf: bytes) -> bytes:
    whole, places = pdf + b"\n", []
    for number, written in enumerate(_OBJECTS, 1):
        places.append(b"%010d 00000 n \n" % len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, b"".join(places))
    trailer = b"trailer\n<</Size %d/Root 1 0 R/ID[<00><00>]>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, len(whole))
    return whole + table + trailer
