"""R-45: the address that was registered when a mail came is the one that counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection

from engine.errors import InvalidAnswers
from engine.people import address_at, change_address, get_person, people_at_address, update_person

AT = datetime(2025, 11, 19, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
Someone = Callable[..., UUID]


@pytest.mark.req("R-45")
def test_the_address_of_a_day_is_the_one_registered_then(conn: Connection, someone: Someone) -> None:
    rosa = someone()
    first = get_person(conn, rosa).email
    change_address(conn, rosa, "Rosa.Nueva@uni.example", AT + HOUR)
    change_address(conn, rosa, "rosa.tercera@uni.example", AT + 2 * HOUR)
    days = [address_at(conn, rosa, AT + n * HOUR / 2) for n in range(6)]
    assert days == [first, first, *["rosa.nueva@uni.example"] * 2, *["rosa.tercera@uni.example"] * 2]


@pytest.mark.req("R-45")
def test_an_address_is_whose_it_was_at_that_instant(conn: Connection, someone: Someone) -> None:
    rosa, ana = someone(), someone("ana", "Ana", "Oña")
    before = get_person(conn, rosa).email
    change_address(conn, rosa, "otra@uni.example", AT + HOUR)
    change_address(conn, ana, before, AT + HOUR)
    assert people_at_address(conn, before.upper(), AT) == [rosa]
    assert people_at_address(conn, before, AT + HOUR) == [ana]
    assert people_at_address(conn, "nadie@uni.example", AT) == []


def test_the_same_address_again_is_no_change(conn: Connection, someone: Someone) -> None:
    rosa = someone()
    change_address(conn, rosa, get_person(conn, rosa).email, AT + HOUR)
    assert address_at(conn, rosa, AT) == get_person(conn, rosa).email


@pytest.mark.parametrize(
    "address",
    ["", "rosa", "rosa@uni", "ro sa@uni.example", "rosa@uni.example\r\nBcc: x@y.example", "maría@uni.example",
     "a,b@uni.example", "x@uñi.example", "a..b@uni.example", "a@uni..example"],
)  # fmt: skip
def test_what_is_no_address_is_not_registered(conn: Connection, someone: Someone, address: str) -> None:
    rosa = someone()
    with pytest.raises(InvalidAnswers):
        change_address(conn, rosa, address, AT)


def test_an_address_changes_only_with_its_history(conn: Connection, someone: Someone) -> None:
    with pytest.raises(TypeError):
        update_person(conn, someone(), email="otra@uni.example")
