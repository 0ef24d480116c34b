"""The circuit of an acta by mail alone, as the articles tell it: with the process as it is published, real mail servers,
and an authority who signs with a program that is not ours (R-35 … R-44)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.signing import verify_pdf
from engine.storage.tables import document
from tests.processes.world import World, open_world
from tests.support.dovecot import Dovecot
from tests.support.mail_circuit import SIGNER, Circuit
from tests.support.pki import Authority

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def world(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[World]:
    with open_world(database_url, tmp_path, authority.pki) as opened:
        opened.publish("acta_examen")
        yield opened


@pytest.mark.req("R-4", "R-10", "R-36", "R-40", "R-41", "R-42", "R-43", "R-45", "R-46")
def test_an_acta_goes_through_its_circuit_by_mail_alone(world: World, imap: Dovecot) -> None:
    circuit = Circuit(world, imap)
    base = circuit.acta.base
    back = circuit.write("docente", f"{base}.docx", circuit.filled(absent=[2]))
    assert (back.status, back.reason) == ("filed", None)
    assert circuit.state() == "en_control"
    assert circuit.open("cargar_calificaciones") == []

    circuit.complete("controlar_acta", "departamento:quimica", decision_control="correcta")
    assert circuit.state() == "a_firma"
    issued = circuit.sent(f"{base}.pdf", SIGNER)
    stranger = circuit.write("docente", f"{base}.pdf", issued)
    assert stranger.status in ("held", "refused")
    unsigned = circuit.write(SIGNER, f"{base}.pdf", issued)
    assert unsigned.status == "refused"
    assert "no trae ninguna firma nueva" in (unsigned.reason or "")
    assert len(circuit.open("firmar_acta")) == 1

    done = circuit.write(SIGNER, f"{base}.pdf", circuit.signed(), subject=f"Re: Acta {base}")
    assert (done.status, done.reason) == ("filed", None)
    assert circuit.open("firmar_acta") == []
    found = circuit.all(
        sa.select(document).where(
            document.c.case_id == circuit.case_id, document.c.name == f"{base}.pdf", document.c.kind == "issued"
        )
    )
    [made] = [row for row in found if row.signatures]
    verdict = verify_pdf(
        world.app.archive.get(made.sha256), world.app.signing.trust, original=issued, at=world.clock.now()
    )
    assert verdict.accepted
    assert circuit.state() in ("firmada", "recibida")
    constancia = circuit.all(sa.select(document.c.name).where(document.c.name == f"{base}-correo.pdf"))
    assert len(constancia) == 1
