"""Somebody who comes to the desk: registered once, with every accent, or told what is wrong."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import Connection

from engine import people
from engine.errors import InvalidAnswers
from engine.people import AlreadyRegistered, NewPerson, check_identity, register_person
from engine.people import register as room
from engine.storage.unit_of_work import Database

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ROSA = NewPerson("Rosa", "Ñáñez de la Cruz", "cedula", "0912345675", "graduado", "rosa@une.example")


def register(database: Database, new: NewPerson) -> people.Person:
    with database.write() as conn:
        return people.get_person(conn, register_person(conn, new, NOW))


@pytest.mark.req("C-10")
def test_an_external_person_keeps_their_organism_and_place(database: Database) -> None:
    made = register(
        database,
        NewPerson(
            "Iñaki", "Güemes", "pasaporte", "ab 12345", "externo", "i@ces.example", "Consejo de Educación", "Quito"
        ),
    )
    assert (made.identity_number, made.organization, made.place) == ("AB12345", "Consejo de Educación", "Quito")
    assert made.profile == "externo"


@pytest.mark.parametrize("family", ["Ñáñez de la Cruz", "D'Angelo", "Güemes", "Sagñay"])
def test_a_name_typed_in_pieces_is_kept_whole(database: Database, family: str) -> None:
    typed = NewPerson(
        "", unicodedata.normalize("NFD", f"  {family} "), "dni", "20.123.456", "graduado", "x@une.example"
    )
    made = register(database, typed)
    assert (made.given_names, made.family_names) == ("", family)
    assert made.sort_name == family
    with database.read() as conn:
        found = people.search_people(conn, family[:4])
    assert [one.id for one in found] == [made.id]


def test_the_same_identity_is_the_same_person(database: Database) -> None:
    first = register(database, ROSA)
    with pytest.raises(AlreadyRegistered) as refused, database.write() as conn:
        register_person(conn, NewPerson("R.", "Nanez", "cedula", "091234567-5", "estudiante", "r@une.example"), NOW)
    assert refused.value.details["person_id"] == str(first.id)
    assert "Ñáñez de la Cruz, Rosa" in refused.value.message


def test_two_desks_in_the_same_instant_register_one_person_and_tell_the_other_whom(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, both = room.people_of_identity, Barrier(2)

    def look_together(conn: Connection, kind: str, number: str) -> list[people.Person]:
        found = looked(conn, kind, number)
        if not found and not database.is_sqlite:  # there, who writes is alone from the first statement on
            both.wait(5)
        return found

    monkeypatch.setattr(room, "people_of_identity", look_together)

    def at_a_desk(given: str) -> str:
        try:
            return str(register(database, NewPerson(given, "Ñáñez", "cedula", "0912345675", "graduado", "r@u.ec")).id)
        except AlreadyRegistered as known:
            return f"{known.details['person_id']} {known.details['name']}"

    with ThreadPoolExecutor(2) as desks:
        first, second = sorted(desks.map(at_a_desk, ("Rosa", "Rosario")), key=len)
    assert second.startswith(f"{first} Ñáñez, Ros")


def test_a_passport_with_the_number_of_somebodys_dni_is_another_person(database: Database) -> None:
    first = register(database, NewPerson("Ramón", "Güemes", "dni", "30123456", "graduado", "r@une.example"))
    other = register(database, NewPerson("Zoë", "Núñez", "pasaporte", "30123456", "graduado", "z@une.example"))
    assert other.id != first.id
    with pytest.raises(AlreadyRegistered) as known:
        register(database, NewPerson("Zoe", "Nunez", "pasaporte", "3012-3456", "graduado", "z@une.example"))
    assert known.value.details["person_id"] == str(other.id)


def test_the_account_of_who_was_registered_with_it_by_mistake_keeps_its_name(database: Database) -> None:
    mistaken = register(database, ROSA)
    with database.write() as conn:
        people.update_person(conn, mistaken.id, identity_number="0923456784")
    right = register(database, ROSA)
    assert (mistaken.username, right.username) == ("cedula-0912345675", "cedula-0912345675-2")


def test_everything_that_is_wrong_is_told_at_once(database: Database) -> None:
    with pytest.raises(InvalidAnswers) as refused, database.write() as conn:
        register_person(conn, NewPerson("", "", "cedula", "0912345674", "", "sin arroba"), NOW)
    assert set(refused.value.errors) == {"identity_number", "family_names", "email", "profile"}


@pytest.mark.parametrize(
    ("kind", "number", "told"),
    [
        ("cedula", "0912345674", "el último (4) comprueba los nueve primeros"),
        ("cedula", "091234567", "son 10 dígitos y escribió 9"),
        ("cedula", "9999999999", "son la provincia"),
        ("cedula", "AB12345678", "solo dígitos"),
        ("cuil", "20-05536168-3", "el último (3) comprueba los diez primeros"),
        ("cuil", "30-50001091-2", "empieza con 20, 23, 24 o 27"),
    ],
)
def test_the_rule_that_an_identity_breaks_is_named(kind: str, number: str, told: str) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        check_identity(kind, number)
    assert told in refused.value.errors["identity_number"]


@pytest.mark.parametrize(
    ("first", "second"),
    [(("dni", "20.123.456"), ("cuil", "20-20123456-6")), (("cuil", "20201234566"), ("dni", "20123456"))],
)
def test_a_dni_and_the_cuil_that_holds_it_are_one_person(
    database: Database, first: tuple[str, str], second: tuple[str, str]
) -> None:
    made = register(database, NewPerson("Ada", "Sol", *first, "graduado", "a@une.example"))
    with pytest.raises(AlreadyRegistered) as refused, database.write() as conn:
        register_person(conn, NewPerson("Ada", "Sol", *second, "graduado", "b@une.example"), NOW)
    assert refused.value.details["person_id"] == str(made.id)
    other = register(database, NewPerson("Eva", "Luna", "pasaporte", "20123456", "graduado", "e@une.example"))
    assert other.id != made.id, "a passport with the same figures is somebody else's"
