"""Ways to tamper with a signed PDF, after the published attacks (USF, ISA, SWA; EAA, SSA; shadow; PDF insecurity).

Each takes the bytes of a signed file and gives those of the forgery. ``INSIDE_A_FORM`` need a file with a form field.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject

from tests.support.another_document import another_document_behind

Tampering = Callable[[bytes], bytes]
FIELD = "nota_1"


def _open(pdf: bytes) -> IncrementalPdfFileWriter:
    return IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)


def _close(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _stream(content: bytes, **entries: object) -> generic.StreamObject:
    return generic.StreamObject(dict_data={pdf_name(f"/{k}"): v for k, v in entries.items()}, stream_data=content)


def _numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject([generic.NumberObject(v) for v in values])


def _page(writer: IncrementalPdfFileWriter) -> tuple[generic.Reference, generic.DictionaryObject]:
    reference = writer.root["/Pages"]["/Kids"].raw_get(0).reference
    return reference, reference.get_object()


def _signed_field(writer: IncrementalPdfFileWriter) -> tuple[generic.Reference, generic.DictionaryObject]:
    reference = writer.root["/AcroForm"]["/Fields"].raw_get(0).reference
    return reference, reference.get_object()


def one_byte_flipped(pdf: bytes) -> bytes:
    changed = bytearray(pdf)
    changed[pdf.find(b"stream", 500) + 30] ^= 1
    return bytes(changed)


def page_content_replaced(pdf: bytes) -> bytes:
    writer = _open(pdf)
    reference, page = _page(writer)
    page["/Contents"] = writer.add_object(_stream(b"BT /F0 30 Tf 100 400 Td (10,00) Tj ET"))
    writer.mark_update(reference)
    return _close(writer)


def page_appended(pdf: bytes) -> bytes:
    writer = _open(pdf)
    writer.insert_page(PageObject(contents=writer.add_object(_stream(b"")), media_box=_numbers(0, 0, 595, 842)))
    return _close(writer)


def annotation_laid_over(pdf: bytes) -> bytes:
    writer = _open(pdf)
    reference, page = _page(writer)
    white = _stream(
        b"1 1 1 rg 0 0 100 20 re f",
        Type=pdf_name("/XObject"),
        Subtype=pdf_name("/Form"),
        BBox=_numbers(0, 0, 100, 20),
    )
    annotation = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Contents"): pdf_string("10"),
            pdf_name("/F"): generic.NumberObject(4),
            pdf_name("/Rect"): _numbers(400, 500, 500, 520),
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(white)}),
        }
    )
    page["/Annots"].append(writer.add_object(annotation))
    writer.update_container(page["/Annots"])
    writer.mark_update(reference)
    return _close(writer)


def stamp_swapped(pdf: bytes) -> bytes:
    writer = _open(pdf)
    reference, field = _signed_field(writer)
    box = _stream(
        b"0 0 240 60 re f", Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=_numbers(0, 0, 240, 60)
    )
    field["/AP"]["/N"] = writer.add_object(box)
    writer.mark_update(reference)
    return _close(writer)


def stamp_moved(pdf: bytes) -> bytes:
    writer = _open(pdf)
    reference, field = _signed_field(writer)
    field["/Rect"] = _numbers(0, 700, 595, 842)
    writer.mark_update(reference)
    return _close(writer)


def _byte_range(pdf: bytes) -> re.Match[bytes]:
    found = re.search(rb"/ByteRange \[[^\]]*\]", pdf)
    assert found is not None
    return found


def byte_range_emptied(pdf: bytes) -> bytes:
    found = _byte_range(pdf)
    return pdf[: found.start()] + b"/ByteRange [0 0 0 0]".ljust(len(found.group())) + pdf[found.end() :]


def byte_range_removed(pdf: bytes) -> bytes:
    found = _byte_range(pdf)
    return pdf[: found.start()] + b"/ByteRangX" + pdf[found.start() + 10 :]


def gap_enlarged(pdf: bytes) -> bytes:
    """Signature wrapping: something unsigned between the two signed ranges."""
    found = _byte_range(pdf)
    a, b, c, d = (int(v) for v in re.findall(rb"\d+", found.group()))
    evil = b"\n%evil-gap " + b"A" * 300 + b"\n"
    forged = pdf[:c] + evil + pdf[c:]
    stated = b"/ByteRange [%d %d %d %d]" % (a, b, c + len(evil), d)
    return forged[: found.start()] + stated.ljust(len(found.group()))[: len(found.group())] + forged[found.end() :]


def pages_swapped(pdf: bytes) -> bytes:
    writer = _open(pdf)
    empty = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Pages"),
            pdf_name("/Count"): generic.NumberObject(0),
            pdf_name("/Kids"): generic.ArrayObject(),
        }
    )
    writer.root["/Pages"] = writer.add_object(empty)
    writer.update_root()
    return _close(writer)


def saved_anew(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out)
    return out.getvalue()


def title_changed(pdf: bytes) -> bytes:
    writer = _open(pdf)
    writer.set_info(writer.add_object(generic.DictionaryObject({pdf_name("/Title"): pdf_string("Otro")})))
    return _close(writer)


def script_added(pdf: bytes) -> bytes:
    writer = _open(pdf)
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")}
    )
    writer.update_root()
    return _close(writer)


def attachment_added(pdf: bytes) -> bytes:
    writer = _open(pdf)
    file = writer.add_object(_stream(b"factura", Type=pdf_name("/EmbeddedFile")))
    writer.root["/AF"] = generic.ArrayObject([file])
    writer.update_root()
    return _close(writer)


def rubbish_after_the_end(pdf: bytes) -> bytes:
    return pdf + b"\n% nada " + b"x" * 50 + b"\n"


def cut_short(pdf: bytes) -> bytes:
    return pdf[:-200]


def signature_taken_off(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        del document.Root["/AcroForm"]
        for page in document.pages:
            if "/Annots" in page:
                del page["/Annots"]
        document.save(out)
    return out.getvalue()


def encrypted(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="x", user=""))
    return out.getvalue()


def value_of_the_form_changed(pdf: bytes) -> bytes:
    writer = _open(pdf)
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field.get("/T") == FIELD:
            field["/V"] = pdf_string("10")
            writer.update_container(field)
    return _close(writer)


AFTER: tuple[Tampering, ...] = (
    one_byte_flipped,
    page_content_replaced,
    page_appended,
    annotation_laid_over,
    stamp_swapped,
    stamp_moved,
    byte_range_emptied,
    byte_range_removed,
    gap_enlarged,
    pages_swapped,
    saved_anew,
    title_changed,
    script_added,
    attachment_added,
    rubbish_after_the_end,
    cut_short,
    signature_taken_off,
    encrypted,
    another_document_behind,
)
BEFORE: tuple[Tampering, ...] = (
    page_content_replaced,
    page_appended,
    annotation_laid_over,
    script_added,
    attachment_added,
    title_changed,
    another_document_behind,
)  # what somebody may do to a file that we issued before signing it


def with_form(pdf: bytes) -> bytes:
    """The same document with a text field that people fill in."""
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        field = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String(FIELD),
                V=String("4"),
                F=4,
                Rect=Array([100, 400, 200, 420]),
                P=page.obj,
            )
        )
        page.Annots.append(field)
        document.Root.AcroForm.Fields.append(field)
        document.save(out, deterministic_id=True)
    return out.getvalue()
