"""Dates, numbers and broken lines as Castilian writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.documents.lines import balanced, decimal, zone_label
from engine.documents.templates import environment, fill
from engine.words import long_day
from tests.support.paper import files


def test_a_date_is_written_out() -> None:
    assert long_day(date(2021, 4, 5)) == "5 de abril de 2021"


@pytest.mark.parametrize(
    ("zone", "label"),
    [("America/Guayaquil", "GMT−5"), ("America/Argentina/Buenos_Aires", "GMT−3"), ("Asia/Kathmandu", "GMT+5:45")],
)
def test_a_zone_is_named_by_its_distance(zone: str, label: str) -> None:
    assert zone_label(datetime(2024, 1, 1, tzinfo=UTC), ZoneInfo(zone)) == label


def test_an_instant_is_shown_in_the_institution_s_timezone() -> None:
    env = environment(files("{{ el|fecha }} / {{ el|fecha_hora }} / {{ dia|fecha }}"))
    given = {"casa": {"zona": "America/Guayaquil"}, "el": "2024-04-16T03:05:00+00:00", "dia": "2024-04-16"}
    shown = fill(env, "certificacion.html", given)
    assert shown == "15 de abril de 2024 / 15 de abril de 2024, 22:05 / 16 de abril de 2024"


def test_a_number_has_a_decimal_comma() -> None:
    assert decimal(91.5) == "91,50"


@pytest.mark.parametrize(
    "text", ["Gestión documental y archivo electrónico en la administración pública", "x", "a " * 60]
)
def test_balanced_lines_keep_every_word_and_stay_within_the_width(text: str) -> None:
    lines = str(balanced(text, 46)).split("<br>")
    assert " ".join(lines).split() == text.split()
    assert all(len(line) <= 46 for line in lines)


def test_no_balanced_line_ends_in_an_article_and_markup_is_escaped() -> None:
    lines = str(balanced("Gestión documental y archivo electrónico en la administración pública <b>", 46)).split("<br>")
    assert not any(line.split()[-1] in {"la", "en", "y"} for line in lines)
    assert "&lt;b&gt;" in lines[-1]
