"""Names as people write them, and finding people by them."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from engine.errors import InvalidAnswers, NotFound
from engine.people import (
    create_person,
    find_person,
    get_people,
    get_person,
    grant_role,
    search_people,
    set_active,
    update_person,
)

AT = datetime(2025, 11, 19, 15, tzinfo=UTC)
Someone = Callable[..., UUID]


@pytest.mark.parametrize(
    ("given", "family", "full", "sort"),
    [
        ("María José", "Ñáñez de la Cruz", "María José Ñáñez de la Cruz", "Ñáñez de la Cruz, María José"),
        ("Fiorella", "D'Angelo", "Fiorella D'Angelo", "D'Angelo, Fiorella"),
        ("Tadeo", "Güemes", "Tadeo Güemes", "Güemes, Tadeo"),
        ("", "Sagñay", "Sagñay", "Sagñay"),
        ("Segundo  Manuel ", " Sagñay", "Segundo Manuel Sagñay", "Sagñay, Segundo Manuel"),
    ],
)
def test_names_read_as_written_and_sort_by_family(
    conn: Connection, someone: Someone, given: str, family: str, full: str, sort: str
) -> None:
    person = get_person(conn, someone("x", given, family))
    assert (person.full_name, person.sort_name) == (full, sort)


def test_composed_and_decomposed_names_are_the_same_name(conn: Connection, someone: Someone) -> None:
    decomposed = unicodedata.normalize("NFD", "Ñáñez")
    person = get_person(conn, someone("maría", "María", decomposed))
    assert person.family_names == "Ñáñez"
    assert find_person(conn, unicodedata.normalize("NFD", " MARÍA ")) == person
    with pytest.raises(InvalidAnswers) as refused:
        someone(unicodedata.normalize("NFD", "María"))
    assert set(refused.value.errors) == {"username"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ñañez", {"maria"}),
        ("nanez ma", {"maria"}),
        ("JOSÉ maria", {"maria"}),
        ("d’angelo", {"fiorella"}),
        ("dang", {"fiorella"}),
        ("0912345675", {"maria"}),
        ("guemes", {"rosa", "tadeo"}),
        ("uemes", set()),
        ("%", {"rosa", "tadeo", "maria", "fiorella"}),
        ("_", {"rosa", "tadeo", "maria", "fiorella"}),
    ],
)
def test_people_are_found_by_the_beginnings_of_their_names_and_by_identity(
    conn: Connection, someone: Someone, text: str, found: set[str]
) -> None:
    someone()
    someone("tadeo", "Tadeo", "Güemes")
    someone("maria", "María José", "Ñáñez de la Cruz", identity_kind="cedula", identity_number="0912345675")
    someone("fiorella", "Fiorella", "D'Angelo")
    assert {person.username for person in search_people(conn, text)} == found


def test_a_search_can_be_of_those_who_hold_a_role_and_never_finds_closed_accounts(
    conn: Connection, someone: Someone
) -> None:
    rosa, tadeo = someone(), someone("tadeo", "Tadeo", "Güemes")
    grant_role(conn, rosa, "secretaria", date(2025, 1, 1), date(2025, 6, 30))
    grant_role(conn, tadeo, "secretaria", date(2025, 1, 1))
    assert [p.id for p in search_people(conn, "guemes", roles=["secretaria"], on=AT.date())] == [tadeo]
    set_active(conn, tadeo, False)
    assert search_people(conn, "guemes", roles=["secretaria"], on=AT.date()) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "rosa"}, "email"),
        ({"email": "ro sa@une.example"}, "email"),
        ({"email": "maría@une.example"}, "email"),
        ({"email": "a,b@une.example"}, "email"),
        ({"email": "x@uñe.example"}, "email"),
        ({"email": '"q"@une.example'}, "email"),
        ({"given_names": "\u0391θηνά"}, "given_names"),
        ({"username": "  "}, "username"),
        ({"given_names": "", "family_names": " "}, "family_names"),
        ({"family_names": "x" * 121}, "family_names"),
        ({"given_names": "a\0b"}, "given_names"),
        ({"profile": "rey"}, "profile"),
        ({"identity_kind": "cedula", "identity_number": "1"}, "identity_number"),
    ],
)
def test_bad_data_is_refused_under_its_field(conn: Connection, changes: dict[str, str], field: str) -> None:
    good = {"username": "rosa", "given_names": "Rosa", "family_names": "Peñafiel", "email": "rosa@une.example"}
    with pytest.raises(InvalidAnswers) as refused:
        create_person(conn, **(good | changes), at=AT)  # type: ignore[arg-type]
    assert set(refused.value.errors) == {field}


def test_people_are_listed_as_a_person_would_order_them(conn: Connection, someone: Someone) -> None:
    for username, family in (("a", "Zambrano"), ("b", "Ñáñez"), ("c", "Navarro"), ("d", "Ávila"), ("e", "Oña")):
        someone(username, "Ana", family)
    found = [person.family_names for person in search_people(conn, "ana")]
    assert found == ["Ávila", "Ñáñez", "Navarro", "Oña", "Zambrano"]


def test_a_change_of_name_is_found_by_the_new_name(conn: Connection, someone: Someone) -> None:
    rosa = someone()
    assert update_person(conn, rosa, family_names="Yépez", language="en").language == "en"
    assert search_people(conn, "penafiel") == []
    assert [person.sort_name for person in search_people(conn, "yepez")] == ["Yépez, Rosa Elvira"]
    with pytest.raises(TypeError):
        update_person(conn, rosa, username="otra")


def test_who_does_not_exist_is_not_found(conn: Connection, someone: Someone) -> None:
    rosa = someone()
    for attempt in (get_person, lambda c, i: set_active(c, i, True)):
        with pytest.raises(NotFound):
            attempt(conn, uuid4())
    assert set(get_people(conn, [rosa, uuid4()])) == {rosa}
    assert get_people(conn, []) == {}
    assert find_person(conn, "nadie") is None
