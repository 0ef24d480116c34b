"""An acta that was rebuilt goes to its authority by mail, is asked about again, and comes back signed by mail (R-43,
R-55)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine.actas.examen import get_acta
from engine.cases import FireTimers, fire_timers
from engine.definitions import parse_scenarios
from engine.inbound.timers import next_due
from engine.inbound.worker import run_queued
from engine.storage.tables import acta
from tests.processes.player import Player
from tests.processes.world import World, open_world
from tests.support.dovecot import Dovecot
from tests.support.mail_circuit import SIGNER, Circuit
from tests.support.pki import Authority

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def world(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[World]:
    with open_world(database_url, tmp_path, authority.pki) as opened:
        yield opened


class Rebuilt(Circuit):
    """One that waits for its signature, as the first scenario of its process brings it there."""

    def __init__(self, world: World, imap: Dovecot) -> None:
        self.world, self.imap = world, imap
        self.box = f"{uuid4().hex[:8]}@une.example"
        definition = world.app.definitions.get(world.publish("reconstruir_acta"))
        first = parse_scenarios(definition.bundle.files["escenarios.toml"].decode())[0]
        player = Player(world, definition)
        player.case_id = player._start(first).case_id
        player._run_jobs()
        for step in first.steps:
            if step.task == "firmar_acta":
                break
            player._do(step)
            player._run_jobs()
        self.case_id = player.case_id
        with world.app.database.read() as conn:
            self.acta = get_acta(conn, conn.scalars(sa.select(acta.c.id).where(acta.c.case_id == self.case_id)).one())


@pytest.mark.req("R-43", "R-55")
def test_the_authority_is_written_to_reminded_and_answers_by_mail(world: World, imap: Dovecot) -> None:
    circuit = Rebuilt(world, imap)
    base = circuit.acta.base
    assert circuit.state() == "a_firma"
    issued = circuit.sent(f"{base}.pdf", SIGNER)
    subjects = [str(one["Subject"]) for one in world.smtp.messages]
    with world.app.database.read() as conn:
        due = next_due(conn, circuit.case_id)
    assert due is not None
    world.clock.instant = due
    fire_timers(FireTimers(circuit.case_id, due), world.app.engine)
    run_queued(world.app)
    new = [str(one["Subject"]) for one in world.smtp.messages][len(subjects) :]
    assert new == [f"El acta {base} espera su firma"]

    unsigned = circuit.write(SIGNER, f"{base}.pdf", issued)
    assert unsigned.status == "refused"
    done = circuit.write(SIGNER, f"{base}.pdf", circuit.signed(), subject=f"Re: Acta {base}")
    assert (done.status, done.reason) == ("filed", None)
    assert (circuit.open("firmar_acta"), circuit.state()) == ([], "bloqueada")
