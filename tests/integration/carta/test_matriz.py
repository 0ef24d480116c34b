"""The Matriz de certificaciones digitales on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError

from engine.app import Cartulario
from engine.carta import Entry, Search, count_entries, export_csv, get_entry, list_entries, register_certificate
from engine.documents import store_document
from engine.errors import NotFound
from engine.inbound.worker import run_job
from tests.support.one_job import incidents, job_keys, job_row, open_office, publish_one_job, requester, start

ZONE = ZoneInfo("America/Guayaquil")


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data")
    yield app
    app.close()


@pytest.fixture
def certified(office: Cartulario) -> tuple[UUID, UUID]:
    """A case and its signed document."""
    publish_one_job(office, text="'hola'")
    case_id = start(office, requester(office)).case_id
    return case_id, _document(office, case_id)


def _document(office: Cartulario, case_id: UUID, code: str | None = "7K3M-Q9PX-2B4H") -> UUID:
    with office.database.write() as conn:
        return store_document(
            conn,
            office.archive,
            case_id=case_id,
            kind="issued",
            name="certificacion.pdf",
            title="Certificación",
            media_type="application/pdf",
            data=b"%PDF-1.7",
            code=code,
            signatures=[{"signer": "Ab. Gonzalo Ñáñez", "role": "Secretario General"}],
            at=datetime.now(UTC),
        ).id


def _register(
    office: Cartulario, certified: tuple[UUID, UUID], key: str, holder: str = "María José", at: datetime | None = None
) -> Entry:
    with office.database.write() as conn:
        return register_certificate(
            conn,
            job_key=key,
            case_id=certified[0],
            document_id=certified[1],
            product="certificado_institucional",
            holder=holder,
            identity="0912345675",
            code="7K3M-Q9PX-2B4H",
            signer="Ab. Gonzalo Ñáñez",
            at=at or datetime(2026, 11, 21, 15, tzinfo=UTC),
            zone=ZONE,
        )


@pytest.mark.req("C-37", "C-41")
def test_entries_are_numbered_by_the_year_of_the_office(office: Cartulario, certified: tuple[UUID, UUID]) -> None:
    new_year = datetime(2027, 1, 1, 3, tzinfo=UTC)  # still 2026 in Guayaquil
    numbers = [
        _register(office, certified, "a").number,
        _register(office, certified, "b", at=new_year).number,
        _register(office, certified, "c", at=datetime(2027, 1, 1, 6, tzinfo=UTC)).number,
    ]
    assert numbers == ["MCD-2026-000001", "MCD-2026-000002", "MCD-2027-000001"]


def test_a_job_that_runs_twice_has_one_entry(office: Cartulario, certified: tuple[UUID, UUID]) -> None:
    first, again = _register(office, certified, "a"), _register(office, certified, "a")
    assert first == again
    with office.database.read() as conn:
        assert count_entries(conn) == 1
        assert get_entry(conn, "MCD-2026-000001") == first
        with pytest.raises(NotFound):
            get_entry(conn, "MCD-2026-000002")


def test_a_rolled_back_entry_leaves_no_gap(office: Cartulario, certified: tuple[UUID, UUID]) -> None:
    with pytest.raises(IntegrityError):
        _register(office, (certified[0], uuid4()), "x")  # no such document
    assert _register(office, certified, "a").number == "MCD-2026-000001"


def test_an_entry_cannot_be_changed_nor_deleted(office: Cartulario, certified: tuple[UUID, UUID]) -> None:
    _register(office, certified, "a")
    for statement in ("UPDATE matriz SET holder = 'Otra'", "DELETE FROM matriz"):
        with pytest.raises(IntegrityError), office.database.write() as conn:
            conn.exec_driver_sql(statement)


def test_many_at_once_get_consecutive_numbers(office: Cartulario, certified: tuple[UUID, UUID]) -> None:
    keys = [str(n) for n in range(8)] * 2  # each job twice, at once
    threads = [Thread(target=_register, args=(office, certified, key)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with office.database.read() as conn:
        assert sorted(entry.number for entry in list_entries(conn)) == [f"MCD-2026-{n:06d}" for n in range(1, 9)]


def test_entries_are_found_by_holder_number_identity_and_code(office: Cartulario, certified: tuple[UUID, UUID]) -> None:
    _register(office, certified, "a", holder="Güemes 100% Ana")
    _register(office, certified, "b", holder="D'Angelo Luis")
    with office.database.read() as conn:
        found = {
            text: [entry.job_key for entry in list_entries(conn, Search(text=text))]
            for text in ("ana", "d'angelo", "000002", "7k3m", "0912345675 luis", "100%", "nadie", "%")
        }
    assert found == {
        "ana": ["a"], "d'angelo": ["b"], "000002": ["b"], "7k3m": ["b", "a"], "0912345675 luis": ["b"],
        "100%": ["a"], "nadie": [], "%": ["a"],
    }  # fmt: skip


def test_the_export_opens_in_a_spreadsheet_and_runs_no_formula(
    office: Cartulario, certified: tuple[UUID, UUID]
) -> None:
    _register(office, certified, "a", holder="=HYPERLINK(1)")
    with office.database.read() as conn:
        text = "".join(export_csv(conn, Search(), ZONE))
    heading, row = text.removeprefix("\ufeff").splitlines()
    assert text.startswith("\ufeff")
    assert heading.startswith("Número,Fecha,Producto")
    assert row.startswith("MCD-2026-000001,2026-11-21 10:00,certificado_institucional,'=HYPERLINK(1),")


def _run(office: Cartulario, document: object, case: UUID | None = None) -> str:
    parameters = {"document": f"'{document}'", "product": "'certificado_institucional'", "holder": "'María José'"}
    publish_one_job(office, "register_certificate", **parameters)
    opened = start(office, requester(office))
    if case is None:
        with office.database.write() as conn:
            conn.exec_driver_sql(f"UPDATE document SET case_id = '{_id(office, opened.case_id)}'")
    (key,) = [key for key in job_keys(office) if job_row(office, key).operation == "register_certificate"]
    run_job(office, key)
    return key


def _id(office: Cartulario, case_id: UUID) -> str:
    return case_id.hex if office.database.is_sqlite else str(case_id)


def test_the_operation_writes_the_entry_with_the_document_s_code_and_signer(
    office: Cartulario, certified: tuple[UUID, UUID]
) -> None:
    result = job_row(office, _run(office, certified[1])).result
    assert result["numero"].startswith("MCD-")
    assert (result["codigo"], result["firmante"]) == ("7K3M-Q9PX-2B4H", "Ab. Gonzalo Ñáñez")


@pytest.mark.parametrize("wrong", ["nobody's", "another case's"])
def test_a_document_that_is_not_of_the_case_is_not_registered(
    office: Cartulario, certified: tuple[UUID, UUID], wrong: str
) -> None:
    _run(office, uuid4() if wrong == "nobody's" else certified[1], case=certified[0])
    (incident,) = incidents(office)
    assert incident.permanent
    with office.database.read() as conn:
        assert count_entries(conn) == 0
