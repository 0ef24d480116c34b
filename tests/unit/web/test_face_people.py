"""/personas: who holds what, given, ended, lent and closed by the administration and the Jefatura, and by nobody else."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from engine import people
from engine.errors import NotAllowed
from engine.inbound import office_people
from tests.support.face import MONDAY, PASSWORD, House, Visitor

TODAY = MONDAY.date()
GIVE = {"role": "archivo", "since": "2026-11-23", "until": "2026-12-31", "acting": "1"}
LOAN = {
    "lend_role": "secretaria",
    "lend_to": "ordóñez",
    "lend_since": "2026-11-23",
    "lend_until": "2026-11-27",
    "lend_reason": "Memorando 12",
}


@pytest.fixture
def admin(house: House) -> Visitor:
    house.person("admin", "Mauro", "Quishpe Naula", "administrador")
    return house.enter("admin")


@pytest.fixture
def jefa(house: House) -> Visitor:
    house.person("jefa", "Ana Lucía", "Villacís Arteaga", "jefe_secretaria")
    return house.enter("jefa")


def roles(house: House, username: str, on: date = TODAY) -> frozenset[str]:
    with house.app.database.read() as conn:
        return people.roles_of(conn, house.people[username], on)


def holding(house: House, username: str) -> people.Holding:
    with house.app.database.read() as conn:
        return people.list_holdings(conn, person_id=house.people[username])[0]


def test_nobody_else_sees_people_or_changes_them_also_in_the_engine(house: House) -> None:
    rosa, key = house.enter("rosa"), holding(house, "rosa").id
    assert "/personas" not in rosa.open("/bandeja").text
    for page in ("", "/rosa", "/nadie", "/rosa/cerrar", f"/rosa/funciones/{key}/terminar"):
        assert rosa.open(f"/personas{page}").status_code == 403
    acts = (
        f"funciones/{key}/terminar",
        "funciones",
        "subrogaciones",
        f"subrogaciones/{key}/revocar",
        "cerrar",
        "abrir",
    )
    for act in acts:
        assert rosa.send(f"/personas/rosa/{act}", {"until": "2026-11-23", **GIVE, **LOAN}).status_code == 403
    by, to = house.people["rosa"], house.people["tadeo"]
    with pytest.raises(NotAllowed):
        office_people.give(house.app, by, to, "archivo", TODAY, None, acting=False)
    with pytest.raises(NotAllowed):
        office_people.end(house.app, by, by, key, TODAY)
    with pytest.raises(NotAllowed):
        office_people.close(house.app, by, to)
    assert roles(house, "rosa") == {"secretaria"}


def test_people_are_listed_by_what_they_hold_today_and_found_by_their_name(house: House, admin: Visitor) -> None:
    page = admin.open("/personas").text
    assert 'href="/personas/rosa"' in page
    assert 'href="/personas/maria"' not in page
    assert 'href="/personas/maria"' in admin.open("/personas?q=nanez").text
    assert "Nadie así" in admin.open("/personas?q=nadie+con+ese+nombre").text
    assert 'href="/personas/rosa"' not in admin.open("/personas?funcion=administrador").text
    assert 'href="/personas"' in admin.open("/bandeja").text
    assert admin.open("/personas/nadie").status_code == 404


@pytest.mark.req("C-7")
def test_a_function_is_given_with_its_dates_and_ended(house: House, jefa: Visitor) -> None:
    assert jefa.send("/personas/tadeo/funciones", GIVE).location == "/personas/tadeo"
    page = jefa.open("/personas/tadeo").text
    assert "Archivo (e)" in page
    assert roles(house, "tadeo") == roles(house, "tadeo", date(2026, 12, 31)) == {"archivo"}
    again = jefa.send("/personas/tadeo/funciones", GIVE)
    assert again.status_code == 422
    assert "ya tiene esa función" in again.text
    end = f"/personas/rosa/funciones/{holding(house, 'rosa').id}/terminar"
    assert "¿Hasta cuándo tiene la función «Secretaría»?" in jefa.open(end).text
    assert "termina después de empezar" in jefa.send(end, {"until": "2023-01-01"}).text
    assert jefa.send(end, {"until": "mañana"}).status_code == 422
    assert jefa.send(end, {"until": str(TODAY - timedelta(days=1))}).location == "/personas/rosa"
    assert roles(house, "rosa") == frozenset()
    assert "Terminada" in jefa.open("/personas/rosa").text


def test_a_function_given_by_mistake_for_later_does_not_begin(house: House, jefa: Visitor) -> None:
    jefa.send("/personas/tadeo/funciones", {**GIVE, "since": "2026-11-25"})
    end = f"/personas/tadeo/funciones/{holding(house, 'tadeo').id}/terminar"
    assert 'value="2026-11-24"' in jefa.open(end).text
    assert jefa.send(end, {"until": "2026-11-24"}).location == "/personas/tadeo"
    page = jefa.open("/personas/tadeo").text
    assert "no llega a empezar" in page
    assert "No tiene ni tuvo ninguna" in page
    assert jefa.send("/personas/tadeo/funciones", {**GIVE, "role": ""}).status_code == 422


@pytest.mark.req("C-24")
def test_a_function_is_lent_to_somebody_by_name_and_taken_back(house: House, jefa: Visitor) -> None:
    send = "/personas/rosa/subrogaciones"
    assert "Diga el motivo" in jefa.send(send, {**LOAN, "lend_reason": ""}).text
    assert "Escriba el usuario" in jefa.send(send, {**LOAN, "lend_to": "nadie"}).text
    assert jefa.send(send, {**LOAN, "lend_role": "archivo"}).status_code == 403
    assert roles(house, "oficina") == frozenset()
    assert jefa.send(send, LOAN).location == "/personas/rosa"
    assert roles(house, "oficina") == {"secretaria"}
    page = jefa.open("/personas/rosa").text
    assert "La presta a Ordóñez, Chiquinquirá" in page
    revoke = re.search(r'action="(/personas/rosa/subrogaciones/[^"]+/revocar)"', page)
    assert revoke
    assert jefa.send(revoke[1]).location == "/personas/rosa"
    assert roles(house, "oficina") == frozenset()
    assert jefa.send(revoke[1]).status_code == 404


def test_an_account_is_closed_after_asking_and_opened_again(house: House, jefa: Visitor) -> None:
    rosa = house.enter("rosa")
    assert "¿Cerrar la cuenta de Rosa Elvira Peñafiel Güemes?" in jefa.open("/personas/rosa/cerrar").text
    assert rosa.open("/bandeja").status_code == 200
    assert jefa.send("/personas/rosa/cerrar").location == "/personas/rosa"
    assert rosa.open("/bandeja").status_code == 302
    assert house.visitor().sign_in("rosa").status_code == 422
    assert "Cuenta cerrada" in jefa.open("/personas/rosa").text
    jefa.send("/personas/rosa/abrir")
    assert rosa.open("/bandeja").status_code == 302  # the session of before opens nothing
    assert house.visitor().sign_in("rosa", PASSWORD).status_code == 302


def test_the_jefatura_does_not_reach_above_itself_nor_anybody_give_to_themselves(
    house: House, jefa: Visitor, admin: Visitor
) -> None:
    for role in office_people.RESERVED:
        assert jefa.send("/personas/tadeo/funciones", {**GIVE, "role": role}).status_code == 403
    assert jefa.send("/personas/jefa/funciones", GIVE).status_code == 403
    assert admin.send("/personas/admin/funciones", GIVE).status_code == 403
    assert jefa.send("/personas/admin/cerrar").status_code == 403
    assert admin.send("/personas/admin/cerrar").status_code == 403
    assert jefa.send("/personas/rosa/subrogaciones", {**LOAN, "lend_to": "jefa"}).status_code == 403
    assert roles(house, "tadeo") == frozenset()
    own = {**LOAN, "lend_role": "jefe_secretaria", "lend_to": "rosa"}
    assert jefa.send("/personas/jefa/subrogaciones", own).location == "/personas/jefa"  # one's own, lent
    assert "jefe_secretaria" in roles(house, "rosa")
    assert admin.send("/personas/tadeo/funciones", {**GIVE, "role": "secretario_general"}).status_code == 302


def test_auditors_read_who_changed_what_and_the_jefatura_does_not(house: House, admin: Visitor, jefa: Visitor) -> None:
    assert admin.send("/personas/rosa/funciones", GIVE).status_code == 302
    admin.send("/personas/rosa/subrogaciones", LOAN)
    house.person("teo", "Teodoro", "Villacís Sagñay", "auditor")
    teo = house.enter("teo")
    assert "/personas/cambios" in teo.open("/auditoria").text
    for page in ("/personas/cambios", "/personas/rosa/cambios", "/personas/oficina/cambios"):
        text = teo.open(page).text
        assert "Subrogó la función" in text
        assert "Memorando 12" in text
        assert "Quishpe Naula, Mauro" in text
    assert "Dio la función" not in teo.open("/personas/oficina/cambios").text
    assert "Ningún cambio registrado" in teo.open("/personas/maria/cambios").text
    assert "/personas/rosa/cambios" in admin.open("/personas/rosa").text
    assert "/personas/rosa/cambios" not in jefa.open("/personas/rosa").text
    for page in ("/personas/cambios", "/personas/rosa/cambios"):
        assert jefa.open(page).status_code == 403
        assert house.enter("rosa").open(page).status_code == 403


def test_a_registered_address_is_changed_on_the_page_and_stays_on_record(house: House, admin: Visitor) -> None:
    assert 'name="email"' in admin.open("/personas/rosa").text
    assert 'name="email"' not in admin.open("/personas/admin").text
    wrong = admin.send("/personas/rosa/correo", {"email": "rosa peñafiel"})
    assert wrong.status_code == 422
    assert "Escriba una dirección" in wrong.text
    assert admin.send("/personas/rosa/correo", {"email": "rosa.p@une.example"}).status_code == 302
    assert "rosa.p@une.example" in admin.open("/personas/rosa").text
    assert "Cambió el correo registrado" in admin.open("/personas/rosa/cambios").text
    assert admin.send("/personas/admin/correo", {"email": "yo@une.example"}).status_code == 403
    assert house.enter("rosa").send("/personas/oficina/correo", {"email": "x@une.example"}).status_code == 403


@pytest.mark.req("R-45")
def test_the_address_that_a_docente_states_grades_from_is_changed_by_the_administration(
    house: House, admin: Visitor, jefa: Visitor
) -> None:
    assert 'name="email"' in jefa.open("/personas/rosa").text
    with house.app.database.write() as conn:
        people.grant_role(conn, house.people["rosa"], "docente", MONDAY.date())
    page = jefa.open("/personas/rosa").text
    assert 'name="email"' not in page
    assert "Lo que llega del correo de un docente vale como suyo" in page
    assert jefa.send("/personas/rosa/correo", {"email": "otra@une.example"}).status_code == 403
    assert admin.send("/personas/rosa/correo", {"email": "rosa.p@une.example"}).status_code == 302
