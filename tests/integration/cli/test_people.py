"""``cartulario person``: a charge ended or lent, an account closed, a person corrected; each on record, with who did it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from engine import people
from engine.actas import examen as exam
from engine.storage.unit_of_work import Database
from tests.support import examen
from web.cli import charges, main

DAY = timedelta(days=1)
Run = Callable[..., str]


def today() -> date:
    return datetime.now(ZoneInfo("America/Guayaquil")).date()


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """With two people: rosa is secretaria since 2024, tadeo nothing."""
    monkeypatch.setenv("CARTULARIO_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CARTULARIO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SUDO_USER", "ana")
    monkeypatch.setattr(charges, "SYSLOG", tmp_path / "none")

    def call(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, ["person", *arguments])
        assert done.exit_code == code, (done.output, done.exception)
        return done.output

    for name, given, family in (("rosa", "Rosa Elvira", "Peñafiel"), ("tadeo", "Tadeo", "Güemes")):
        names = ("--given-names", given, "--family-names", family, "--email", f"{name}@une.example")
        call("add", name, *names, "--password", "una frase larga y mía")
    call("grant", "rosa", "secretaria", "--since", "2024-01-01")
    return call


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@pytest.mark.req("C-7")
def test_a_charge_ends_on_its_last_day_and_stays_on_record(run: Run) -> None:
    told = run("end", "rosa", "secretaria", "--on", str(today() - DAY))
    assert f"hasta el {today() - DAY:%d/%m/%Y}, inclusive" in told
    assert re.search(r"cartulario\[\d+\]: person end: rosa secretaria \S+ \(by operator .+, as ana\)", told)
    shown = run("show", "rosa")
    assert f"secretaria  2024-01-01 a {today() - DAY}  terminada" in shown
    assert "Hoy puede actuar como: nada" in shown
    assert "no tiene la función secretaria" in run("end", "rosa", "secretaria", code=1)
    assert "rosa" not in run("list")


@pytest.mark.req("C-7")
def test_an_acting_holder_is_granted_until_a_day_and_no_longer_than_that(run: Run) -> None:
    until = today() + 9 * DAY
    assert "secretario_general (e) desde" in run(
        "grant", "tadeo", "secretario_general", "--acting", "--until", str(until)
    )
    assert f"secretario_general (e)  {today()} a {until}" in run("show", "tadeo")
    assert "termina ya" in run("end", "tadeo", "secretario_general", "--on", str(until + DAY), code=1)
    run("grant", "tadeo", "archivo", "--since", str(today() + 3 * DAY))
    assert "no llega a tener" in run("end", "tadeo", "archivo", "--on", str(today()))
    assert "archivo" not in run("show", "tadeo")
    assert "Escriba la función" in run("grant", "tadeo", "Secretaría General", code=1)
    assert "ya tiene esa función" in run("grant", "tadeo", "secretario_general", code=1)


@pytest.mark.req("C-24")
def test_a_function_is_lent_with_its_reason_and_taken_back(run: Run) -> None:
    lend = ("delegate", "rosa", "secretaria", "--to", "tadeo", "--reason", "Memorando 12", "--until")
    until = str(today() + 5 * DAY)
    assert "tadeo actúa como secretaria, por rosa" in run(*lend, until)
    assert f"secretaria recibida de «rosa»  {today()} a {until}  Memorando 12" in run("show", "tadeo")
    assert "lo que subrogó sigue en pie" in run("end", "rosa", "secretaria", "--on", str(today())).lower()
    assert "ya no actúa" in run("revoke-delegation", "rosa", "secretaria", "--to", "tadeo")
    assert "Memorando 12  revocada" in run("show", "rosa")
    assert "no tiene subrogada" in run("revoke-delegation", "rosa", "secretaria", "--to", "tadeo", code=1)
    assert "no vale hacia atrás" in run(*lend, until, "--from", str(today() - DAY), code=1)
    assert "un año como máximo" in run(*lend, str(today() + 400 * DAY), code=1)
    assert "por derecho propio" in run("delegate", "tadeo", *lend[2:4], "rosa", *lend[5:], until, code=1)
    assert "proceso publicado" in run(*lend, until, "--process", "ninguno", code=1)


def test_a_closed_account_ends_what_was_open_and_reopening_brings_none_of_it_back(run: Run, database: Database) -> None:
    now = datetime.now(ZoneInfo("UTC"))
    with database.write() as conn:
        rosa = people.find_person(conn, "rosa")
        assert rosa is not None
        token = people.create_token(conn, rosa.id, "informe", now)
        session = people.open_session(conn, rosa.id, "10.0.0.9", None, now, 8)
    shown = run("show", "rosa")
    assert "desde 10.0.0.9" in shown
    assert "informe, vence el" in shown
    assert "está cerrada" in run("close", "rosa")
    assert "[cuenta cerrada]" in run("list", "peñafiel")
    assert "cuenta CERRADA" in run("show", "rosa")
    run("reopen", "rosa")
    shown = run("show", "rosa")
    assert "cuenta abierta" in shown
    assert "Hoy puede actuar como: secretaria" in shown
    with database.read() as conn:
        assert people.token_person(conn, token, now) is None
        assert people.session_person(conn, session, now) is None
    assert "terminaron: 0" in run("end-sessions", "rosa")


def test_a_person_is_corrected_and_no_document_is_of_two(run: Run) -> None:
    assert "Ñáñez, Rosa Elvira" in run("correct", "rosa", "--family-names", "Ñáñez", "--profile", "graduado")
    assert "Diga cuál es el documento" in run("correct", "rosa", "--identity", "30123456", code=1)
    assert "dni 30123456" in run("correct", "rosa", "--identity", "30.123.456", "--identity-kind", "dni")
    assert "Revise el DNI" in run("correct", "rosa", "--identity", "3012", code=1)
    taken = run("correct", "tadeo", "--identity", "30123456", "--identity-kind", "dni", code=1)
    assert "Ese documento es de Ñáñez, Rosa Elvira («rosa»)" in taken
    who = (
        "--given-names",
        "Inés",
        "--family-names",
        "Sol",
        "--email",
        "i@une.example",
        "--password",
        "otra frase larga",
    )
    assert "es de Ñáñez" in run("add", "ines", *who, "--identity", "30123456", "--identity-kind", "dni", code=1)
    assert "Elija el documento" in run("add", "ines", *who, "--identity", "30123456", code=1)
    run("add", "ines", *who, "--identity", "30123456", "--identity-kind", "pasaporte")
    assert "Documento: pasaporte 30123456" in run("show", "ines")
    run("correct", "rosa", code=2)
    assert "No hay ninguna persona «nadie»" in run("show", "nadie", code=1)


def test_what_the_operator_did_is_on_record_with_their_name(run: Run) -> None:
    run("address", "rosa", "nueva@une.example")
    run("password", "rosa", "--password", "otra frase más larga")
    told = run("changes", "rosa")
    assert "email': ['rosa@une.example', 'nueva@une.example']" in told
    assert re.search(r"give +rosa +role=secretaria since=2024-01-01 .*\(operador .+, as ana\)", told)
    for what in ("add", "address", "password"):
        assert re.search(rf"UTC  {what} +rosa", told)
    assert "una frase" not in told
    assert "tadeo" not in told
    assert "tadeo" in run("changes")


@pytest.mark.req("R-41")
def test_the_address_of_a_professor_of_a_tribunal_is_registered(run: Run, database: Database) -> None:
    mesa = examen.open_mesa(database, 1, tribunal=(exam.Professor("Ada Nobel"),))
    (acta,) = examen.actas(database, mesa)
    assert "Ada Nobel" in run("tribunal", acta.base)
    assert "SIN CORREO" in run("tribunal", acta.base)
    assert "Escriba una dirección" in run("tribunal", acta.base, "1", "ada", code=1)
    assert "ada@une.example" in run("tribunal", acta.base, "1", "ada@une.example")
    run("tribunal", acta.base, "1", code=2)
