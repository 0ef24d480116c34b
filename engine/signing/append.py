"""Put pages of ours after those of a file that somebody brought, without touching a byte of it (C-45).

Called by the operation ``add_seal_page``. The result begins with the file as it came: an incremental update (ISO
32000-1, 7.5.6), so the signatures that it carries still cover their own revision. The pages are drawn as they were
rendered; each gap becomes an empty signature field, in a form that may have had others before.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from engine.errors import SignatureRefused
from engine.signing.sign import APPENDED
from engine.signing.structure import Unreadable, open_strictly

Box = tuple[int, float, float, float, float]  # page from 0 among those appended; corners in points
_APPEND_ONLY = 3  # ISO 32000-1, table 219: it holds signatures, and may only be added to
CANNOT = "A este PDF no se le puede agregar la hoja de sello sin rehacerlo: su estructura no sigue la norma."


def keeps_as_it_is(data: bytes) -> str | None:
    """Why pages cannot be put after this PDF byte for byte, technically; None when they can."""
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        if writer.prev.xrefs.hybrid_xrefs_present:
            return "hybrid cross-references"  # two readers may see two documents: nobody signs that
        open_strictly(data)
    except Unreadable as error:
        return error.reason
    except Exception as error:  # whatever a hostile or a careless file makes of the parser
        return f"{type(error).__name__}: {error}"[:300]
    return None


def append_pages(incoming: bytes, pages: bytes, gaps: Mapping[str, Box]) -> bytes:
    """``incoming`` and, after it, the pages of ``pages`` with an empty field for each gap.

    Raises SignatureRefused when the file does not bear an addition.
    """
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(incoming))
        first = _page_count(writer.prev)
        for number in range(_page_count(PdfFileReader(io.BytesIO(pages)))):
            writer.insert_page(_page(writer, PdfFileReader(io.BytesIO(pages)), number))
        for name, (page, *box) in sorted(gaps.items()):
            _add_field(writer, name, first + page, box)
        if gaps:
            form: Any = writer.root["/AcroForm"]
            form["/SigFlags"] = generic.NumberObject(_APPEND_ONLY)  # as signing sets it: that would count as a change
            writer.update_container(form)
        out = io.BytesIO()
        writer.write(out)
    except (PdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise SignatureRefused(CANNOT, cause=f"{type(error).__name__}: {error}"[:200]) from error
    return out.getvalue()


def _page_count(reader: PdfFileReader) -> int:
    return int(reader.root["/Pages"]["/Count"])


def _page(writer: IncrementalPdfFileWriter, source: PdfFileReader, number: int) -> PageObject:
    """A page that draws one of the source's: its content as one object, so that nothing of it can clash."""
    drawn = writer.import_page_as_xobject(source, page_ix=number)
    form: Any = drawn.get_object()
    x1, y1, x2, y2 = (float(v) for v in form["/BBox"])
    box = generic.ArrayObject([generic.FloatObject(v) for v in (x1, y1, x2, y2)])
    resources = generic.DictionaryObject({pdf_name("/XObject"): generic.DictionaryObject({pdf_name("/Sello"): drawn})})
    content = writer.add_object(generic.StreamObject(stream_data=b"/Sello Do"))
    return PageObject(contents=content, media_box=box, resources=resources)


def _add_field(writer: IncrementalPdfFileWriter, name: str, page: int, box: list[float]) -> None:
    x1, y1, x2, y2 = (round(v) for v in box)
    free = _free_name(writer, APPENDED + name)
    append_signature_field(writer, SigFieldSpec(free, on_page=page, box=(x1, y1, x2, y2)))


def _free_name(writer: IncrementalPdfFileWriter, wanted: str) -> str:
    """The file that came may be one of ours, with a field of that name."""
    try:
        fields = writer.root["/AcroForm"]["/Fields"]
    except KeyError:
        return wanted
    taken = {str(field.get_object().get("/T", "")) for field in fields}
    name, n = wanted, 1
    while name in taken:
        n += 1
        name = f"{wanted}_{n}"
    return name
