"""``cartulario mail status``: the operator sees which account is read, since when it is not, and what waits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.clock import SystemClock
from engine.inbound.worker import run_queued
from engine.mail.incoming import lease
from engine.storage.unit_of_work import Database
from tests.support.mail_desk import MailDesk
from tests.support.one_job import open_office, publish_one_job, requester, start
from tests.support.smtp import free_port
from web.cli import main

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
ACCOUNTS = """{"actas": {"address": "actas@une.example"},
 "departamento:quimica": {"address": "quimica@une.example", "imap_host": "imap.une.example", "imap_password": "secreta"}}"""


def told(code: int) -> str:
    done = CliRunner().invoke(main, ["mail", "status"])
    assert done.exit_code == code, done.output
    return done.output


def test_the_operator_sees_what_is_read_what_fails_and_what_waits(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path), "MAIL_ACCOUNTS": ACCOUNTS}.items():
        monkeypatch.setenv(f"CARTULARIO_{name}", value)
    assert "Todavía no se leyó" in told(1)
    desk = MailDesk.open(database_url, tmp_path)
    desk.receive(desk.written())
    desk.keep(desk.written(subject="otra"))
    database, now = Database(database_url), SystemClock().now()
    with database.write() as conn:
        lease.take(conn, "departamento:quimica", "uno", now)
        lease.note_read(conn, "departamento:quimica", 1, now)
    well = told(0)
    assert "Solo envía" in well
    assert "1 por juzgar, 1 retenidos, 0 aceptados" in well
    with database.write() as conn:
        lease.note_failure(conn, "departamento:quimica", "el servidor de correo no responde", now)
    assert "el servidor de correo no responde" in told(1)
    with database.write() as conn:
        lease.note_read(conn, "departamento:quimica", 1, now - timedelta(hours=1))
    late = told(1)
    assert "Hace demasiado" in late
    assert "secreta" not in late


def test_letters_that_no_server_takes_are_counted_with_the_reason(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTULARIO_DATABASE_URL", database_url)
    office = open_office(database_url, tmp_path, smtp_port=free_port())
    files = {"forms/aviso.txt": b"Asunto: Hola\n\nHola"}
    publish_one_job(office, "send_mail", files, template="'aviso.txt'", to="'solicitante'")
    start(office, requester(office))
    assert "Por salir" not in told(0)
    run_queued(office)
    assert "Por salir: 1 correo, desde" in (away := told(1))
    assert "El correo no salió: el servidor de correo no responde" in away
    office.close()


def test_an_office_without_accounts_is_told_where_to_add_them(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTULARIO_DATABASE_URL", database_url)
    monkeypatch.setenv("CARTULARIO_DATA_DIR", str(tmp_path))
    assert "docs/deploy.md" in told(0)
