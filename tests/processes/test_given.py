"""What the check of templates believes that a template is given is what it is really given."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.config import ROOT
from engine.definitions import new_service
from engine.definitions.shapes import CASE
from engine.documents import house
from engine.operations.given import HOUSE, OF_DOCUMENTS, OF_MAILS
from engine.storage.tables import event
from tests.processes.player import Player
from tests.processes.world import World

PROCESS = "solicitar_horario"


def shown(given: Any, path: str = "") -> str:
    """Every field of that form, written as a template does."""
    return " ".join(
        shown(inner, f"{path}{name}.") if inner else f"{{{{ {path}{name} }}}}" for name, inner in given.items()
    )


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_document_and_a_mail_that_show_all_that_is_given_are_filled(tmp_path: Path, world: World) -> None:
    for kind in ("bpmn", "forms"):
        shutil.copytree(ROOT / kind / "_plantilla", tmp_path / kind / "_plantilla")
    for name in ("_comunes", "_base"):
        shutil.copytree(ROOT / "forms" / name, tmp_path / "forms" / name)
    new_service(PROCESS, tmp_path / "bpmn", tmp_path / "forms")
    forms = tmp_path / "forms" / PROCESS
    page = (forms / "respuesta.html").read_text(encoding="utf-8")
    whole = shown({**OF_DOCUMENTS, "tramite": CASE})
    (forms / "respuesta.html").write_text(page.replace("<p>{{ respuesta }}", f"<p>{whole} {{{{ respuesta }}}}"))
    with (forms / "respondida.txt").open("a", encoding="utf-8") as mail:
        mail.write(shown({**OF_MAILS, "tramite": CASE}))
    definition = world.app.definitions.get(world.publish(PROCESS, tmp_path / "bpmn", tmp_path / "forms"))
    Player(world, definition).play(definition.scenarios[0])
    with world.app.database.read() as conn:
        begun = conn.execute(sa.select(event.c.data).where(event.c.kind == "case_started")).scalar_one()
    given = json.loads(begun)["data"]["tramite"]
    assert set(given) == set(CASE)
    assert set(given["solicitante"]) == set(CASE["solicitante"] or ())
    assert set(house(world.app.config)) == set(HOUSE)
