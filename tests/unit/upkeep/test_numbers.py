"""After a restore no number of a case, of the register of certificates or of a batch is given twice."""

from __future__ import annotations

import pytest

from engine.cases.start_case import _next_number
from engine.errors import InvalidAnswers
from engine.storage.tables import numbering
from engine.storage.unit_of_work import Database
from engine.upkeep import read_number, skip_numbers


def give(database: Database, series: str, year: int = 2026, many: int = 1) -> str:
    with database.write() as conn:
        return [_next_number(conn, series, year) for _ in range(many)][-1]


def test_each_series_goes_on_well_beyond_what_was_given_since_the_backup(database: Database) -> None:
    assert give(database, "SG", many=18) == "SG-2026-000018"
    give(database, "LOTE")
    skipped = skip_numbers(database, 2026)
    assert [(one.series, one.year, one.last, one.next) for one in skipped] == [
        ("LOTE", 2026, 1, 2001),
        ("SG", 2026, 18, 2001),
    ]
    assert give(database, "SG") == "SG-2026-002001"
    assert give(database, "LOTE", many=2) == "LOTE-2026-002002"


def test_a_thousand_numbers_are_passed_over_at_least(database: Database) -> None:
    with database.write() as conn:
        conn.execute(numbering.insert().values(series="SG", year=2026, next=1_000))
        conn.execute(numbering.insert().values(series="MCD", year=2026, next=1_001))
    assert {one.series: one.next - 1 - one.last for one in skip_numbers(database, 2026)} == {"SG": 1_001, "MCD": 2_000}


def test_a_number_that_somebody_saw_is_passed_over_too_however_far(database: Database) -> None:
    give(database, "SG")
    skip_numbers(database, 2026, ["sg-2026-004999", "SG-2026-003000", "NUEVA-2026-000007"])
    assert give(database, "SG") == "SG-2026-006001"
    assert give(database, "NUEVA") == "NUEVA-2026-002001", "a series that is newer than the backup"


def test_a_number_too_far_away_is_left_out_and_told_and_the_thousand_are_passed_over_all_the_same(
    database: Database,
) -> None:
    give(database, "SG")
    (skipped,) = skip_numbers(database, 2026, ["SG-2026-4004318"])
    assert (skipped.next, skipped.doubted) == (2001, 4_004_318)
    give(database, "MCD")
    (again,) = skip_numbers(database, 2026, ["SG-2026-004318"], alone=True)
    assert (again.series, again.next) == ("SG", 6001), "what was seen later; the rest was passed over before"


def test_a_year_that_began_since_the_backup_has_its_numbers_passed_over(database: Database) -> None:
    give(database, "SG", 2026, 3)
    (skipped,) = skip_numbers(database, 2027)
    assert (skipped.year, skipped.last) == (2027, 0)
    assert give(database, "SG", 2027) == "SG-2027-002001"


@pytest.mark.parametrize("given", ["SG-2026-12", "2026-L0004-F0017", "SG 2026"])
def test_what_cannot_be_a_number_of_ours_is_refused_and_nothing_is_passed_over(database: Database, given: str) -> None:
    give(database, "SG")
    with pytest.raises(InvalidAnswers):
        skip_numbers(database, 2026, [given])
    assert give(database, "SG") == "SG-2026-000002"
    assert read_number(" mcd-2026-000318 ") == ("MCD", 2026, 318)
