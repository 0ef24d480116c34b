"""Documents of a case: recorded once per job, read back, delivered, found by code or by bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine.archive import Archive
from engine.documents import (
    Document,
    Match,
    code_of,
    find_by_code,
    find_original,
    get_document,
    list_documents,
    read_document,
    release,
    store_document,
)
from engine.errors import NotFound
from engine.storage.tables import document, original
from engine.storage.unit_of_work import Database
from tests.support.paper import certificate
from tests.support.tampering import saved_anew

AT = datetime(2025, 11, 19, 15, tzinfo=UTC)
LATER = datetime(2025, 11, 20, 15, tzinfo=UTC)
CODE = "7K3M-Q9PX-2B4H"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def store(database: Database, archive: Archive, data: bytes = b"uno", **more: Any) -> Document:
    settings: dict[str, Any] = {
        "case_id": None,
        "kind": "issued",
        "name": "certificacion.pdf",
        "title": "Certificación",
        "media_type": "application/pdf",
        "at": AT,
        **more,
    }
    with database.write() as conn:
        return store_document(conn, archive, data=data, **settings)


def test_a_document_is_read_back_as_stored(database: Database, archive: Archive) -> None:
    stored = store(database, archive, facts=[("Titular", "María")], signatures=[{"signer": "X"}], code=CODE)
    with database.read() as conn:
        found, data = read_document(conn, archive, stored.id)
    assert (found, data) == (stored, b"uno")
    assert found.facts == [["Titular", "María"]]
    assert found.signatures == [{"signer": "X"}]
    assert found.scan == "not_scanned"


def test_a_job_that_runs_twice_records_its_document_once(database: Database, archive: Archive) -> None:
    first = store(database, archive, b"uno", job_key="job-1")
    again = store(database, archive, b"otra firma", job_key="job-1")
    assert again == first
    with database.read() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(document)).scalar() == 1
        assert conn.execute(sa.select(sa.func.count()).select_from(original)).scalar() == 1


def test_two_workers_on_one_job_record_one_document(database: Database, archive: Archive) -> None:
    start, ids = Barrier(2), []

    def work(data: bytes) -> None:
        start.wait()
        ids.append(store(database, archive, data, job_key="job-1").id)

    threads = [Thread(target=work, args=(data,)) for data in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_the_same_content_twice_is_two_documents_and_one_original(database: Database, archive: Archive) -> None:
    assert store(database, archive).id != store(database, archive).id
    with database.read() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(original)).scalar() == 1


def test_a_rolled_back_document_leaves_no_row(database: Database, archive: Archive) -> None:
    with database.engine.connect() as conn, conn.begin() as transaction:
        store_document(
            conn,
            archive,
            case_id=None,
            kind="draft",
            name="a.pdf",
            title="A",
            media_type="application/pdf",
            data=b"x",
            at=AT,
        )
        transaction.rollback()
    with database.read() as conn:
        assert conn.execute(sa.select(document)).all() == []


def test_delivery_keeps_its_first_instant(database: Database, archive: Archive) -> None:
    stored = store(database, archive)
    for at in (AT, LATER):
        with database.write() as conn:
            release(conn, [stored.id], at)
    with database.read() as conn:
        assert get_document(conn, stored.id).released_at == AT


def test_an_unknown_document_is_not_found(database: Database, archive: Archive) -> None:
    with database.read() as conn:
        assert list_documents(conn, uuid4()) == []
        with pytest.raises(NotFound):
            read_document(conn, archive, uuid4())


def test_a_code_answers_only_for_what_was_issued(database: Database, archive: Archive) -> None:
    store(database, archive, b"borrador", kind="draft", code=CODE)
    with database.read() as conn:
        assert find_by_code(conn, CODE) is None
    issued = store(database, archive, b"firmado", code=CODE)
    with database.read() as conn:
        assert find_by_code(conn, "7k3mq9px2b4h") == issued
        assert find_by_code(conn, "7K3M-Q9PX-2B4J") is None
        assert find_by_code(conn, "no es un código") is None


def test_a_new_name_gets_a_new_code(database: Database) -> None:
    case_id = uuid4()
    with database.read() as conn:
        assert code_of(conn, case_id, "a.pdf") != code_of(conn, case_id, "b.pdf")


def test_a_file_is_found_by_its_bytes_and_by_those_it_begins_with(database: Database, archive: Archive) -> None:
    pdf = certificate().bytes
    issued = store(database, archive, pdf)
    with database.read() as conn:
        assert find_original(conn, pdf) == Match(issued, "exact")
        assert find_original(conn, pdf + b"%more\nstartxref\n1\n%%EOF\n") == Match(issued, "begins")
        assert find_original(conn, pdf[:-10]) is None
        assert find_original(conn, b"") is None


def test_an_altered_copy_is_found_by_the_code_that_it_carries(database: Database, archive: Archive) -> None:
    pdf = certificate().bytes
    issued = store(database, archive, pdf, code=CODE)
    altered = saved_anew(pdf)
    assert altered != pdf
    with database.read() as conn:
        assert find_original(conn, altered) == Match(issued, "claims")
        assert find_original(conn, pdf[:-10]) == Match(issued, "claims")


def test_of_two_revisions_that_match_the_longer_is_the_original(database: Database, archive: Archive) -> None:
    pdf = certificate().bytes
    store(database, archive, pdf)
    signed = store(database, archive, pdf + b"%sig\nstartxref\n1\n%%EOF\n")
    with database.read() as conn:
        found = find_original(conn, pdf + b"%sig\nstartxref\n1\n%%EOF\n%junk")
    assert found is not None
    assert found.document == signed
