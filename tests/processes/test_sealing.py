"""Service B3 to its end: what is delivered holds what was brought, and anybody can verify either."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
import sqlalchemy as sa

from engine.definitions import parse_scenarios
from engine.documents import Document, find_by_code, find_original, find_sealed, list_documents
from engine.signing import verify_pdf
from engine.storage.tables import matriz
from tests.processes.player import Player
from tests.processes.world import World
from tests.support.prepared import foreign, photograph
from web.app import create_app
from web.security import limiter

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # the scenarios run on both
FOREIGN, PHOTO = 1, 2  # of escenarios.toml


def played(world: World, number: int) -> Player:
    definition = world.app.definitions.get(world.publish("solicitar_sellado"))
    player = Player(world, definition)
    player.play(parse_scenarios(definition.bundle.text("escenarios.toml"))[number])
    return player


def files(player: Player) -> tuple[Document, bytes, Document, bytes]:
    """What was brought and what was delivered."""
    app = player.world.app
    with app.database.read() as conn:
        documents = list_documents(conn, player.case_id)
    delivered = next(d for d in documents if d.released_at is not None)
    told = delivered.facts[-1][1].replace(" ", "")
    brought = next(d for d in documents if d.kind == "upload" and d.sha256 == told)
    return brought, app.archive.get(brought.sha256), delivered, app.archive.get(delivered.sha256)


def ask_the_verifier(world: World, data: bytes, name: str) -> str:
    client = create_app(world.app).test_client()
    page = client.get("/verificar").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    limiter.reset()
    form = {"csrf_token": token, "codigo": "", "archivo": (io.BytesIO(data), name)}
    return client.post("/verificar", data=form, content_type="multipart/form-data").text


@pytest.mark.req("C-45", "C-46", "C-19", "C-53")
def test_the_sealed_certificate_begins_with_the_file_that_was_brought(world: World, tmp_path: Path) -> None:
    brought, before, delivered, after = files(played(world, FOREIGN))
    assert before == foreign()
    assert after.startswith(before)
    assert len(pikepdf.open(io.BytesIO(after)).pages) == 2
    (tmp_path / "sellado.pdf").write_bytes(after)
    assert subprocess.run(["qpdf", "--check", tmp_path / "sellado.pdf"], capture_output=True).returncode == 0
    told = subprocess.run(["pdfsig", "-nocert", tmp_path / "sellado.pdf"], capture_output=True, text=True).stdout
    assert told.count("Signature is Valid.") == 2  # the Secretario General's and the institution's
    assert [one["role"] for one in delivered.signatures] == ["Secretario General", "Sello electrónico institucional"]
    verdict = verify_pdf(after, world.app.signing.trust, original=after, at=world.clock.now())
    assert verdict.accepted, verdict.answers
    with world.app.database.read() as conn:
        assert find_by_code(conn, delivered.code or "") == delivered
        assert getattr(find_original(conn, after), "how", None) == "exact"
        assert find_sealed(conn, brought.sha256) == delivered
        row = conn.execute(sa.select(matriz)).one()
    assert (row.holder, row.identity) == ("Joaquín Sebastián D’Angelo Núñez", None)  # another's number is not theirs
    assert "Es nuestro documento original" in ask_the_verifier(world, after, "sellado.pdf")
    page = ask_the_verifier(world, before, "ajeno.pdf")
    assert "Es el archivo que nos presentaron para sellar" in page
    assert delivered.code in page


@pytest.mark.req("C-45")
def test_a_photograph_is_on_a_page_with_its_own_bytes(world: World) -> None:
    _brought, before, _delivered, after = files(played(world, PHOTO))
    assert before == photograph()
    assert before in after
    assert "Es el archivo que nos presentaron para sellar" in ask_the_verifier(world, before, "foto.jpg")
