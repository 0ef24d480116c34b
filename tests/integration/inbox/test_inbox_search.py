"""Search by number and by any word, with the same answers on both databases."""

import sqlite3
import unicodedata
from contextlib import closing
from uuid import UUID

import pytest

from engine.inbox import Filters
from engine.storage.fulltext import drop_statements, statements
from engine.storage.tables import case
from engine.storage.unit_of_work import Database
from tests.support.office import Office


def found(office: Office, text: str) -> set[UUID]:
    page = office.inbox.list_tasks(office.viewer(office.rosa), Filters(tab="grupos", q=text))
    return {row.case_id for row in page.rows}


@pytest.fixture
def cases(office: Office) -> dict[str, UUID]:
    known = {
        "maria": office.open_case(office.maria, words="Certificaciones para apostilla", number="SG-2025-000318"),
        "tadeo": office.open_case(office.tadeo, words="Matrícula en el exterior", number="SG-2025-004377"),
        "angelo": office.open_case(office.general, words="0912345675", number="AE-2025-000911"),
    }
    for case_id in known.values():
        office.open_task(case_id)
    return known


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("SG-2025-000318", "maria"),
        ("sg-2025-000318", "maria"),
        ("318", "maria"),
        ("4377", "tadeo"),
        ("ñáñez", "maria"),
        ("nanez", "maria"),
        ("NAÑ", "maria"),
        (unicodedata.normalize("NFD", "Ñáñez José"), "maria"),
        ("certificación", "maria"),
        ("certificado apostillas", "maria"),
        ("de la cruz", "maria"),
        ("matriculas", "tadeo"),
        ("guemes exterior", "tadeo"),
        ("d'angelo", "angelo"),
        ("D’Angelo", "angelo"),
        ("dangelo", "angelo"),
        ("0912345675", "angelo"),
        ("AE-2025-000911", "angelo"),
    ],
)
def test_a_case_is_found_by_its_number_and_by_its_words(
    office: Office, cases: dict[str, UUID], text: str, who: str
) -> None:
    assert found(office, text) == {cases[who]}


@pytest.mark.parametrize(
    "text", ["zzz", "maria guemes", "SG-2025-000319", "'\" OR 1=1 --", "* ( ) : & | !", "¿?", "\\"]
)
def test_what_nobody_wrote_finds_nothing_and_breaks_nothing(office: Office, cases: dict[str, UUID], text: str) -> None:
    assert found(office, text) == set()


def test_only_silent_words_do_not_hide_what_is_there(office: Office, cases: dict[str, UUID]) -> None:
    assert found(office, "") == set(cases.values())


def test_a_case_whose_words_change_is_found_by_the_new_ones_only(office: Office, cases: dict[str, UUID]) -> None:
    with office.database.write() as conn:
        conn.execute(case.update().where(case.c.id == cases["maria"]).values(search="reválida revalid"))
    assert found(office, "nanez") == set()
    with office.database.write() as conn:
        conn.execute(case.update().where(case.c.id == cases["maria"]).values(search="revalida revalid"))
    assert found(office, "reválida") == {cases["maria"]}


def test_a_search_sees_only_open_cases_and_only_the_viewers(office: Office, cases: dict[str, UUID]) -> None:
    viewer = office.viewer(office.general)
    assert office.inbox.list_tasks(viewer, Filters(tab="todas", q="nanez")).rows == ()


@pytest.mark.parametrize("process", ["') | '", "=", "x y", "'solicitar_certificacion'", "%", "ñ", "\\"])
def test_a_process_that_nobody_could_have_published_finds_nothing(
    office: Office, cases: dict[str, UUID], process: str
) -> None:
    page = office.inbox.list_tasks(office.viewer(office.rosa), Filters(tab="grupos", process=process))
    assert page.rows == ()


def test_the_search_of_a_process_and_a_word_finds_what_has_both(office: Office, cases: dict[str, UUID]) -> None:
    other = office.publish("acta_examen", "Acta de examen")
    case_id = office.open_case(office.maria, process="acta_examen", version_id=other)
    office.open_task(case_id)
    filters = Filters(tab="grupos", process="acta_examen", q="nanez")
    rows = office.inbox.list_tasks(office.viewer(office.rosa), filters).rows
    assert [row.case_id for row in rows] == [case_id]


def test_a_compacted_database_still_finds_each_case_by_its_own_words(sqlite_url: str) -> None:
    office = Office(Database(sqlite_url))
    gone = [office.open_case(office.tadeo, words=f"borrado{n}") for n in range(20)]
    kept = office.open_case(office.maria, words="apostilla")
    office.open_task(kept)
    with office.database.write() as conn:
        conn.execute(case.delete().where(case.c.id.in_(gone)))
    office.database.close()
    with closing(sqlite3.connect(str(office.database.url.database))) as raw:
        raw.execute("VACUUM")
    assert found(office, "apostilla") == {kept}
    assert found(office, "borrado3") == set()
    office.database.close()


def test_the_index_can_be_taken_away_and_made_again(database: Database) -> None:
    dialect = "sqlite" if database.is_sqlite else "postgresql"
    with database.write() as conn:
        for statement in (*drop_statements(dialect), *statements(dialect)):
            conn.exec_driver_sql(statement)
    office = Office(database)
    case_id = office.open_case(office.maria)
    office.open_task(case_id)
    assert found(office, "nanez") == {case_id}
