"""Of the pages that a certified copy leaves out (C-27: reserved ones), nothing is in its bytes, whoever made the PDF."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from engine.documents.certified_copy import join_copy

SIZE = 300  # bytes of each scanned page: 10 × 10 points in colour
Draw = Callable[[Pdf, int, Dictionary], tuple[bytes, Dictionary | None]]


def scan(pdf: Pdf, n: int) -> pikepdf.Object:
    """The image of page ``n``: all A for the first, all B for the second."""
    image = Stream(pdf, scanned(n))
    image.Type, image.Subtype, image.ColorSpace = Name.XObject, Name.Image, Name.DeviceRGB
    image.Width, image.Height, image.BitsPerComponent = 10, 10, 8
    return pdf.make_indirect(image)


def scanned(n: int) -> bytes:
    return bytes([64 + n]) * SIZE


def plainly(pdf: Pdf, n: int, images: Dictionary) -> tuple[bytes, Dictionary | None]:
    return f"q 100 0 0 100 0 0 cm /Im{n} Do Q".encode(), Dictionary(XObject=images)


def by_a_form(pdf: Pdf, n: int, images: Dictionary) -> tuple[bytes, Dictionary | None]:
    form = Stream(pdf, f"q 100 0 0 100 0 0 cm /Im{n} Do Q".encode())
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 100, 100])
    form.Resources = Dictionary(XObject=images)
    return b"/Fm Do", Dictionary(XObject=Dictionary(Fm=pdf.make_indirect(form)))


def by_a_form_without_its_own(pdf: Pdf, n: int, images: Dictionary) -> tuple[bytes, Dictionary | None]:
    form = Stream(pdf, f"q 100 0 0 100 0 0 cm /Im{n} Do Q".encode())
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 100, 100])
    return b"/Fm Do", Dictionary(XObject=Dictionary({"/Fm": pdf.make_indirect(form), **dict(images.items())}))


def inherited(pdf: Pdf, n: int, images: Dictionary) -> tuple[bytes, Dictionary | None]:
    pdf.Root.Pages.Resources = Dictionary(XObject=images)
    return plainly(pdf, n, images)[0], None


def original(draw: Draw, pages: int = 3) -> bytes:
    pdf = Pdf.new()
    images = pdf.make_indirect(Dictionary({f"/Im{n}": scan(pdf, n) for n in range(1, pages + 1)}))
    for n in range(1, pages + 1):
        content, resources = draw(pdf, n, images)
        page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, 300, 300]), Contents=pdf.make_stream(content))
        if resources is not None:
            page.Resources = resources
        pdf.pages.append(Page(pdf.make_indirect(page)))
    return written(pdf)


def blank(pages: int) -> bytes:
    pdf = Pdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595.276, 84))
    return written(pdf)


def written(pdf: Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def holds(copy: bytes) -> list[int]:
    """The pages whose image is somewhere in the file, seen or not."""
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        kept = {one.read_bytes() for one in pdf.objects if isinstance(one, Stream)}
    return [n for n in (1, 2, 3) if scanned(n) in kept]


@pytest.mark.req("C-27")
@pytest.mark.parametrize("draw", [plainly, by_a_form, by_a_form_without_its_own, inherited])
def test_the_images_of_a_reserved_page_are_not_in_the_copy_though_all_pages_share_them(draw: Draw) -> None:
    source = original(draw)
    assert holds(join_copy(blank(1), blank(3), source, [1, 2, 3])) == [1, 2, 3]
    assert holds(join_copy(blank(1), blank(2), source, [1, 3])) == [1, 3]
    assert holds(join_copy(blank(1), blank(1), source, [2])) == [2]


def test_the_bytes_of_an_original_s_metadata_and_attachments_stay_behind() -> None:
    with pikepdf.open(io.BytesIO(original(plainly))) as pdf:
        pdf.docinfo["/Author"] = "Quien redactó lo reservado"
        pdf.attachments["borrador.txt"] = b"Lo que se dijo en reserva"
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = "Deliberación reservada"
        source = written(pdf)
    with pikepdf.open(io.BytesIO(join_copy(blank(1), blank(2), source, [1, 3]))) as copy:
        everything = b"".join(one.read_bytes() for one in copy.objects if isinstance(one, Stream))
        everything += repr(copy.docinfo).encode() + repr(list(copy.attachments)).encode()
    assert not [word for word in ("redact", "reserva", "borrador") if word.encode() in everything]
