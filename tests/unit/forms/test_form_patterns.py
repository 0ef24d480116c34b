"""Patterns: safe ones are admitted and end soon on any text; the rest are refused when publishing."""

from __future__ import annotations

import re
import time

import pytest

from engine.forms.patterns import MAX_TEXT, pattern_problem

SAFE = [
    r"^[0-9]{10}$",
    r"^[A-Z]{2}-\d{1,6}$",
    r"^\d{1,3}(-\d{1,3}){1,2}$",
    r"^[^@]+@[^@]+\.[a-z]+$",
    r"^(si|no)$",
    r"^[\wáéíóúñ ]{2,80}$",
    r"^(https://)?[a-z.]+$",
    r"\d+",
    r"^.*[a-z].*$",
]
DANGEROUS = [
    r"^(a+)+$",
    r"^(a|a)*$",
    r"^(a|aa)+$",
    r"^(\w+\s?)*$",
    r"^([a-z]+)*[0-9]$",
    r"(.*)*x",
    r"^(a?){60}a{60}$",
    "^" + "a?" * 40 + "a" * 40 + "$",
    r".*.*.*.*=",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
]
UNSUPPORTED = [r"^(a)\1$", r"(?=x)y", r"(?<!x)y", r"([a-z", r"a{2,1}", "(" * 500, "x" * 400, 5, r"(?P<a>x)(?P=a)"]


@pytest.mark.parametrize("pattern", SAFE)
def test_a_pattern_of_daily_use_is_admitted_and_ends_at_once(pattern: str) -> None:
    assert pattern_problem(pattern) is None
    for text in ("a" * MAX_TEXT, "1" * MAX_TEXT + "!", "a.@" * (MAX_TEXT // 3), " " * (MAX_TEXT - 1) + "x", "a1-" * 66):
        start = time.perf_counter()
        re.search(pattern, text)
        assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize("pattern", DANGEROUS)
def test_a_pattern_that_can_stop_the_server_is_refused_with_its_mend(pattern: str) -> None:
    assert "limítelas" in (pattern_problem(pattern) or "")


@pytest.mark.parametrize("pattern", UNSUPPORTED)
def test_a_pattern_that_is_not_one_or_looks_around_is_refused(pattern: object) -> None:
    assert pattern_problem(pattern)


def test_a_short_field_admits_a_pattern_that_a_long_one_does_not() -> None:
    assert pattern_problem(r"[a-z]+[0-9]+[a-z]+", 20) is None
    assert pattern_problem(r"[a-z]+[0-9]+[a-z]+", 200) is not None
