"""The register: what is found, what is reserved on a day, what counts as approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from engine import people
from engine.actas import (
    ActaSearch,
    ReserveActa,
    acta_by_reference,
    add_body,
    count_approved,
    list_bodies,
    open_pages,
    parse_ranges,
    require_reader,
    reservation_on,
    reserve_acta,
    reserved_words,
    search_actas,
    written_ranges,
)
from engine.archive import Archive
from engine.errors import InvalidAnswers, NotAllowed, NotFound
from engine.storage.unit_of_work import Database
from tests.unit.actas.test_intake import AT, GOOD, file, load, pdf

TODAY = date(2026, 11, 23)
ROWS = [
    GOOD,
    GOOD | {"numero": "8", "fecha": "2025-04-10", "aprobada": "2025-05-02", "titulo": "Becas y ayudas", "archivo": "b.pdf"},
    GOOD | {"organo": "OCAS", "fecha": "2025-04-10", "aprobada": "2025-04-30", "titulo": "Presupuesto", "archivo": "c.pdf"},
    GOOD | {"numero": "1", "fecha": "2026-01-15", "aprobada": "2026-02-01", "titulo": "Calendario", "archivo": "d.pdf"},
]  # fmt: skip


@pytest.fixture
def register(database: Database, tmp_path: Path) -> Database:
    files = [file(f"{name}.pdf", pdf(title=name)) for name in "abcd"]
    assert load(database, Archive(tmp_path / "archive"), [dict(row) for row in ROWS], *files).loaded == 4
    return database


def found(database: Database, **asked: object) -> list[str]:
    with database.read() as conn:
        return [acta.reference for acta in search_actas(conn, ActaSearch(**asked)).actas]


@pytest.mark.req("C-28")
def test_actas_are_found_by_body_date_number_and_words(register: Database) -> None:
    assert found(register) == ["CGA-2026-1", "OCAS-2025-7", "CGA-2025-8", "CGA-2025-7"]
    assert found(register, body="OCAS") == ["OCAS-2025-7"]
    assert found(register, number=7, year=2025, body="CGA") == ["CGA-2025-7"]
    assert found(register, since=date(2025, 4, 1), until=date(2025, 4, 10)) == ["OCAS-2025-7", "CGA-2025-8"]
    assert found(register, text="beca") == found(register, text="BECAS ayuda") == ["CGA-2025-8"]
    assert found(register, text="ñañez") == found(register, text="nanez distributivos") == ["CGA-2025-7"]
    assert found(register, text="gestión académica calendario") == ["CGA-2026-1"]
    assert found(register, text="'; DROP TABLE acta_sesion") == []
    assert found(register, text="%%%") == []


def test_pages_are_cut_after_the_last_one_shown(register: Database) -> None:
    with register.read() as conn:
        first = search_actas(conn, ActaSearch(size=3))
        rest = search_actas(conn, ActaSearch(size=3, after=first.next))
        assert [len(first.actas), len(rest.actas), rest.next] == [3, 1, None]
        assert not {a.id for a in first.actas} & {a.id for a in rest.actas}
        assert not search_actas(conn, ActaSearch(after=uuid4())).actas


@pytest.mark.req("C-54")
def test_only_approvals_are_counted_by_day_and_body(register: Database) -> None:
    with register.read() as conn:
        assert count_approved(conn, date(2025, 1, 1), date(2026, 1, 1)) == 3
        assert count_approved(conn, date(2025, 4, 30), date(2025, 5, 2)) == 1  # until is not counted
        assert count_approved(conn, date(2025, 1, 1), date(2027, 1, 1), "OCAS") == 1


@pytest.mark.req("C-17")
def test_the_catalogue_of_bodies_grows(register: Database) -> None:
    with register.write() as conn:
        add_body(conn, "facs", "Junta de la Facultad de Salud", AT)
        add_body(conn, "JD", "Juntas directivas", AT)
        names = {body.code: body.name for body in list_bodies(conn)}
        with pytest.raises(InvalidAnswers):
            add_body(conn, "CON ESPACIO", "x", AT)
    assert names["FACS"] == "Junta de la Facultad de Salud"
    assert names["JD"] == "Juntas directivas"
    assert {"CGA", "OCAS", "OTRO"} <= set(names)


def test_an_acta_that_does_not_exist_or_is_named_wrongly_is_not_found(register: Database) -> None:
    with register.read() as conn:
        for reference in ("CGA-2025-99", "CGA-7", "", "x" * 500, "CGA-2025-7; --"):
            with pytest.raises(NotFound):
                acta_by_reference(conn, reference)


def test_a_reservation_ends_on_its_last_day_and_only_keepers_make_one(register: Database) -> None:
    with register.write() as conn:
        actor = people.create_person(
            conn, username="rosa", given_names="Rosa", family_names="P", email="r@une.example", at=AT
        )
        acta = acta_by_reference(conn, "CGA-2025-7")
        command = ReserveActa(acta.id, actor, "partial", "3, 1", "LOPDP, art. 26: salud", date(2026, 12, 1))
        with pytest.raises(NotAllowed):
            reserve_acta(conn, command, {"solicitante", "auditor"}, AT, TODAY)
        kept = reserve_acta(conn, command, {"archivo"}, AT, TODAY)
        with pytest.raises(InvalidAnswers) as wrong:
            reserve_acta(conn, replace(command, kind="x", reason="", until=date(2020, 1, 1)), {"archivo"}, AT, TODAY)
    assert set(wrong.value.errors) == {"kind", "reason", "until"}
    assert (kept.reserved_pages, open_pages(kept, TODAY), reserved_words(kept, TODAY)) == (
        [[1, 1], [3, 3]], [2], "páginas 1 y 3",
    )  # fmt: skip
    assert reservation_on(kept, date(2026, 12, 1)) == "partial"
    assert open_pages(kept, date(2026, 12, 2)) == [1, 2, 3]
    with register.read() as conn:
        shown = {a.reference for a in search_actas(conn, ActaSearch(reserved=True, on=date(2026, 12, 2))).actas}
    assert not shown


@pytest.mark.req("C-26")
@pytest.mark.parametrize("profile", ["estudiante", "graduado", "externo", None])
def test_the_register_is_closed_to_other_profiles(profile: str | None) -> None:
    with pytest.raises(NotAllowed):
        require_reader({"auditor"}, profile)
    assert require_reader({"secretaria"}, profile)
    assert not require_reader(frozenset(), "administrativo")


@pytest.mark.parametrize(
    ("text", "ranges", "words"),
    [
        ("2-4, 7", [[2, 4], [7, 7]], "2 a 4 y 7"),
        ("7; 2 a 3, 4 y 9–10", [[2, 4], [7, 7], [9, 10]], "2 a 4, 7 y 9 a 10"),
        ("5", [[5, 5]], "5"),
    ],
)
def test_ranges_of_pages_as_people_write_them(text: str, ranges: list[list[int]], words: str) -> None:
    assert parse_ranges(text, 10) == ranges
    assert written_ranges(ranges) == words


@pytest.mark.parametrize("text", ["", "0", "11", "4-2", "1-10", "dos", "-3", "1-99999999"])
def test_ranges_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="página"):
        parse_ranges(text, 10)
