"""The circuit on its bad days: the mail servers away for a day, a certificate revoked while the signed acta travels, a docente
whose registered address changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from asn1crypto import x509

from engine.app import build
from engine.clock import SystemClock
from engine.inbound.worker import run_queued
from engine.mail.incoming import MailAway
from engine.people import change_address
from engine.signing import add_pkcs12, verify_pdf
from engine.storage.tables import document, incident, mail, signing_key
from tests.processes.world import PIN, World, open_world
from tests.support.dovecot import Dovecot
from tests.support.mail_circuit import SIGNER, Circuit
from tests.support.pki import Authority
from tests.support.smtp import free_port

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def world(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[World]:
    with open_world(database_url, tmp_path, authority.pki) as opened:
        opened.publish("acta_examen")
        yield opened


def without_smtp(world: World) -> World:
    """The same office; nothing answers where its mail server was."""
    config = world.app.config.model_copy(update={"smtp_port": free_port()})
    return replace(world, app=build(config, world.clock))


def subjects(world: World) -> list[str]:
    return [str(letter["Subject"]).split(":")[0] for letter in world.smtp.messages]


@pytest.mark.req("R-35", "R-36", "R-40", "R-41")
def test_with_the_mail_servers_away_for_a_day_letters_wait_and_each_leaves_once_in_its_order(world: World) -> None:
    with Dovecot() as imap:
        away = without_smtp(world)
        circuit = Circuit(away, imap)
        base = circuit.acta.base
        for _ in range(24):
            world.clock.advance(HOUR)
            run_queued(away.app)
        [waiting] = circuit.all(sa.select(mail.c.status, mail.c.error))
        assert (waiting.status, circuit.all(sa.select(incident.c.id)), world.smtp.received) == ("prepared", [], [])
        assert "no responde" in waiting.error
        away.app.close()
        circuit.world = world  # the server is back
        for _ in range(2):
            run_queued(world.app)
        assert subjects(world) == [f"Acta de examen {base}", f"Acta de examen {base} para cargar"]
        circuit.post("docente", f"{base}.docx", circuit.filled())
        imap.stop()
        for _ in range(3):
            world.clock.advance(8 * HOUR)
            with pytest.raises(MailAway):
                circuit.read()
        imap.start()
        assert (circuit.read(), circuit.read()) == (1, 0)
    assert circuit.state() == "en_control"
    known = [letter["Message-ID"] for letter in world.smtp.messages]
    assert len(known) == len(set(known)) == 3, "none left twice"
    assert {row.status for row in circuit.all(sa.select(mail.c.status))} == {"sent"}


@pytest.mark.req("R-9", "R-43", "R-47")
def test_what_was_signed_with_a_certificate_revoked_before_it_came_is_refused_and_a_new_one_serves(
    world: World, imap: Dovecot
) -> None:
    circuit, pki = Circuit(world, imap), world.pki
    first = new_key(world)
    circuit.write("docente", f"{circuit.acta.base}.docx", circuit.filled())
    circuit.complete("controlar_acta", "departamento:quimica", decision_control="correcta")
    on_its_way = circuit.signed(first)
    pki.revoke(serial(circuit))
    late = circuit.write(SIGNER, f"{circuit.acta.base}.pdf", on_its_way)
    assert (late.status, circuit.state(), len(circuit.open("firmar_acta"))) == ("refused", "a_firma", 1)
    assert "revocado" in (late.reason or "")
    second = new_key(world)
    good = circuit.write(SIGNER, f"{circuit.acta.base}.pdf", circuit.signed(second))
    assert (good.status, good.reason, circuit.state()) == ("filed", None, "recibida")
    assert len(circuit.open("validar_acta")) == 1
    pki.revoke(serial(circuit))
    rows = circuit.all(sa.select(document).where(document.c.case_id == circuit.case_id, document.c.kind == "issued"))
    [kept] = [row.sha256 for row in rows if row.signatures]
    verdict = verify_pdf(world.app.archive.get(kept), world.app.signing.trust, original=None, at=world.clock.now())
    assert verdict.accepted, "it was good when it came, and bears the proof"


@pytest.mark.req("R-41", "R-45")
def test_the_address_that_is_registered_that_day_is_written_to_and_answered_from(world: World, imap: Dovecot) -> None:
    circuit = Circuit(world, imap)
    filled = circuit.filled()
    before = SystemClock().now() - timedelta(seconds=2)  # the mail server's clock, which counts whole seconds
    with world.app.database.write() as conn:
        change_address(conn, world.person("docente"), "irene.nueva@une.example", before)
    name = f"{circuit.acta.base}.docx"
    old = circuit.write("docente", name, filled, sender="docente@une.example")
    new = circuit.write("docente", name, filled, subject="La misma, de mi dirección")
    assert (old.status, new.status, circuit.state()) == ("refused", "filed", "en_control")
    assert "no es la registrada" in (old.reason or "")
    loaded = next(one for one in world.smtp.messages if one["Subject"].startswith("Acta cargada"))
    assert "irene.nueva@une.example" in str(loaded["Cc"])
    assert "docente@une.example" not in str(loaded["Cc"])


def new_key(world: World) -> bytes:
    """The authority's certificate from now on."""
    data = world.pki.person_pkcs12("Elena Carrión Ugarte", None, PIN)
    with world.app.database.write() as conn:
        conn.execute(signing_key.delete().where(signing_key.c.person_id == world.person(SIGNER)))
        add_pkcs12(conn, world.person(SIGNER), data, PIN, "Firma", world.clock.now())
    return data


def serial(circuit: Circuit) -> int:
    of = sa.select(signing_key.c.certificate).where(signing_key.c.person_id == circuit.world.person(SIGNER))
    [row] = circuit.all(of)
    return int(x509.Certificate.load(row.certificate).serial_number)
