"""Who signs only with another program: their certificate in their account, their tasks, a batch; and who of each
Departamento can sign today (R-23).
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from flask import render_template
from werkzeug.test import TestResponse

from engine import people
from engine.actas.examen import put_departamento
from engine.errors import NotFound, SignatureRefused
from engine.inbound.signers import departmental_signers
from engine.signing import Signing, key_of, open_key, readiness, remembered_problem
from engine.signing.demo_certificates import Holder, Points, make_root, make_signer
from engine.signing.person_keys import StoredKey
from engine.storage.tables import signing_key
from tests.support.face import House, Visitor
from web.inbox.pane import Signature

NUMBER = "0912345675"
POINTS = Points("http://127.0.0.1:9")


@pytest.fixture(scope="module")
def root() -> Holder:
    return make_root()


@pytest.fixture(scope="module")
def holder(root: Holder) -> Holder:
    return make_signer(root, POINTS, "Rosa Elvira Peñafiel Güemes", serial_number=NUMBER)


@pytest.fixture(scope="module")
def certificate(holder: Holder) -> bytes:
    return holder.certificate.public_bytes(serialization.Encoding.DER)


@pytest.fixture
def rosa(house: House) -> Visitor:
    with house.app.database.write() as conn:
        people.update_person(conn, house.people["rosa"], identity_kind="cedula", identity_number=NUMBER)
    return house.enter("rosa")


def bring(visitor: Visitor, data: bytes, name: str = "rosa.cer") -> TestResponse:
    fields = {"publico": (io.BytesIO(data), name)}
    return visitor.send("/cuenta/certificado", fields, content_type="multipart/form-data")


def key(house: House, username: str = "rosa") -> StoredKey | None:
    with house.app.database.read() as conn:
        return key_of(conn, house.people[username])


@pytest.mark.req("R-23")
def test_a_certificate_without_its_key_is_registered_and_a_doubt_is_a_warning(
    house: House, rosa: Visitor, certificate: bytes
) -> None:
    assert bring(rosa, certificate).location == "/cuenta#firma"
    page = rosa.open("/cuenta").text
    assert "Firma con otro programa" in page
    assert "Registramos su certificado" in page
    assert "Atención: su certificado no viene de una autoridad" in page
    with house.app.database.read() as conn:
        row = conn.execute(sa.select(signing_key)).one()
    assert (row.kind, row.data, row.label, row.certificate) == ("externo", None, "rosa.cer", certificate)


@pytest.mark.req("R-9")
def test_a_key_somebody_elses_certificate_or_no_certificate_is_told_and_not_kept(
    house: House, rosa: Visitor, holder: Holder, root: Holder
) -> None:
    other = make_signer(root, POINTS, "Rosa Elvira Peñafiel Güemes", serial_number="0900000001").pem()
    for data, said in ((holder.key_pem(), "clave privada"), (other, "otra persona"), (b"%PDF", "no es un certificado")):
        answer = bring(rosa, data)
        assert answer.status_code == 422
        assert said in answer.text
        assert 'id="publico-e"' in answer.text
    assert key(house) is None
    assert rosa.open("/cuenta/certificado").location == "/cuenta#firma"
    assert bring(house.enter("maria"), b"x").status_code == 403


def test_their_task_shows_only_the_way_of_the_other_program_and_a_batch_says_why_not(
    house: House, rosa: Visitor, certificate: bytes
) -> None:
    bring(rosa, certificate)
    document = SimpleNamespace(id=house.people["rosa"], name="acta.pdf")
    pane = SimpleNamespace(signature=Signature(document, key(house), True), error="", outside=False)  # type: ignore[arg-type]
    with house.flask.test_request_context("/bandeja"):
        box = render_template("inbox/sign.html", pane=pane)
    assert 'name="pin"' not in box
    assert 'name="firmado"' in box
    assert '<details class="outside" open>' in box
    with pytest.raises(SignatureRefused, match="firma con otro programa"):
        open_key(house.app.database, house.people["rosa"], "1234", house.clock.now())


@pytest.mark.req("R-23")
def test_who_of_each_departamento_can_sign_is_told_to_those_who_must_know(house: House, certificate: bytes) -> None:
    for username, role in (
        ("decana", "autoridad_departamental:quimica"),
        ("soporte", "tic"),
        ("posgrado", "sgpyec"),
        ("quimica", "departamento:quimica"),
    ):
        house.person(username, username.title(), "Ñato", role)
    with house.app.database.write() as conn:
        put_departamento(conn, "quimica", "Departamento de Química")
        put_departamento(conn, "economia", "Departamento de Economía")
    for username in ("soporte", "posgrado"):
        page = house.enter(username).open("/examenes/firmantes").text
        assert "no tiene un certificado de firma registrado" in page
        assert "Nadie ejerce hoy la función que firma por este Departamento" in page
        assert "0 de 2 Departamentos" in page
    with pytest.raises(NotFound):
        departmental_signers(house.app, house.people["quimica"])
    assert house.enter("quimica").open("/examenes/firmantes").status_code == 404


def test_an_authority_is_asked_of_a_certificate_once_in_some_minutes(
    certificate: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(readiness, "certificate_problem", lambda *given: asked.append(given) or "no sirve")
    at, signing = datetime(2031, 1, 1, tzinfo=UTC), Signing()
    first = remembered_problem(certificate, signing, at)
    again = remembered_problem(certificate, signing, at + readiness.REMEMBERED - timedelta(seconds=1))
    assert (first.problem, again, len(asked)) == ("no sirve", first, 1)
    later = remembered_problem(certificate, signing, at + readiness.REMEMBERED)
    assert (later.at > first.at, len(asked)) == (True, 2)
    assert remembered_problem(None, signing, at).problem == readiness.NO_CERTIFICATE
