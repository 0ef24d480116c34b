"""What somebody sent and never filed is forgotten; what any record or draft names stays, byte for byte."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.archive import Archive, check
from engine.cases.drafts import save_request_draft, start_request_draft
from engine.documents import Document, accept_upload, get_document
from engine.errors import NotFound
from engine.storage.tables import document, original
from engine.storage.unit_of_work import Database
from engine.upkeep import Cleaning, drop_unfiled
from tests.support.office import Office

SENT = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)
NIGHT = SENT + timedelta(days=60)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def send(office: Office, archive: Archive, text: str, case_id: UUID | None = None, at: datetime = SENT) -> Document:
    with office.database.write() as conn:
        made = accept_upload(
            conn, archive, filename="cedula.txt", stream=io.BytesIO(text.encode()), allowed=[".txt"], max_bytes=1024,
            created_by=office.maria, at=at, case_id=case_id,
        )  # fmt: skip
    os.utime(archive.path(made.sha256), (at.timestamp(), at.timestamp()))
    return made


def exists(office: Office, made: Document) -> bool:
    with office.database.read() as conn:
        try:
            get_document(conn, made.id)
        except NotFound:
            return False
    return True


def test_a_file_that_was_never_filed_is_forgotten_with_its_bytes(office: Office, archive: Archive) -> None:
    old, fresh = send(office, archive, "cédula de María"), send(office, archive, "otra", at=NIGHT - timedelta(days=44))
    assert drop_unfiled(office.database, archive, NIGHT, 45) == Cleaning(1, 1, 0)
    assert not exists(office, old)
    assert exists(office, fresh)
    assert not archive.path(old.sha256).exists()
    assert archive.path(fresh.sha256).exists()
    assert drop_unfiled(office.database, archive, NIGHT, 45) == Cleaning(0, 0, 0)
    with office.database.write() as conn:
        assert check(conn, archive, NIGHT).intact


@pytest.mark.req("R-51")
def test_bytes_that_a_case_also_has_are_not_touched(office: Office, archive: Archive) -> None:
    old = send(office, archive, "el mismo título")
    filed = send(office, archive, "el mismo título", office.open_case())
    assert old.sha256 == filed.sha256
    assert drop_unfiled(office.database, archive, NIGHT, 45) == Cleaning(1, 0, 1)
    assert exists(office, filed)
    assert archive.get(filed.sha256) == "el mismo título".encode()


def test_what_a_draft_names_waits_for_its_draft(office: Office, archive: Archive) -> None:
    made = send(office, archive, "todavía se escribe")
    with office.database.write() as conn:
        later = NIGHT - timedelta(days=1)
        draft = start_request_draft(conn, office.maria, "solicitar_certificacion", office.version, {}, later)
        save_request_draft(conn, draft.id, office.maria, office.version, {"adjuntos": [str(made.id)]}, later)
    assert drop_unfiled(office.database, archive, NIGHT, 45).documents == 0
    assert exists(office, made)


def test_a_draft_past_its_thirty_days_leaves_with_its_file_though_its_writer_never_came_back(
    office: Office, archive: Archive
) -> None:
    made = send(office, archive, "se dejó a medias")
    with office.database.write() as conn:
        answers = {"adjuntos": [str(made.id)]}
        start_request_draft(conn, office.maria, "solicitar_certificacion", office.version, answers, SENT)
    assert drop_unfiled(office.database, archive, SENT + timedelta(days=29), 45) == Cleaning(0, 0, 0)
    assert drop_unfiled(office.database, archive, NIGHT, 45) == Cleaning(1, 1, 0, drafts=1)


def test_bytes_put_again_just_now_stay_for_who_put_them(office: Office, archive: Archive) -> None:
    made = send(office, archive, "se envía otra vez")
    archive.put("se envía otra vez".encode())  # somebody's transaction is on its way
    assert drop_unfiled(office.database, archive, NIGHT, 45) == Cleaning(1, 0, 0)
    assert archive.get(made.sha256) == "se envía otra vez".encode()
    again = send(office, archive, "se envía otra vez", office.open_case())
    assert drop_unfiled(office.database, archive, NIGHT, 45) == Cleaning(0, 0, 0)
    assert archive.get(again.sha256)


def test_what_was_let_go_of_and_is_sent_again_is_checked_again(office: Office, archive: Archive) -> None:
    send(office, archive, "vuelve")
    drop_unfiled(office.database, archive, NIGHT, 45)
    back = send(office, archive, "vuelve", office.open_case(), at=NIGHT)
    archive.path(back.sha256).chmod(0o600)
    archive.path(back.sha256).write_text("otra cosa")
    with office.database.write() as conn:
        report = check(conn, archive, NIGHT)
    assert [damage.sha256 for damage in report.damages] == [back.sha256]


def test_a_crash_between_the_records_and_the_bytes_is_finished_the_next_night(office: Office, archive: Archive) -> None:
    made = send(office, archive, "a medias")
    with office.database.write() as conn:
        conn.execute(document.delete().where(document.c.id == made.id))
        conn.execute(original.update().where(original.c.sha256 == made.sha256).values(fixity="leaving"))
    assert drop_unfiled(office.database, archive, NIGHT, 45).originals == 1
    with office.database.read() as conn:
        assert conn.scalar(sa.select(original.c.fixity).where(original.c.sha256 == made.sha256)) == "discarded"
    assert not archive.path(made.sha256).exists()
