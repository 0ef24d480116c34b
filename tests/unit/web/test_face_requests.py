"""From the catalogue to the receipt: what a requester sees and what is never lost on the way."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.storage.tables import case
from tests.support.face import ANSWERS, House, Visitor, a_pdf


def how_many_cases(house: House) -> int:
    with house.app.database.read() as conn:
        return conn.scalar(sa.select(sa.func.count()).select_from(case)) or 0


@pytest.mark.req("C-40")
def test_the_catalogue_shows_each_product_with_its_term_and_the_promised_day(visitor: Visitor) -> None:
    page = visitor.open("/servicios").text
    assert "Solicitar certificación" in page
    assert page.count("</b> día hábil") == 4
    assert "martes 24 de noviembre" in page


@pytest.mark.parametrize("wanted", ["certificacion", "MATRIZ digital", "b2", "archivo"])
def test_a_service_is_found_without_accents_or_capitals(visitor: Visitor, wanted: str) -> None:
    assert "Solicitar certificación" in visitor.open(f"/servicios?q={wanted}").text


def test_a_search_without_result_says_what_to_do(visitor: Visitor) -> None:
    page = visitor.open("/servicios?q=pasaporte").text
    assert "No hay servicios que digan «pasaporte»" in page
    assert "Ver todos los servicios" in page


@pytest.mark.req("C-34")
def test_a_service_of_another_profile_is_shown_closed_and_cannot_be_begun(house: House) -> None:
    office = house.enter("oficina")
    assert "No es para su perfil" in office.open("/servicios").text
    assert office.open("/servicios/solicitar_certificacion/solicitud").status_code == 403


def test_a_service_that_does_not_exist_is_not_found(visitor: Visitor) -> None:
    assert visitor.open("/servicios/solicitar_la_luna").status_code == 404


def test_a_request_goes_from_its_form_to_its_receipt(maria: Visitor) -> None:
    draft = maria.begin()
    assert maria.send(draft, ANSWERS).location == f"{draft}/revisar"
    review = maria.open(f"{draft}/revisar").text
    assert "Universidad de Cuenca" in review
    receipt = maria.send(f"{draft}/enviar").location
    assert receipt == "/tramites/SG-2026-000001/recibido"
    page = maria.open(receipt).text
    assert "Recibimos su solicitud" in page
    assert "martes 24 de noviembre de 2026" in page
    assert "Universidad de Cuenca" in page


def test_sending_the_same_page_twice_opens_one_case(house: House, maria: Visitor) -> None:
    draft = maria.begin()
    maria.send(draft, ANSWERS)
    first, second = maria.send(f"{draft}/enviar"), maria.send(f"{draft}/enviar")
    assert first.location == second.location
    assert how_many_cases(house) == 1


def test_errors_are_listed_linked_and_what_was_right_is_kept(maria: Visitor) -> None:
    draft = maria.begin()
    answer = maria.send(draft, {**ANSWERS, "declaracion": "", "destino": "Embajada de Portugal"})
    assert answer.status_code == 422
    assert "Falta corregir 1 respuesta" in answer.text
    linked = re.search(r'<a href="#([^"]+)">Marque la casilla', answer.text)
    assert linked
    assert f'id="{linked[1]}"' in answer.text
    assert "Embajada de Portugal" in answer.text
    assert "Embajada de Portugal" in maria.open(draft).text


def test_unfinished_answers_cannot_be_sent_by_address(house: House, maria: Visitor) -> None:
    draft = maria.begin()
    assert maria.open(f"{draft}/revisar").location == draft
    assert maria.send(f"{draft}/enviar").location == draft
    assert how_many_cases(house) == 0


def test_a_draft_is_saved_while_typing_and_found_again(maria: Visitor) -> None:
    draft = maria.begin()
    answer = maria.send(f"{draft}/borrador", {"destino": "Consulado"})
    assert answer.json == {"note": "Borrador guardado a las 10:00."}
    assert maria.begin() == draft
    assert "Consulado" in maria.open(draft).text
    assert "Solicitar certificación" in maria.open("/tramites").text


def test_saving_for_another_day_keeps_the_draft(maria: Visitor) -> None:
    draft = maria.begin()
    answer = maria.send(draft, {"destino": "Consulado", "_accion": "guardar"})
    assert answer.location == "/tramites"
    assert "Guardamos su borrador" in maria.open("/tramites").text


def test_a_draft_that_is_thrown_away_is_gone(maria: Visitor) -> None:
    draft = maria.begin()
    maria.send(f"{draft}/borrador", {"destino": "Consulado"})
    assert maria.send(f"{draft}/borrar").location == "/tramites"
    assert maria.open(draft).status_code == 404


def test_a_draft_past_thirty_days_is_gone(house: House, maria: Visitor) -> None:
    draft = maria.begin()
    maria.send(f"{draft}/borrador", {"destino": "Consulado"})
    house.clock.advance(timedelta(days=31))
    maria.sign_in("maria")
    assert maria.begin() != draft


def test_somebody_elses_draft_does_not_exist(house: House, maria: Visitor) -> None:
    draft = maria.begin()
    maria.send(f"{draft}/borrador", {"destino": "Consulado"})
    tadeo = house.enter("tadeo")
    for answer in (tadeo.open(draft), tadeo.open(f"{draft}/revisar"), tadeo.send(draft, ANSWERS)):
        assert answer.status_code == 404
        assert "Consulado" not in answer.text
    assert tadeo.send(f"{draft}/enviar").status_code == 404
    tadeo.send(f"{draft}/borrar")
    assert "Consulado" in maria.open(draft).text


def test_a_file_is_stored_on_the_first_post_and_survives_an_error_elsewhere(maria: Visitor) -> None:
    draft = maria.begin()
    files = {"adjuntos": (io.BytesIO(a_pdf()), "cédula anverso.pdf")}
    answer = maria.send(draft, {**ANSWERS, "declaracion": "", **files}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "dula anverso.pdf" in answer.text
    assert "dula anverso.pdf" in maria.open(draft).text


def test_a_pdf_named_docx_is_refused_with_its_reason_and_the_rest_is_kept(maria: Visitor) -> None:
    draft = maria.begin()
    files = {"adjuntos": (io.BytesIO(a_pdf()), "informe.docx")}
    answer = maria.send(draft, {**ANSWERS, **files}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "informe.docx" in answer.text
    assert "Universidad de Cuenca" in maria.open(draft).text


def test_fifty_megabytes_are_refused_by_their_field_and_the_rest_is_kept(maria: Visitor) -> None:
    draft = maria.begin()
    files = {"adjuntos": (io.BytesIO(b"%PDF-1.7\n" + bytes(50 * 1024 * 1024)), "enorme.pdf")}
    answer = maria.send(draft, {**ANSWERS, **files}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "pasa de 10 MB" in answer.text
    assert "Universidad de Cuenca" in maria.open(draft).text


def test_more_than_any_form_holds_is_refused_with_a_page(maria: Visitor) -> None:
    draft = maria.begin()
    files = {"adjuntos": (io.BytesIO(bytes(61 * 1024 * 1024)), "enorme.pdf")}
    answer = maria.send(draft, files, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "demasiado grande" in answer.text


@pytest.mark.parametrize("field", ["typename", "rol", "tramite"])
def test_fields_that_the_form_does_not_have_are_refused(house: House, maria: Visitor, field: str) -> None:
    answer = maria.send(maria.begin(), {**ANSWERS, field: "x"})
    assert answer.status_code == 422
    assert how_many_cases(house) == 0


@pytest.mark.parametrize("text", ["a\0b", "a\u202eb"])
def test_control_characters_are_refused_by_their_field(maria: Visitor, text: str) -> None:
    answer = maria.send(maria.begin(), {**ANSWERS, "destino": text})
    assert answer.status_code == 422


def test_the_receipt_of_somebody_else_does_not_exist(house: House, maria: Visitor) -> None:
    number = maria.file()
    assert house.enter("tadeo").open(f"/tramites/{number}/recibido").status_code == 404
