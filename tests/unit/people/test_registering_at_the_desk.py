"""Somebody who comes to the desk: registered once, with every accent, or told what is wrong."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest

from engine import people
from engine.errors import InvalidAnswers
from engine.people import AlreadyRegistered, NewPerson, check_identity, register_person
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
