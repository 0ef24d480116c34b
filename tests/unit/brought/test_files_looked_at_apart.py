"""What strangers bring is read in a child with hard limits: what acts is named, what swells ends the child alone."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from engine.brought import Brought, CannotShow, compare_brought, draw_brought, flatten_image, look_at, rebuild_pdf
from engine.documents import image_page, render_pdf
from tests.support import tampering
from tests.support.paper import certificate, data, files

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"


def pdf_with(change: Callable[[pikepdf.Pdf], None]) -> Brought:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(certificate().bytes)) as document:
        change(document)
        document.save(out)
    return Brought(out.getvalue(), PDF)


def image(kind: str, mode: str, size: tuple[int, int] = (40, 20), **options: object) -> Brought:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)  # type: ignore[arg-type]
    return Brought(out.getvalue(), JPEG if kind == "JPEG" else PNG)


def launches(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.Launch, F=String("calc.exe"))


def sends_a_form(document: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.SubmitForm, F=String("https://x.example"))
    document.pages[0].obj.AA = Dictionary(O=action)


def hides_a_script_in_a_chain_of_actions(document: pikepdf.Pdf) -> None:
    inner = document.make_indirect(Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([document.pages[0].obj, Name.Fit]), Next=Array([inner]))


def is_an_xfa_form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array(), XFA=document.make_stream(b"<xdp/>"))


def carries_a_file(document: pikepdf.Pdf) -> None:
    document.attachments["factura.xml"] = b"<factura/>"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (launches, "abrir otro programa"),
        (sends_a_form, "envía o recibe datos"),
        (hides_a_script_in_a_chain_of_actions, "JavaScript"),
        (is_an_xfa_form, "XFA"),
        (carries_a_file, "otros archivos adentro"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_would_act_when_opened_is_refused_with_its_name_and_what_to_do(
    change: Callable[[pikepdf.Pdf], None], named: str
) -> None:
    trouble = look_at(pdf_with(change)).trouble or ""
    assert named in trouble
    assert "Pida a quien lo emitió" in trouble


def huge_box(document: pikepdf.Pdf) -> None:
    document.pages[0].mediabox = [0, 0, 2_000_000, 10]


def a_thousand_pages(document: pikepdf.Pdf) -> None:
    for _ in range(1_000):
        document.add_blank_page()


@pytest.mark.parametrize(
    ("change", "named"), [(huge_box, "tamaño que no es de papel"), (a_thousand_pages, "200 páginas")]
)
def test_a_file_that_is_no_certificate_in_size_is_refused(change: Callable[[pikepdf.Pdf], None], named: str) -> None:
    assert named in (look_at(pdf_with(change)).trouble or "")


def test_a_locked_and_a_broken_file_are_told_apart() -> None:
    assert "contraseña" in (look_at(Brought(tampering.encrypted(certificate().bytes), PDF)).trouble or "")
    assert "dañado" in (look_at(Brought(tampering.cut_short(certificate().bytes), PDF)).trouble or "")


def test_a_page_that_swells_without_end_ends_only_the_child() -> None:
    packer = zlib.compressobj(9)
    piece = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = piece + again * 2_000 + packer.flush()  # two gigabytes in two megabytes

    def swells(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.Contents = document.make_stream(packed, Filter=Name.FlateDecode)

    assert "tan complejo" in (look_at(pdf_with(swells)).trouble or "")


def test_an_image_bomb_is_refused() -> None:
    assert "demasiado grande" in (look_at(image("PNG", "1", (20_000, 20_000))).trouble or "")


def test_a_page_is_drawn_as_wide_as_asked_and_no_larger_than_the_limit() -> None:
    with Image.open(io.BytesIO(draw_brought(Brought(certificate().bytes, PDF), 0, 500))) as drawn:
        assert drawn.width == 500
    with pytest.raises(CannotShow):
        draw_brought(Brought(certificate().bytes, PDF), 1, 500)


@pytest.mark.req("C-45")
def test_two_pages_differ_in_the_lines_and_the_ink_that_changed() -> None:
    other = render_pdf(files(), "certificacion.html", data(texto="aprobó el curso con 10.")).bytes
    made = compare_brought(Brought(other, PDF), Brought(certificate().bytes, PDF), 0, 600)
    assert made.removed == ("aprobó el curso.",)
    assert made.added == ("aprobó el curso con 10.",)
    assert 0 < made.share < 0.01
    same = compare_brought(Brought(other, PDF), Brought(other, PDF), 0, 600)
    assert (same.removed, same.added, same.share) == ((), (), 0)


def test_a_page_that_the_other_lacks_counts_as_blank() -> None:
    two = pdf_with(lambda document: document.pages.append(document.pages[0]))
    made = compare_brought(two, Brought(certificate().bytes, PDF), 1, 400)
    assert "aprobó el curso." in made.added
    assert made.share > 0


def test_any_image_becomes_a_plain_one_upright_on_white() -> None:
    clear = flatten_image(image("PNG", "RGBA"))
    with Image.open(io.BytesIO(clear)) as made:
        assert (made.mode, made.size, made.getpixel((0, 0))) == ("RGB", (40, 20), (255, 255, 255))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = image("JPEG", "RGB", exif=exif)
    assert look_at(turned).turn == 90
    with Image.open(io.BytesIO(flatten_image(turned))) as made:
        assert made.size == (20, 40)


def test_a_careless_file_is_made_anew_but_never_a_signed_one() -> None:
    careless = tampering.rubbish_after_the_end(certificate().bytes)
    assert look_at(Brought(rebuild_pdf(Brought(careless, PDF)), PDF)).pages == 1
    with pytest.raises(CannotShow, match="firmas"):
        rebuild_pdf(Brought(careless + b"/ByteRange", PDF))


@pytest.mark.req("C-45")
def test_the_same_image_gives_the_same_page_with_its_bytes_inside() -> None:
    photograph = image("JPEG", "RGB", (30, 60)).data
    first, second = (image_page(photograph, JPEG, (30, 60), turn=90) for _ in range(2))
    assert first == second
    assert photograph in first
