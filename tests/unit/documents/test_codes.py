"""Verification codes: hard to guess, easy to read aloud."""

from __future__ import annotations

import re

import pytest

from engine.documents import new_code, read_code, verification_url
from engine.storage.unit_of_work import Database


def test_a_code_has_sixty_random_bits_in_three_groups(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.read() as conn:
        codes = {new_code(conn) for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)


@pytest.mark.parametrize("typed", ["7K3M-Q9PX-2B4H", "7k3mq9px2b4h", " 7K3M Q9PX 2B4H ", "7K3M\u2010Q9PX\u20132B4H"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "7K3M-Q9PX-2B4H"


def test_letters_that_look_like_digits_are_those_digits() -> None:
    assert read_code("OIL0-0000-0000") == "0110-0000-0000"


@pytest.mark.parametrize("typed", ["", "7K3M", "7K3M-Q9PX-2B4U", "7K3M-Q9PX-2B4HX", "x" * 1000, "ñ" * 12])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_the_qr_holds_capitals_only_where_nothing_is_lost() -> None:
    code = "7K3M-Q9PX-2B4H"
    assert verification_url("https://une.example", code) == "HTTPS://UNE.EXAMPLE/V/7K3MQ9PX2B4H"
    assert verification_url("https://une.example/sg/", code) == "https://une.example/sg/v/7K3MQ9PX2B4H"
