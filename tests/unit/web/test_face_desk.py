"""The desk: a request filed in person for somebody else, and followed without an account."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine.cases import CompleteTask, StartCase, WithdrawCase, complete_task, start_case, withdraw_case
from engine.errors import NotAllowed, NotFound
from engine.history.requester import own_tasks
from engine.inbox.commands.message import write_message
from engine.people import NewPerson, end_holding, list_holdings, register_person, update_person
from engine.storage.tables import case
from tests.support.face import ANSWERS, MONDAY, SERVICE, House, Visitor, complete, run_jobs

IDENTITY = "1700000019"
NEW = {
    "tipo_documento": "cedula",
    "documento": IDENTITY,
    "apellidos": "Sagñay",
    "nombres": "",
    "perfil": "graduado",
    "correo": "sagnay@une.example",
}
LETTER = {
    "organismo": "Consejo de Educación Superior",
    "oficio": "CES-SG-2026-0123-O",
    "fecha_oficio": "2026-11-12",
    "contacto": "Dra. Güemes",
}


@pytest.fixture
def rosa(house: House) -> Visitor:
    return house.enter("rosa")


def register(rosa: Visitor, **changes: str) -> str:
    """→ the address of the person's page."""
    answer = rosa.send("/mostrador/registrar", NEW | changes)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def file(rosa: Visitor, page: str, **origin: str) -> str:
    """→ the address of the receipt."""
    draft = rosa.send(f"{page}/solicitud", {"servicio": SERVICE, **origin}).location
    assert rosa.send(draft, ANSWERS).location == f"{draft}/revisar"
    return str(rosa.send(f"{draft}/enviar").location)


def row_of(house: House, number: str):
    with house.app.database.read() as conn:
        return conn.execute(sa.select(case).where(case.c.number == number)).one()


def test_the_desk_is_for_the_secretariat(house: House, maria: Visitor, visitor: Visitor) -> None:
    assert maria.open("/mostrador").status_code == 403
    assert maria.send("/mostrador/registrar", NEW).status_code == 403
    assert "/mostrador" not in maria.open("/servicios").text
    assert "/ingresar" in visitor.open("/mostrador").location


@pytest.mark.req("C-10", "C-23")
def test_somebody_unknown_is_registered_filed_for_and_handed_a_receipt(house: House, rosa: Visitor) -> None:
    assert "Nadie con «sagñay»" in rosa.open("/mostrador?q=sagñay").text
    page = register(rosa)
    assert "Sagñay" in rosa.open("/mostrador?q=sagnay").text
    receipt = file(rosa, page, **LETTER)
    shown = rosa.open(receipt).text
    assert "martes 24 de noviembre de 2026" in shown
    assert "<svg" in shown[shown.index("follow-card") :]
    row = row_of(house, receipt.split("/")[3])
    assert (row.filed_by_id, row.channel) == (house.people["rosa"], "mostrador")
    assert row.requester_id == UUID(page.rsplit("/", 1)[1])
    assert row.origin == "Consejo de Educación Superior, oficio CES-SG-2026-0123-O del 12/11/2026 (Dra. Güemes)"
    inside = rosa.open(f"/casos/{row.number}").text
    assert "CES-SG-2026-0123-O" in inside
    assert "Peñafiel Güemes, Rosa Elvira (mostrador)" in inside


def test_who_is_filed_for_sees_it_among_their_own_and_who_filed_it(house: House, rosa: Visitor, maria: Visitor) -> None:
    receipt = file(rosa, f"/mostrador/personas/{house.people['maria']}")
    number = receipt.split("/")[3]
    assert number in maria.open("/tramites").text
    assert "presentado en ventanilla con Rosa Elvira Peñafiel Güemes" in maria.open(f"/tramites/{number}").text
    assert number not in rosa.open("/tramites").text
    assert number in rosa.open("/mostrador").text
    assert maria.open(receipt).status_code == 403


@pytest.mark.req("C-10")
def test_who_no_longer_works_at_the_desk_keeps_nothing_of_what_they_filed(house: House, rosa: Visitor) -> None:
    number = file(rosa, f"/mostrador/personas/{house.people['maria']}").split("/")[3]
    clerk, key = house.people["rosa"], row_of(house, number).id
    house.person("elena", "Elena", "Sagñay", "secretaria")
    run_jobs(house)
    complete(house, number, "revisar_admisibilidad", "elena", admision="devolver", motivo_admision="No se lee.")
    with house.app.database.read() as conn:
        (asked,) = own_tasks(conn, key)
    pages = [f"/tramites/{number}", f"/tramites/{number}/retirar", f"/tramites/{number}/responder/{asked.id}"]
    assert [rosa.open(page).status_code for page in pages] == [200] * 3
    with house.app.database.write() as conn:
        for one in list_holdings(conn, person_id=clerk):
            end_holding(conn, one.id, MONDAY.date() - timedelta(days=1))
    assert [rosa.open(page).status_code for page in pages] == [404] * 3
    assert rosa.send(f"/tramites/{number}/mensaje", {"mensaje": "¿Y?"}).status_code == 404
    with pytest.raises(NotFound), house.app.database.write() as conn:
        write_message(conn, house.app.inbox.viewer(clerk), key, "¿Y?", at=MONDAY)
    with pytest.raises(NotFound):
        withdraw_case(WithdrawCase(key, clerk, "Ya no trabajo aquí", uuid4()), house.app.engine)
    with pytest.raises(NotFound):
        complete_task(CompleteTask(asked.id, clerk, {}, uuid4()), house.app.engine)
    with pytest.raises(NotFound):
        house.app.inbox.get_case_for(house.app.inbox.viewer(clerk), number)
    assert row_of(house, number).status == "open"


def test_a_cedula_that_fails_its_checksum_says_which_digit_and_keeps_the_rest(rosa: Visitor) -> None:
    answer = rosa.send("/mostrador/registrar", NEW | {"documento": "1700000018"})
    assert answer.status_code == 422
    assert "el último (8) comprueba los nueve primeros" in answer.text
    assert "sagnay@une.example" in answer.text


def test_the_same_identity_leads_to_the_person_it_belongs_to(rosa: Visitor) -> None:
    page = register(rosa)
    again = rosa.send("/mostrador/registrar", NEW | {"apellidos": "Otra", "documento": "170000001-9"})
    assert again.location == page
    assert "use esa ficha" in rosa.open(page).text


@pytest.mark.req("C-10")
def test_an_organism_without_name_or_with_a_letter_of_tomorrow_is_told(rosa: Visitor) -> None:
    page = register(rosa)
    answer = rosa.send(f"{page}/solicitud", {"servicio": SERVICE, "fecha_oficio": "2026-11-24"})
    assert answer.status_code == 422
    assert "Escriba el nombre del organismo" in answer.text
    assert "una fecha que no llegó" in answer.text


@pytest.mark.req("C-26", "C-34")
def test_a_profile_that_the_carta_does_not_name_is_refused_at_every_door(house: House, rosa: Visitor) -> None:
    office = house.people["oficina"]
    page = f"/mostrador/personas/{office}"
    assert "Ningún servicio para su perfil" in rosa.open(page).text
    assert rosa.send(f"{page}/solicitud", {"servicio": SERVICE}).status_code == 403
    assert house.enter("oficina").open(f"/servicios/{SERVICE}/solicitud").status_code == 403
    answers = {**ANSWERS, "declaracion": True}
    for filed_by in (None, house.people["rosa"]):
        with pytest.raises(NotAllowed):
            start_case(StartCase(SERVICE, office, answers, uuid4(), filed_by=filed_by), house.app.engine)


def test_only_the_secretariat_files_for_others_in_the_engine_too(house: House) -> None:
    command = StartCase(SERVICE, house.people["maria"], ANSWERS, uuid4(), filed_by=house.people["tadeo"])
    with pytest.raises(NotAllowed):
        start_case(command, house.app.engine)


def test_the_same_asked_twice_today_is_asked_about_and_sent_when_confirmed(house: House, maria: Visitor) -> None:
    draft = maria.begin()
    maria.send(draft, ANSWERS)
    first = maria.send(f"{draft}/enviar").location.split("/")[2]
    again = maria.begin()
    maria.send(again, ANSWERS)
    asked = maria.send(f"{again}/enviar")
    assert asked.status_code == 409
    assert "¿Es otra solicitud?" in asked.text
    assert f'href="/tramites/{first}"' in asked.text
    assert maria.open(again).status_code == 200  # nothing was lost, nothing was sent
    second = maria.send(f"{again}/enviar", {"confirmada": "1"}).location.split("/")[2]
    assert second != first


# --- followed without an account -------------------------------------------------------------------------------------


@pytest.fixture
def followed(house: House, rosa: Visitor) -> tuple[str, str]:
    """A number and its word."""
    receipt = file(rosa, register(rosa))
    word = re.search(r'follow-word">([^<]+)<', rosa.open(receipt).text)
    assert word
    return receipt.split("/")[3], word[1]


def test_a_case_is_followed_by_its_word_or_its_identity_and_tells_the_least(
    visitor: Visitor, followed: tuple[str, str]
) -> None:
    number, word = followed
    typed = word.lower().replace("-", " ").replace("0", "o")
    for key in (word, typed, IDENTITY):
        page = visitor.send("/seguimiento", {"numero": number.lower(), "clave": key})
        assert page.status_code == 200, key
        assert "Estamos revisando su solicitud" in page.text
        assert "martes 24 de noviembre de 2026" in page.text
        assert "Sagñay" not in page.text
        assert "Universidad de Cuenca" not in page.text
    assert visitor.open(f"/seguimiento?numero={number}&clave={word}").status_code == 200
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("key", ["", "0000-0000", "0912345675", "%", "x" * 500])
def test_a_wrong_word_and_a_case_that_does_not_exist_are_the_same(
    visitor: Visitor, followed: tuple[str, str], key: str
) -> None:
    number, _word = followed
    wrong = visitor.send("/seguimiento", {"numero": number, "clave": key})
    absent = visitor.send("/seguimiento", {"numero": "SG-2026-999999", "clave": key})
    assert wrong.status_code == absent.status_code == (404 if key else 422)
    assert wrong.text.count("no van juntos") == absent.text.count("no van juntos")
    assert "Estamos revisando" not in wrong.text


def test_the_identity_of_who_has_an_account_opens_nothing(house: House, visitor: Visitor, maria: Visitor) -> None:
    number = maria.file()
    with house.app.database.write() as conn:
        update_person(conn, house.people["maria"], identity_kind="cedula", identity_number="1700000019")
    assert visitor.send("/seguimiento", {"numero": number, "clave": "1700000019"}).status_code == 404


def test_guessing_is_stopped(visitor: Visitor) -> None:
    tries = [visitor.open("/seguimiento?numero=SG-2026-000001&clave=0000-0000").status_code for _ in range(11)]
    assert tries == [404] * 10 + [429]


def test_one_identity_is_not_tried_on_every_number(house: House) -> None:
    tries = []
    for n in range(31):  # from as many addresses
        written = ("0912345675", "09-1234 5675")[n % 2]
        answer = house.flask.test_client().get(
            f"/seguimiento?numero=SG-2026-{n:06d}&clave={written}", environ_overrides={"REMOTE_ADDR": f"203.0.113.{n}"}
        )
        tries.append(answer.status_code)
    assert tries == [404] * 30 + [429]


def test_the_word_is_the_cases_own_and_never_its_number(house: House, rosa: Visitor) -> None:
    with house.app.database.write() as conn:
        other = register_person(conn, NewPerson("A", "B", "dni", "20123456", "graduado", "a@une.example"), MONDAY)
    first = file(rosa, register(rosa))
    second = file(rosa, f"/mostrador/personas/{other}")
    words = {re.search(r'follow-word">([^<]+)<', rosa.open(one).text)[1] for one in (first, second)}
    assert len(words) == 2
