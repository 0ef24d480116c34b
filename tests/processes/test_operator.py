"""A finished case in the operator's hands: replayed, exported, sealed, verified by file, backed up."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine.documents import list_documents, read_document
from engine.history.case_file import find_case, get_case
from engine.signing import DemoPki
from engine.storage.tables import document
from tests.processes.player import Player
from tests.processes.world import World
from web.cli import main

Run = Callable[..., str]


@pytest.fixture
def cartulario(world: World, pki: DemoPki, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command on the world's own installation."""
    settings: dict[str, Any] = {"database_url": world.app.config.database_url, "data_dir": world.app.config.data_dir}
    for name, value in (settings | pki.settings()).items():
        monkeypatch.setenv(f"CARTULARIO_{name.upper()}", str(getattr(value, "get_secret_value", lambda v=value: v)()))

    def run(*arguments: Any, code: int = 0) -> str:
        done = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert done.exit_code == code, (done.output, done.exception)
        return done.output

    return run


@pytest.fixture
def finished(world: World) -> str:
    """The number of a case that went to its end."""
    definition = world.app.definitions.get(world.publish("solicitar_certificacion"))
    player = Player(world, definition)
    player.play(definition.scenarios[0])
    with world.app.database.read() as conn:
        return get_case(conn, player.case_id).number


@pytest.fixture
def certificate(world: World, finished: str) -> bytes:
    with world.app.database.read() as conn:
        issued = [d for d in list_documents(conn, find_case(conn, finished).id) if d.kind == "issued"]
        return read_document(conn, world.app.archive, issued[-1].id)[1]


def test_it_replays_to_the_same_states(cartulario: Run, finished: str) -> None:
    assert cartulario("replay", finished).strip().endswith("identical")


@pytest.mark.req("R-5")
def test_an_event_that_was_changed_behind_the_triggers_is_named(cartulario: Run, finished: str, world: World) -> None:
    assert "cadena íntegra" in cartulario("audit", "verify")
    with world.app.database.write() as conn:
        if world.app.database.is_sqlite:
            conn.exec_driver_sql("DROP TRIGGER event_no_update")
        else:
            conn.exec_driver_sql("ALTER TABLE event DISABLE TRIGGER event_no_update")
        conn.exec_driver_sql("UPDATE event SET data = '{}' WHERE n = 2")
    answer = cartulario("audit", "verify", code=1)
    assert f"{finished}: El contenido del evento 2 no es el que se registró." in answer


@pytest.mark.req("R-5", "R-9")
def test_a_document_that_was_changed_or_deleted_behind_the_triggers_is_named(
    cartulario: Run, finished: str, world: World
) -> None:
    with world.app.database.read() as conn:
        documents = list_documents(conn, find_case(conn, finished).id)
    issued = [one for one in documents if one.kind == "issued"]
    draft = next(one for one in documents if one.kind == "draft")
    whole = cartulario("audit", "verify")
    assert f"{len(documents)} documentos comparados con su historia; 0 emitidos sin huella en ella" in whole
    with world.app.database.write() as conn:
        if world.app.database.is_sqlite:
            kept = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'document'"
            for name in conn.exec_driver_sql(kept).scalars().all():
                conn.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            conn.exec_driver_sql("ALTER TABLE document DISABLE TRIGGER USER")
        mine = document.c.id == issued[-1].id
        conn.execute(document.update().where(mine).values(sha256=draft.sha256))  # the draft, as if it were the original
    answer = cartulario("audit", "verify", code=1)
    assert f"{finished}: el documento «{issued[-1].name}», que registró el evento" in answer
    assert "con daños" in answer
    with world.app.database.write() as conn:
        conn.execute(document.update().where(mine).values(sha256=issued[-1].sha256))
        conn.execute(document.delete().where(document.c.id == draft.id))
    answer = cartulario("audit", "verify", code=1)
    assert f"{finished}: falta el documento «{draft.name}», que registró el evento" in answer


def test_it_is_exported_for_those_who_check_elsewhere(cartulario: Run, finished: str, tmp_path: Path) -> None:
    cartulario("export", finished, "--format", "json", "--out", tmp_path / "caso.json")
    exported = json.loads((tmp_path / "caso.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO(cartulario("export", finished, "--format", "csv").lstrip("\ufeff"))))
    assert [event["hash"] for event in exported["events"]] == [row["hash"] for row in rows]


@pytest.mark.req("R-9")
def test_its_document_is_accepted_and_one_changed_byte_is_not(
    cartulario: Run, certificate: bytes, tmp_path: Path
) -> None:
    (tmp_path / "certificacion.pdf").write_bytes(certificate)
    assert "Es nuestro documento original, y su firma es válida." in cartulario(
        "verify", tmp_path / "certificacion.pdf"
    )
    changed = bytearray(certificate)
    changed[len(changed) // 3] ^= 1
    (tmp_path / "cambiada.pdf").write_bytes(changed)
    assert "No confíe en este archivo" in cartulario("verify", tmp_path / "cambiada.pdf", code=1)
