"""A program completes a task that asks for a signature: with the PIN, or with the file that was signed elsewhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from engine import people
from engine.storage.tables import document
from tests.integration.api.conftest import Caller
from tests.support.batch_office import BatchOffice, open_batch_office
from tests.support.outside_signer import sign_outside
from tests.support.pki import PIN, Authority, authority  # noqa: F401 - a fixture
from web.app import create_app

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # nothing here is a matter of the database


@pytest.fixture
def office(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[BatchOffice]:  # noqa: F811
    with open_batch_office(database_url, tmp_path / "data", authority.pki) as opened:
        opened.start(2)
        yield opened


@pytest.fixture
def general(office: BatchOffice) -> Caller:
    with office.app.database.write() as conn:
        who = office.people["general"]
        people.update_person(conn, who, identity_kind="cedula", identity_number="0912345675")
        token = people.create_token(conn, who, "prueba", office.app.clock.now())
    return Caller(create_app(office.app).test_client(), token)


@pytest.mark.req("R-9")
def test_with_the_pin_or_with_the_file_signed_elsewhere(
    office: BatchOffice,
    general: Caller,
    authority: Authority,  # noqa: F811
) -> None:
    here, there = office.open_tasks("firmar")
    asked = {"answers": {"decision": "firmar"}, "request_id": str(uuid4())}
    wrong = general.post(f"/tasks/{here}/completion", {**asked, "pin": "0000"})
    assert (wrong.status_code, wrong.mimetype) == (422, "application/problem+json")
    assert general.post(f"/tasks/{here}/completion", {**asked, "pin": PIN}).status_code == 200
    drafts = [row for row in office.all(document.select().order_by(document.c.created_at)) if row.kind == "draft"]
    p12 = authority.pki.person_pkcs12("Fiorella en otra parte", "0912345675", PIN)
    returned = sign_outside(office.app.archive.get(drafts[-1].sha256), p12, PIN, office.app.clock.now())
    sent = general("POST", "/uploads", data={"file": (io.BytesIO(returned), "constancia.pdf")})
    asked = {**asked, "request_id": str(uuid4()), "signed": sent.json["id"]}
    stranger = general.post(f"/tasks/{there}/completion", {**asked, "signed": str(uuid4())})
    assert stranger.status_code == 404
    assert general.post(f"/tasks/{there}/completion", asked).status_code == 200
    assert len(office.issued()) == 2
