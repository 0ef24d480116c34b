"""One's own cases in plain words; anybody else's do not exist."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest

from engine.history.requester import find_own_case
from tests.support.face import ANSWERS, House, Visitor, a_pdf, complete

CORRECTED = {"tipo": "matricula", "destino": "Embajada", "respuesta": "Va la copia nueva."}
RETURNED = {"admision": "devolver", "motivo_admision": "La copia de la cédula no se lee."}


def test_a_new_case_says_who_has_it_when_it_is_due_and_that_nothing_is_asked(maria: Visitor) -> None:
    page = maria.open(f"/tramites/{maria.file()}").text
    assert "Estamos revisando su solicitud" in page
    assert "No tiene que hacer nada" in page
    assert "martes 24 de noviembre de 2026" in page
    assert "Empieza a contar el martes 24 de noviembre." in page
    assert "Secretaría" in page


def test_the_number_is_read_in_any_letters(maria: Visitor) -> None:
    assert maria.open(f"/tramites/{maria.file().lower()}").status_code == 200


@pytest.mark.parametrize("part", ["", "/recibido", "/retirar"])
def test_somebody_elses_case_is_not_found_by_its_address(house: House, maria: Visitor, part: str) -> None:
    number = maria.file()
    for stranger in ("tadeo", "rosa"):
        answer = house.enter(stranger).open(f"/tramites/{number}{part}")
        assert answer.status_code == 404
        assert "Universidad de Cuenca" not in answer.text


def test_what_is_done_to_somebody_elses_case_is_not_found_either(house: House, maria: Visitor) -> None:
    number = maria.file()
    tadeo = house.enter("tadeo")
    assert tadeo.send(f"/tramites/{number}/retirar", {"motivo": "porque sí"}).status_code == 404
    assert tadeo.send(f"/tramites/{number}/mensaje", {"mensaje": "hola"}).status_code == 404
    assert "Estamos revisando" in maria.open(f"/tramites/{number}").text


def test_a_file_of_ones_own_is_given_back_and_to_nobody_else(house: House, maria: Visitor) -> None:
    draft = maria.begin()
    files = {"adjuntos": (io.BytesIO(a_pdf()), "cedula.pdf")}
    maria.send(draft, {**ANSWERS, **files}, content_type="multipart/form-data")
    number = maria.send(f"{draft}/enviar").location.split("/")[2]
    found = re.search(rf'href="(/tramites/{number}/documentos/[0-9a-f-]+)"', maria.open(f"/tramites/{number}").text)
    assert found
    answer = maria.open(found[1])
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert house.enter("tadeo").open(found[1]).status_code == 404


def test_a_returned_case_asks_for_the_answer_and_stops_the_term(house: House, maria: Visitor) -> None:
    number = maria.file()
    complete(house, number, "revisar_admisibilidad", "rosa", **RETURNED)
    page = maria.open(f"/tramites/{number}").text
    assert "Necesitamos su respuesta" in page
    assert "El plazo está detenido desde el lunes 23 de noviembre" in page
    assert "Responder ahora" in page
    assert "Espera su respuesta" in maria.open("/tramites").text
    assert number in maria.open("/servicios").text


def returned(house: House, maria: Visitor) -> tuple[str, str]:
    """→ the case's number and the address of what it asks."""
    number = maria.file()
    complete(house, number, "revisar_admisibilidad", "rosa", **RETURNED)
    found = re.search(r'href="(/tramites/[^"]+/responder/[^"]+)"', maria.open(f"/tramites/{number}").text)
    assert found
    return number, found[1]


def test_a_returned_case_says_on_its_own_page_why_in_the_words_of_the_office(house: House, maria: Visitor) -> None:
    number = maria.file()
    why = "La cédula <b>no</b> se lee."
    complete(house, number, "revisar_admisibilidad", "rosa", **{**RETURNED, "motivo_admision": why})
    page = maria.open(f"/tramites/{number}").text
    assert "La Secretaría le pide corregir su solicitud: La cédula &lt;b&gt;no&lt;/b&gt; se lee." in page
    assert "<b>no</b>" not in page


def test_the_answer_to_a_return_sends_the_case_back_to_the_office(house: House, maria: Visitor) -> None:
    number, address = returned(house, maria)
    page = maria.open(address).text
    assert "La copia de la cédula no se lee." in page
    hidden = re.search(r'name="request_id" value="([^"]+)"', page)
    assert hidden
    answer = maria.send(address, {**CORRECTED, "request_id": hidden[1]})
    assert answer.location == f"/tramites/{number}"
    page = maria.open(f"/tramites/{number}").text
    assert "Recibimos su respuesta" in page
    assert "Usted corrigió su solicitud" in page


def test_an_answer_with_errors_keeps_what_was_written(house: House, maria: Visitor) -> None:
    _number, address = returned(house, maria)
    maria.open(address)
    answer = maria.send(address, {**CORRECTED, "tipo": ""})
    assert answer.status_code == 422
    assert "Embajada" in answer.text


def test_the_same_answer_sent_twice_is_one_and_a_late_one_is_told(house: House, maria: Visitor) -> None:
    _number, address = returned(house, maria)
    hidden = re.search(r'name="request_id" value="([^"]+)"', maria.open(address).text)
    assert hidden
    first = maria.send(address, {**CORRECTED, "request_id": hidden[1]})
    second = maria.send(address, {**CORRECTED, "request_id": hidden[1]})
    assert first.status_code == second.status_code == 302
    assert maria.open(address).status_code == 409


def test_what_is_asked_of_one_requester_cannot_be_answered_by_another(house: House, maria: Visitor) -> None:
    _number, address = returned(house, maria)
    tadeo = house.enter("tadeo")
    assert tadeo.open(address).status_code == 404
    assert tadeo.send(address, CORRECTED).status_code == 404


def test_an_answer_sent_after_the_session_ended_is_there_after_signing_in(house: House, maria: Visitor) -> None:
    _number, address = returned(house, maria)
    maria.open(address)
    house.clock.advance(timedelta(hours=11))
    maria.send(address, {**CORRECTED, "destino": "Embajada de Chile", "_pagina": address})
    maria.sign_in("maria", back=address)
    assert "Embajada de Chile" in maria.open(address).text


def test_a_case_is_withdrawn_with_its_reason_and_only_once(maria: Visitor) -> None:
    number = maria.file()
    assert "No se puede deshacer" in maria.open(f"/tramites/{number}/retirar").text
    assert maria.send(f"/tramites/{number}/retirar", {"motivo": " "}).status_code == 422
    assert maria.send(f"/tramites/{number}/retirar", {"motivo": "Ya no la necesito"}).status_code == 302
    page = maria.open(f"/tramites/{number}").text
    assert "Usted retiró la solicitud" in page
    assert "/retirar" not in page
    assert maria.send(f"/tramites/{number}/retirar", {"motivo": "otra vez"}).status_code == 409


def test_a_message_reaches_whoever_has_the_case_and_is_seen_in_it(maria: Visitor) -> None:
    number = maria.file()
    answer = maria.send(f"/tramites/{number}/mensaje", {"mensaje": "¿Puede salir con mi segundo apellido?"})
    assert answer.location == f"/tramites/{number}#escribir"
    assert "¿Puede salir con mi segundo apellido?" in maria.open(f"/tramites/{number}").text


def test_what_the_staff_say_among_themselves_is_not_shown(house: House, maria: Visitor) -> None:
    number = maria.file()
    viewer = house.app.inbox.viewer(house.people["rosa"])
    with house.app.database.read() as conn:
        case_id = find_own_case(conn, number, house.people["maria"]).id
    house.app.inbox.add_comment(viewer, case_id, "Ojo con esta solicitud")
    assert "Ojo con esta solicitud" not in maria.open(f"/tramites/{number}").text


def test_who_looked_at_the_case_is_told_to_its_requester(house: House, maria: Visitor) -> None:
    number = maria.file()
    with house.app.database.read() as conn:
        case_id = find_own_case(conn, number, house.people["maria"]).id
    viewer = house.app.inbox.viewer(house.people["rosa"])
    house.app.inbox.log_read(viewer, case_id, "Solicitud y cédula", purpose="Comprobar requisitos")
    page = maria.open(f"/tramites/{number}").text
    assert "Peñafiel Güemes, Rosa Elvira" in page
    assert "Comprobar requisitos" in page


def test_a_person_without_cases_is_told_where_to_begin(house: House) -> None:
    tadeo = house.enter("tadeo")
    assert "Todavía no pidió nada" in tadeo.open("/tramites").text
    assert "Todavía no tiene documentos" in tadeo.open("/documentos").text
