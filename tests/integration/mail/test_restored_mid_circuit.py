"""A restore from backup in the middle of a circuit: what came after the backup is read again and happens once, and no name that
was given meanwhile is given to another acta (R-30, R-33, R-34)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from engine.actas.examen import CIRCUIT, steps_of
from engine.app import build
from engine.errors import InvalidAnswers
from engine.mail.incoming import mails
from engine.storage.unit_of_work import Database
from engine.upkeep import close_books
from tests.processes.world import World, open_world
from tests.support import postgres
from tests.support.dovecot import Dovecot
from tests.support.examen import AT, actas, open_mesa
from tests.support.mail_circuit import SIGNER, Circuit
from tests.support.pki import Authority
from web.cli import main


@pytest.fixture
def world(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[World]:
    with open_world(database_url, tmp_path, authority.pki) as opened:
        opened.publish("acta_examen")
        yield opened


def cartulario(monkeypatch: pytest.MonkeyPatch, url: str, folder: Path, *arguments: str) -> str:
    with monkeypatch.context() as patched:
        patched.setenv("PATH", f"{postgres.programs(sa.make_url(url))}:/usr/bin:/bin")
        patched.setenv("CARTULARIO_DATABASE_URL", url)
        patched.setenv("CARTULARIO_DATA_DIR", str(folder))
        done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


def restored(world: World, url: str, folder: Path) -> World:
    config = world.app.config.model_copy(update={"database_url": url, "data_dir": folder})
    return replace(world, app=build(config, world.clock))


@pytest.mark.req("R-30", "R-33", "R-34", "R-46", "R-53")
def test_after_a_restore_the_mail_is_read_again_the_acta_ends_once_and_no_name_is_given_twice(
    world: World,
    database_url: str,
    empty_database_url: str,
    tmp_path: Path,
    imap: Dovecot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copy, after = tmp_path / "copia.tar", tmp_path / "after"
    circuit = Circuit(world, imap)
    first = circuit.acta.base
    circuit.write("docente", f"{first}.docx", circuit.filled())
    circuit.complete("controlar_acta", "departamento:quimica", decision_control="correcta")
    circuit.post(SIGNER, f"{first}.pdf", circuit.signed())
    cartulario(monkeypatch, database_url, tmp_path, "backup", str(copy))
    assert (circuit.read(), circuit.state()) == (1, "recibida")
    lost = Circuit(world, imap, curso="Numerada después de la copia")
    lost.box = circuit.box
    year = lost.acta.base[:4]
    assert lost.acta.base == f"{year}-L0001-F0002"
    lost.post("docente", f"{lost.acta.base}.docx", lost.filled())

    slips = ("--last-acta", f"{year}-L9001-F0017", "--last-number", f"AE-{year}-4004318")
    told = cartulario(monkeypatch, empty_database_url, after, "restore", str(copy), *slips)
    assert told.count("No se tomó en cuenta") == 2, "a slip is told, and stops nothing"
    assert f"Se cerró el libro 1 de {year}; su último folio conocido es el 1." in told
    assert "sigue en el 002001." in told, "nor is a number of a case given twice"
    more = cartulario(monkeypatch, empty_database_url, after, "skip-numbers", f"AE-{year}-004318")
    assert more.splitlines() == [f"AE-{year}: el último que consta es el 002000; sigue en el 006001."]
    circuit.world = again = restored(world, empty_database_url, after)
    assert circuit.state() == "a_firma"
    assert (circuit.read(), circuit.read()) == (2, 0), "what was read before the backup is not read again"
    with again.app.database.read() as conn:
        stands = {one.base: one.status for one in mails(conn)}
        assert stands == {first: "filed", lost.acta.base: "refused"}
    assert circuit.state() == "recibida"
    circuit.complete("validar_acta", "sgpyec", decision_validacion="validar")
    with again.app.database.read() as conn:
        went = [step.to for step in steps_of(conn, circuit.acta.id)]
    assert went == list(CIRCUIT[:-1]), "each step once, to the lock"
    signed = [one["Message-ID"] for one in world.smtp.messages if one["Subject"].startswith(f"Acta firmada {first}")]
    assert len(signed) == 2, "it left before and after"
    assert len(set(signed)) == 1, "for who receives both, one letter"

    following = Circuit(again, imap, curso="Numerada después de restaurar")
    assert following.acta.base == f"{year}-L0002-F0001"
    again.app.close()


@pytest.mark.req("R-30", "R-34")
def test_the_libros_that_somebody_saw_since_the_backup_are_skipped_too(database: Database) -> None:
    open_mesa(database, 1)
    with pytest.raises(InvalidAnswers):
        close_books(database, AT, ["2026-L0900-F0001"])
    closed = close_books(database, AT, ["2026-L0003-F0017", "2025-L0001-F0002"])
    assert [(one.year, one.number, one.last) for one in closed] == [
        (2026, 1, 1),
        (2026, 2, 0),
        (2026, 3, 0),
        (2025, 1, 0),
    ]
    assert close_books(database, AT, ["2026-L0002-F0009"]) == []
    (made,) = actas(database, open_mesa(database, 1))
    assert made.base == "2026-L0004-F0001"


def test_a_copy_after_which_nothing_was_numbered_goes_on_in_its_libros(
    database_url: str, empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = Database(database_url), Database(empty_database_url)
    open_mesa(here, 1)
    cartulario(monkeypatch, database_url, tmp_path, "backup", str(tmp_path / "copia.tar"))
    restore = ("restore", str(tmp_path / "copia.tar"), "--nothing-since")
    told = cartulario(monkeypatch, empty_database_url, tmp_path / "after", *restore)
    assert not {"libro", "sigue"} & set(told.split())
    (made,) = actas(there, open_mesa(there, 1))
    assert made.folio == 2
    here.close()
    there.close()
