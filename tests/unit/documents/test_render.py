"""Template and data become PDF/A-2b, the same bytes for the same input."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys

import pikepdf
import pikepdf.pdfa
import pytest

from engine.config import ROOT
from engine.documents import TemplateFailed, render_pdf
from engine.documents.faces import FACES
from engine.signing import empty_fields
from tests.support.paper import CODE, TEMPLATE, certificate, data, files, stamp

_AGAIN = """
import hashlib
from tests.support.paper import certificate
print(hashlib.sha256(certificate().bytes).hexdigest())
"""


def without_fields(pdf: bytes) -> bytes:
    """pikepdf's check knows no forms: the same file with its signature fields taken off."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.flatten_annotations("all")
        for page in document.pages:
            if "/Annots" in page:
                del page["/Annots"]
        if "/AcroForm" in document.Root:
            del document.Root["/AcroForm"]
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def test_a_certificate_is_pdf_a_2b() -> None:
    report = pikepdf.pdfa.validate_written(io.BytesIO(without_fields(certificate().bytes)), "2b")
    assert report.passed, report.findings


def test_a_stamp_is_pdf_a_2b_and_of_72_by_24_millimetres() -> None:
    pdf = stamp()
    assert pikepdf.pdfa.validate_written(io.BytesIO(pdf), "2b").passed
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 1
        assert [round(float(v) * 25.4 / 72, 1) for v in document.pages[0].mediabox] == [0, 0, 72, 24]


@pytest.mark.parametrize(
    "said",
    [
        {"signer": "María de los Ángeles Concepción Íñiguez Quishpe de la Cruz y Villavicencio Güemes"},
        {"reason": "Constancia de inscripción en la Matriz de certificaciones digitales de la institución"},
        {"role": "Secretaria General, por delegación de María de los Ángeles Concepción Íñiguez Quishpe"},
    ],
)
def test_a_stamp_stays_on_its_page_whatever_it_says(said: dict[str, str]) -> None:
    with pikepdf.open(io.BytesIO(stamp(**said))) as document:
        assert len(document.pages) == 1


def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    env = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Kathmandu", "LANG": "C"}
    run = subprocess.run([sys.executable, "-c", _AGAIN], capture_output=True, text=True, cwd=ROOT, env=env, check=True)
    assert run.stdout.strip() == hashlib.sha256(certificate().bytes).hexdigest()


def test_other_data_give_other_bytes_and_another_identifier() -> None:
    other = render_pdf(files(), "certificacion.html", data(texto="aprobó el curso"))
    assert other.bytes != certificate().bytes
    with pikepdf.open(io.BytesIO(other.bytes)) as a, pikepdf.open(io.BytesIO(certificate().bytes)) as b:
        assert bytes(a.trailer.ID[0]) != bytes(b.trailer.ID[0])


def test_two_bundles_with_the_same_file_name_do_not_share_what_is_in_it() -> None:
    red = files()
    red["_base/escudo.svg"] = red["_base/escudo.svg"].replace(b"#14464f", b"#aa0000")
    assert render_pdf(red, "certificacion.html", data()).bytes != certificate().bytes
    assert render_pdf(files(), "certificacion.html", data()).bytes == certificate().bytes


def test_only_the_institutional_letters_are_embedded() -> None:
    families = {family.replace(" ", "-") for family, _weights in FACES.values()}
    with pikepdf.open(io.BytesIO(certificate().bytes)) as document:
        fonts = {
            str(thing["/FontName"]).split("+")[-1]
            for thing in document.objects
            if (isinstance(thing, pikepdf.Dictionary) and "/FontFile2" in thing) or "/FontFile3" in thing
        }
    assert fonts
    assert all(any(font.startswith(family) for family in families) for font in fonts), fonts


def test_the_gap_becomes_an_empty_signature_field_of_72_by_24_millimetres() -> None:
    rendered = certificate()
    assert empty_fields(rendered.bytes) == ["hueco"]
    box = rendered.signature_boxes["hueco"]
    assert round((box.x2 - box.x1) * 25.4 / 72) == 72
    assert round((box.y2 - box.y1) * 25.4 / 72) == 24
    with pikepdf.open(io.BytesIO(rendered.bytes)) as document:
        assert document.Root.AcroForm.SigFlags == 3
        assert rendered.pages == len(document.pages) == 1


def test_a_signature_never_stands_alone_on_a_page() -> None:
    long = data(texto="Una línea bastante larga de prosa que ocupa lugar en la hoja. " * 44)
    rendered = render_pdf(files(), "certificacion.html", long)
    assert rendered.pages == 2
    text = subprocess.run(
        ["pdftotext", "-f", "2", "-", "-"], input=rendered.bytes, capture_output=True, check=True
    ).stdout.decode()
    assert "prosa" in text
    assert "Secretario General" in text


def test_the_foot_of_every_page_carries_the_code_and_the_page() -> None:
    text = subprocess.run(["pdftotext", "-", "-"], input=certificate().bytes, capture_output=True, check=True).stdout
    assert CODE in text.decode()
    assert "Página 1 de 1" in text.decode()


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (TEMPLATE.replace("{{ texto }}", "{{ promedio }}"), "promedio"),
        ("{{ nombre.apellido }}", "apellido"),
        ('{% include "otra.html" %}', "otra.html"),
        ("{% if %}", "línea 1"),
        ("{{ nombre|safe }}", "safe"),
        ("{{ ''.__class__.__mro__ }}", "__class__|no permitido"),
        ("{{ 'a' * 1000000000 }}", "números"),
        ("{{ 9 ** 9 ** 9 }}", "potencias"),
        ("{% for i in range(100000) %}x{% endfor %}", "vueltas"),
        ("{{ qr.__globals__ }}", "__globals__|no permitido"),
        ("{{ nombre.foo() }}", "foo"),
        ('<img src="https://example.com/x.png">', "example.com"),
        ('<img src="file:///etc/passwd">', "passwd"),
        ('<img src="../../etc/passwd">', "passwd"),
        ('<link rel="stylesheet" href="http://example.com/x.css">', "example.com"),
        ("<style>@import url(http://example.com/a.css);</style>", "example.com"),
        ('<p style="background: url(http://169.254.169.254/)">x</p>', "169.254"),
        ("<p>{{ nombre }} 李</p>", "李"),
    ],
)
def test_what_a_template_may_not_do_is_refused_by_name(template: str, message: str) -> None:
    with pytest.raises(TemplateFailed, match=message):
        render_pdf(files(template + "<p>.</p>"), "certificacion.html", data())


def test_a_sign_that_the_letter_lacks_in_what_a_case_holds_is_printed_by_its_number() -> None:
    """It was answered before forms refused it, or came from elsewhere: nobody could mend it any more."""
    made = render_pdf(files(), "certificacion.html", data(texto="Beca → España, certi\ufb01cado 東\u200f"))
    text = subprocess.run(["pdftotext", "-", "-"], input=made.bytes, capture_output=True, check=True).stdout.decode()
    assert "Beca [U+2192] España, certi[U+FB01]cado [U+6771][U+200F]" in " ".join(text.split())


def test_data_never_become_markup() -> None:
    hostile = data(nombre='<img src="http://example.com/x"><script>alert(1)</script>', texto="{{ 7 * 7 }}")
    text = subprocess.run(
        ["pdftotext", "-", "-"],
        input=render_pdf(files(), "certificacion.html", hostile).bytes,
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert "<script>" in text.replace("\n", "")
    assert "{{ 7 * 7 }}" in text


def test_accents_typed_apart_are_the_same_document() -> None:
    apart = data(nombre="María José Sagñay Güiracocha".replace("ñ", "n\u0303").replace("í", "i\u0301"))
    assert render_pdf(files(), "certificacion.html", apart).bytes == certificate().bytes
