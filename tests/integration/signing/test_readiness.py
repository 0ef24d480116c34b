"""Whether somebody can sign is known before the acta is sent to them (R-23)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from asn1crypto import x509

from engine.operations.signer_readiness import Readiness, SignerReadiness, SignersReady
from engine.signing import Trust, add_certificate, add_pkcs12
from engine.storage.tables import signing_key
from tests.support.batch_office import BatchOffice, open_batch_office
from tests.support.pki import PIN, Authority

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
DAY = timedelta(days=1)


@pytest.fixture
def office(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[BatchOffice]:
    with open_batch_office(database_url, tmp_path / "data", authority.pki) as opened:
        yield opened


def ready(office: BatchOffice, role: str = "secretario_general", **tools: Any) -> SignersReady:
    call: Any = SimpleNamespace(tools=replace(office.app.tools, **tools), process="constancia")
    return SignerReadiness().run(Readiness(role=role), call)


def give(office: BatchOffice, data: bytes) -> None:
    with office.app.database.write() as conn:
        conn.execute(signing_key.delete())
        add_pkcs12(conn, office.people["general"], data, PIN, "Firma", office.app.clock.now())


@pytest.mark.req("R-23")
def test_a_signer_with_a_good_certificate_is_ready_and_every_other_is_told_what_is_wrong(
    office: BatchOffice, authority: Authority
) -> None:
    now = office.app.clock.now()
    assert [one["nombre"] for one in ready(office).firmantes] == ["Fiorella D'Angelo"]
    distrusted = ready(office, signing=replace(office.app.signing, believed=Trust()))
    assert "no viene de una autoridad" in distrusted.problemas[0]
    give(office, authority.pki.person_pkcs12("Fiorella", None, PIN, until=now + 5 * DAY))
    ending = ready(office)
    assert not ending.listo
    assert "debe renovarlo antes de firmar" in ending.problemas[0]
    p12 = authority.pki.person_pkcs12("Fiorella", None, PIN)
    give(office, p12)
    assert ready(office).listo
    (row,) = office.all(signing_key.select())
    serial = x509.Certificate.load(row.certificate).serial_number
    authority.pki.revoke(serial)
    assert "fue revocado" in ready(office).problemas[0]
    with office.app.database.write() as conn:
        conn.execute(signing_key.delete())
        public = authority.person("Fiorella").certificate  # who signs with another program registered it alone
        add_certificate(conn, office.people["general"], public, "fiorella.cer", now)
    assert ready(office).listo
    with office.app.database.write() as conn:
        conn.execute(signing_key.delete())
    assert "no tiene un certificado de firma" in ready(office).problemas[0]
    assert ready(office, "rectorado").problemas == ["Nadie ejerce hoy la función que debe firmar."]
