"""The Carta as anybody reads it: whole, searched, earlier editions, as data and as paper with its header on every page."""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest

from engine import people
from engine.carta import apply_draft, publish_edition, read_draft, seed_edition
from engine.definitions import Bundle, publish
from engine.documents.errors import TemplateFailed
from tests.support.carta import first_edition, printed_lines
from tests.support.face import MONDAY, House, open_house
from web.carta import paper

FIRST = first_edition()
TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def house(house: House) -> House:
    """With the Carta, and the process that revises it."""
    with house.app.database.write() as conn:
        seed_edition(conn, house.app.config, MONDAY)
        bundle = Bundle.read(house.app.config.bpmn_dir, house.app.config.forms_dir, "revisar_carta")
        publish(conn, bundle, None, MONDAY, house.app.operations)
    return house


def publish_second(house: House) -> None:
    written = {"base": 1, "mision": "Servir con prontitud.", "modificaciones": "Se abrevia la misión."}
    with house.app.database.write() as conn:
        second = apply_draft(FIRST, read_draft(written, FIRST, MONDAY.date()), MONDAY.date())
        publish_edition(conn, second, MONDAY)


def drawn(file: Path, *how: str) -> str:
    command = ["pdftotext", *(how or ("-raw",)), str(file), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def text_of(page: str) -> str:
    return " ".join(html.unescape(TAG.sub(" ", page)).split())


@pytest.mark.req("C-1", "C-25", "C-48")
def test_the_page_says_all_that_the_carta_says(house: House) -> None:
    told = text_of(house.visitor().open("/carta").text)
    texts = [FIRST.mission, FIRST.responsible.text, FIRST.attributions_intro, *FIRST.norms]
    texts += [f"{one.letter}. {one.text}" for one in FIRST.every_attribution()]
    for service in FIRST.services():
        texts += [f"{service.number}. {service.name}", service.description]
        texts += [f"{product.name} {product.term}" for product in service.products]
    texts += [f"{one.act}: {one.name} {one.title}" for one in FIRST.signatures]
    texts += [one.text for group in FIRST.indicators for one in group.indicators]
    texts += ["Primera 27/02/2024 Documento inicial", "Edición 1ª Código CS_UNEMI_DSG Fecha 27/02/2024"]
    assert [text for text in texts if text not in told] == []


@pytest.mark.req("C-3")
def test_its_eight_sections_stand_in_order(house: House) -> None:
    page = house.visitor().open("/carta").text
    found = re.findall(r'<h2 id="s(\d)"><span class="letter">\d</span>([^<]+)</h2>', page)
    assert found == [(str(n), title) for n, title in enumerate(FIRST.sections, 1)]


@pytest.mark.req("C-7", "C-8", "C-24")
def test_the_responsible_is_shown_with_who_holds_the_function_and_what_is_delegated(house: House) -> None:
    elena = house.person("elena", "Elena", "Carrión Ugarte")
    with house.app.database.write() as conn:
        people.grant_role(conn, elena, "secretario_general", date(2026, 1, 7), acting=True)
        today = MONDAY.date()
        people.delegate(
            conn, elena, house.people["rosa"], "secretario_general", today, today + timedelta(days=4), "Viaje", MONDAY,
            "revisar_carta",
        )  # fmt: skip
    told = text_of(house.visitor().open("/carta").text)
    assert "como encargado/a, Elena Carrión Ugarte, desde el 07/01/2026. Reporta a: Rectorado." in told
    assert "Delega en Rosa Elvira Peñafiel Güemes, del 23/11/2026 al 27/11/2026: Revisar la Carta de Servicios" in told


def test_words_are_found_without_accents_and_told_by_section(house: House) -> None:
    page = house.visitor().open("/carta?q=CERTIFICACION").text
    assert "<mark>certificacion</mark>es digitales" in page
    assert "<mark>certificación</mark>" in page
    assert "8 textos dicen «CERTIFICACION»" in page
    assert '<a href="#s4">4. Catálogo de servicios, productos, compromisos y responsables</a> (6)' in page


def test_words_that_are_not_there_are_told_so_and_nothing_is_run(house: House) -> None:
    page = house.visitor().open("/carta?q=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "Nada en la Carta dice «&lt;script&gt;alert(1)&lt;/script&gt;»" in page
    assert "<script>alert" not in page


def test_what_the_carta_is_silent_on_is_shown_and_a_default_is_marked(house: House) -> None:
    page = house.visitor().open("/carta").text
    block = page[page.index('id="servicio-B2"') : page.index('id="servicio-B3"')]
    assert "Sin costo." in block
    assert "por defecto</span>" in block
    assert "/servicios/solicitar_certificacion" in block
    assert "por defecto" not in page[page.index('id="servicio-A1"') : page.index('id="servicio-B1"')]  # no process yet


@pytest.mark.req("C-50")
def test_a_new_edition_is_seen_at_once_and_the_earlier_one_stays(house: House) -> None:
    visitor = house.visitor()
    publish_second(house)
    now, before = visitor.open("/carta").text, visitor.open("/carta/ediciones/1").text
    assert "Servir con prontitud." in now
    assert FIRST.mission not in now
    assert FIRST.mission in before
    assert "Esta edición ya no está vigente" in before
    assert "Edición 2ª · CS_UNEMI_DSG · 23/11/2026" in before  # the foot of every page names the one in force
    listed = text_of(visitor.open("/carta/ediciones").text)
    assert listed.index("2ª · Segunda") < listed.index("1ª · Primera")
    assert visitor.open("/carta/ediciones/3").status_code == 404


def test_as_data_it_is_the_whole_edition(house: House) -> None:
    visitor = house.visitor()
    publish_second(house)
    first, now = visitor.open("/carta/ediciones/1.json").json, visitor.open("/carta.json").json
    assert first.items() >= FIRST.as_json().items()
    assert (first["vigente"], first["sha256"]) == (False, FIRST.hash)
    assert (now["vigente"], now["edicion"], now["mision"]) == (True, 2, "Servir con prontitud.")


def test_a_carta_that_cannot_be_composed_is_not_tried_again_at_every_request(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered, tries, hour = paper.render_pdf, [], [1000.0]

    def fail(*_given: object) -> None:
        tries.append(hour[0])
        raise TemplateFailed("La plantilla no existe.")

    monkeypatch.setattr(paper, "render_pdf", fail)
    monkeypatch.setattr(paper, "time", SimpleNamespace(monotonic=lambda: hour[0]))
    visitor = house.visitor()
    for _again in range(3):
        answer = visitor.open("/carta.pdf")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert "Su texto está entero en la página de la Carta" in answer.text
    assert len(tries) == 1
    hour[0] += 61
    monkeypatch.setattr(paper, "render_pdf", rendered)
    assert visitor.open("/carta.pdf").mimetype == "application/pdf"


@pytest.mark.req("C-1", "C-2", "C-3")
def test_on_paper_every_page_has_its_header_and_all_is_said(house: House, tmp_path: Path) -> None:
    visitor = house.visitor()
    answer = visitor.open("/carta.pdf")
    assert answer.mimetype == "application/pdf"
    assert visitor.open("/carta/ediciones/1.pdf").data == answer.data  # made once, the same for everybody
    file = tmp_path / "carta.pdf"
    file.write_bytes(answer.data)
    said = drawn(file)
    pages = said.split("\f")[:-1]
    assert len(pages) == 6
    for page in pages:
        head = " ".join(page.split())
        assert "Universidad Estatal de Milagro" in head
        assert "EDICIÓN: 1ª" in head
        assert "CÓDIGO: CS_UNEMI_DSG" in head
        assert "FECHA: 27/02/2024" in head
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert b"pdfaid:part" in pdf.Root.Metadata.read_bytes()
        assert all("/XObject" in page.Resources for page in pdf.pages)  # the arms
    index = re.findall(r"^\s*(\d)\.\s+(\S.*?)[ .]+(\d)$", drawn(file, "-layout", "-f", "2", "-l", "2"), re.MULTILINE)
    assert [title.casefold() for _n, title, _page in index] == [title.casefold() for title in FIRST.sections]
    for n, title, page in index:
        assert f"{n}. {title}".casefold() in " ".join(pages[int(page) - 1].split()).casefold()
    plain = re.sub(r"\W+", "", said.casefold())
    for line in printed_lines():
        for piece in line.split(": ") if "ado por: " in line else [line]:
            assert all(re.sub(r"\W+", "", word) in plain for word in piece.casefold().split()), piece


@pytest.mark.req("C-11")
def test_only_those_who_may_start_a_revision_are_offered_it_and_can(house: House) -> None:
    house.person("duena", "Lorena", "Ibarra", "dueno_proceso")
    owner, maria = house.enter("duena"), house.enter("maria")
    assert "Pedir una revisión" in owner.open("/carta").text
    assert "Pedir una revisión" not in maria.open("/carta").text
    assert maria.open("/servicios/revisar_carta/solicitud").status_code == 403
    draft = owner.begin("revisar_carta")
    assert owner.send(draft, {"motivo_revision": "Falta decir los horarios."}).location == f"{draft}/revisar"
    number = owner.send(f"{draft}/enviar").location.split("/")[2]
    assert number == "CS-2026-000001"


def test_without_a_carta_its_pages_say_so(furnished: Path, tmp_path: Path) -> None:
    bare = open_house(f"sqlite:///{shutil.copy(furnished, tmp_path / 'bare.db')}", tmp_path)
    answer = bare.visitor().open("/carta")
    assert answer.status_code == 404
    assert "Todavía no hay una Carta de Servicios publicada." in answer.text
    assert "Todavía no hay una Carta publicada" in bare.visitor().open("/carta/ediciones").text
    bare.app.close()
