"""Editions in the database: seeded once, published in order, never changed; what the one in force promises."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.carta import (
    Edition,
    apply_draft,
    commitments,
    current_edition,
    get_edition,
    headline,
    list_editions,
    publish_edition,
    read_draft,
    seed_edition,
)
from engine.config import Config
from engine.errors import EditionOutdated, NotFound
from engine.storage.unit_of_work import Database
from tests.support.carta import first_edition

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FIRST = first_edition()


def following(base: Edition, days: int) -> Edition:
    """The next edition, in which the only product of B3 takes so many days."""
    rows = [{}] * 11 + [{"dias": days}]
    written = {"base": base.number, "compromisos": rows, "modificaciones": f"El sellado, en {days} días."}
    return apply_draft(base, read_draft(written, base, date(2026, 11, 23)), date(2026, 11, 23))


@pytest.fixture
def seeded(database: Database) -> Database:
    with database.write() as conn:
        seed_edition(conn, Config(), AT)
    return database


def test_an_installation_without_its_file_has_no_carta(database: Database, tmp_path: Path) -> None:
    with database.write() as conn:
        assert seed_edition(conn, Config(bpmn_dir=tmp_path), AT) is None
        assert current_edition(conn) is None
        assert headline(conn) is None
        assert commitments(conn, "B2") is None


@pytest.mark.req("C-1")
def test_the_first_edition_is_seeded_once_and_whole(seeded: Database) -> None:
    with seeded.write() as conn:
        assert seed_edition(conn, Config(), AT) == FIRST
        found = list_editions(conn)
    assert [one.edition for one in found] == [FIRST]
    assert found[0].hash == FIRST.hash
    assert (found[0].document_id, found[0].case_id, found[0].published_at) == (None, None, AT)


def test_a_file_that_changed_later_does_not_change_the_carta(seeded: Database, tmp_path: Path) -> None:
    with seeded.write() as conn:
        publish_edition(conn, following(FIRST, 2), AT)
        now = seed_edition(conn, Config(), AT)
    assert now is not None
    assert now.number == 2


@pytest.mark.req("C-48")
def test_what_is_promised_is_what_the_edition_in_force_says(seeded: Database) -> None:
    with seeded.write() as conn:
        assert commitments(conn, "B3") == (1, {"certificado_institucional": 1})
        publish_edition(conn, following(FIRST, 4), AT)
        assert commitments(conn, "B3") == (2, {"certificado_institucional": 4})
        assert commitments(conn, "A1") == (
            2,
            {
                "documentos_sesiones": 5,
                "certificaciones_autenticaciones": 1,
                "administracion_archivo": 1,
                "resoluciones_certificaciones": 5,
            },
        )
        assert commitments(conn, "Z9") is None


@pytest.mark.req("C-50")
def test_an_earlier_edition_stays_as_it_was(seeded: Database) -> None:
    second = following(FIRST, 4)
    with seeded.write() as conn:
        publish_edition(conn, second, AT)
    with seeded.read() as conn:
        assert current_edition(conn) == second
        assert get_edition(conn, 1) == FIRST
        assert [one.edition.number for one in list_editions(conn)] == [2, 1]
        with pytest.raises(NotFound):
            get_edition(conn, 3)


def test_an_edition_that_does_not_follow_the_one_in_force_is_refused(seeded: Database) -> None:
    mine, theirs = following(FIRST, 2), following(FIRST, 3)
    with seeded.write() as conn:
        publish_edition(conn, theirs, AT, job_key="theirs")
    with seeded.write() as conn, pytest.raises(EditionOutdated, match="se publicó la edición 2ª"):
        publish_edition(conn, mine, AT, job_key="mine")
    with seeded.read() as conn:
        assert current_edition(conn) == theirs


def test_a_job_that_runs_twice_publishes_once(seeded: Database) -> None:
    second = following(FIRST, 2)
    with seeded.write() as conn:
        first = publish_edition(conn, second, AT, job_key="job")
    with seeded.write() as conn:
        assert publish_edition(conn, second, AT, job_key="job") == first
        assert len(list_editions(conn)) == 2
