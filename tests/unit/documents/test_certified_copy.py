"""A certified copy shows each page of its original exactly as it was, with the strip below it (C-27)."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from engine.documents import UnreadableOriginal, join_copy, render_pdf
from tests.support.paper import base_files, certificate, data
from tests.support.raster import rows_of, same_above

TEXT = b"BT /F 24 Tf 40 40 Td (Acta 7) Tj ET 0.8 0.1 0.1 rg 0 0 60 20 re f 0.1 0.5 0.2 rg 250 380 50 20 re f"


@cache
def strips(pages: int) -> bytes:
    given = data()
    paged = [{"n": n + 2, "total": pages + 1, "de": f"Página {n + 1} del original."} for n in range(pages)]
    return render_pdf(base_files(), "_base/tira_copia.html", {**given, "paginas": paged}).bytes


def copy_of(original: bytes, *pages: int) -> bytes:
    return join_copy(certificate().bytes, strips(len(pages)), original, pages)


def drawn(change: Callable[[Pdf, pikepdf.Page], None], size: tuple[int, int] = (300, 400)) -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    page = made.add_blank_page(page_size=size)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(Font=Dictionary(F=made.make_indirect(font)))
    page.obj.Contents = made.make_stream(TEXT)
    change(made, page)
    made.save(out)
    return out.getvalue()


def turned(_pdf: Pdf, page: pikepdf.Page) -> None:
    page.obj.Rotate = 90


def cropped(_pdf: Pdf, page: pikepdf.Page) -> None:
    page.obj.CropBox = Array([20, 10, 280, 390])
    page.obj.TrimBox = Array([100, 100, 200, 200])


def unclosed(pdf: Pdf, page: pikepdf.Page) -> None:
    """Leaves a scale and a colour behind: they must not reach the strip."""
    page.obj.Contents = pdf.make_stream(b"0.5 0 0 0.5 0 0 cm 1 0 0 rg " + TEXT)


def stamped(pdf: Pdf, page: pikepdf.Page) -> None:
    """What a viewer shows over the page, such as the stamp of a signature."""
    look = pdf.make_stream(b"0 0 1 rg 0 0 80 30 re f")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 80, 30])
    stamp = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([150, 200, 230, 230]), F=4)
    stamp.AP = Dictionary(N=look)
    page.obj.Annots = Array([pdf.make_indirect(stamp)])


def layered(pdf: Pdf, page: pikepdf.Page) -> None:
    """A hidden layer stays hidden."""
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("oculta")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    page.obj.Resources.Properties = Dictionary(L=layer)
    page.obj.Contents = pdf.make_stream(TEXT + b" /OC /L BDC 0 0 0 rg 100 100 90 90 re f EMC")


@pytest.mark.req("C-27")
@pytest.mark.parametrize("change", [turned, cropped, unclosed, stamped, layered], ids=lambda one: one.__name__)
def test_a_page_is_seen_as_it_was_whatever_it_is_made_of(change: Callable[[Pdf, pikepdf.Page], None]) -> None:
    original = drawn(change)
    copy = copy_of(original, 1)
    shown, below = rows_of(original, 1), rows_of(copy, 2)
    assert same_above(shown, below)
    assert len(set(b"".join(shown))) > 2  # something was drawn at all
    assert any(min(row) < 60 for row in below[len(shown) + 5 :])  # and the code stands under it


@pytest.mark.req("C-27")
def test_pages_are_left_out_and_the_rest_keep_their_order_and_their_size() -> None:
    made = pikepdf.new()
    for size in ((300, 400), (842, 595), (100, 100)):
        made.add_blank_page(page_size=size)
    made.pages[2].obj.UserUnit = 2
    out = io.BytesIO()
    made.save(out)
    with pikepdf.open(io.BytesIO(copy_of(out.getvalue(), 1, 3))) as copy:
        boxes = [[float(edge) for edge in page.mediabox] for page in copy.pages]
    assert [box[2] for box in boxes[1:]] == [300, 200]
    assert [box[3] > height for box, height in zip(boxes[1:], (400, 200), strict=True)] == [True, True]


def test_the_same_input_gives_the_same_bytes_which_other_tools_accept(tmp_path: Path) -> None:
    original = drawn(stamped)
    first = copy_of(original, 1)
    assert first == copy_of(original, 1)
    (tmp_path / "a.pdf").write_bytes(first)
    subprocess.run(["qpdf", "--check", tmp_path / "a.pdf"], check=True, capture_output=True)


def test_a_copy_says_that_it_is_pdfa_only_when_its_original_does() -> None:
    ours, unknown = certificate().bytes, drawn(turned)
    for original, promise in ((ours, "2B"), (unknown, "")):
        with pikepdf.open(io.BytesIO(copy_of(original, 1))) as copy, copy.open_metadata() as metadata:
            assert metadata.pdfa_status == promise


def test_what_could_act_stays_behind() -> None:
    def scripted(pdf: Pdf, page: pikepdf.Page) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        page.obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("app.alert(2)")))
        pdf.attachments["a.txt"] = b"x"

    copy = copy_of(drawn(scripted), 1)
    assert b"JavaScript" not in copy
    with pikepdf.open(io.BytesIO(copy)) as opened:
        assert not opened.attachments


@pytest.mark.parametrize("original", [b"", b"%PDF-1.7 nada", drawn(turned)[:300]], ids=["empty", "no-pdf", "cut"])
def test_an_original_that_cannot_be_read_is_said_to_be(original: bytes) -> None:
    with pytest.raises(UnreadableOriginal):
        copy_of(original, 1)
    with pytest.raises(UnreadableOriginal):
        copy_of(drawn(turned), 2)  # a page that it does not have
