"""Signature fields added to a PDF, with a picture of their own: what a second signer's program does, and what a forger does
without any key. Each gives the bytes of the file with one revision more.
"""

from __future__ import annotations

import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

from engine.signing import SigningKey

Box = tuple[int, int, int, int]
OVER_THE_TEXT: Box = (40, 60, 560, 780)
NOWHERE: Box = (0, 0, 0, 0)


def field_laid_over(pdf: bytes, box: Box = OVER_THE_TEXT, **entries: Any) -> bytes:
    """A field that nobody signs, drawn white with «NOTA: 10 (diez)» on it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec("Nota", on_page=0, box=box))
    field = writer.root["/AcroForm"]["/Fields"][-1]
    wide, high = box[2] - box[0], box[3] - box[1]
    face = generic.StreamObject(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, wide, high)]),
            }
        ),
        stream_data=b"1 1 1 rg 0 0 %d %d re f" % (wide, high),
    )
    field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(face)})
    field[pdf_name("/F")] = generic.NumberObject(4)
    for name, value in entries.items():
        field[pdf_name(f"/{name}")] = value
    writer.update_container(field)
    return _written(writer)


def field_that_acts(pdf: bytes) -> bytes:
    """Invisible, and it runs a script when the page is seen."""
    script = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")}
    )
    return field_laid_over(pdf, NOWHERE, AA=generic.DictionaryObject({pdf_name("/PO"): script}))


def field_with_anothers_signature(pdf: bytes) -> bytes:
    """It shows, and says to be signed: by the signature that was there."""
    signed = IncrementalPdfFileWriter(io.BytesIO(pdf)).root["/AcroForm"]["/Fields"][0].raw_get("/V")
    return field_laid_over(pdf, V=generic.IndirectObject(signed.idnum, signed.generation, None))


def stamped(pdf: bytes, key: SigningKey, box: Box) -> bytes:
    """Signed in a new field that shows, as programs do that let the signer put the stamp anywhere."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    out = io.BytesIO()
    metadata = PdfSignatureMetadata(field_name="Sello", md_algorithm="sha256")
    field = SigFieldSpec("Sello", on_page=0, box=box)
    sign_pdf(writer, metadata, signer=key.signer, new_field_spec=field, output=out)
    return out.getvalue()


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
