"""«Mi firma» in one's account: what is shown of the certificate, and what is told of a file that cannot be used."""

from __future__ import annotations

import io
import logging
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import render_template
from werkzeug.test import TestResponse

from engine.signing import add_pkcs12, key_of
from engine.signing.keys import load_pkcs12
from engine.storage.tables import signing_key
from tests.support.face import House, Visitor
from tests.support.pki import PIN, Authority, authority
from web.inbox.pane import Signature
from web.security import limiter

__all__ = ["authority"]


@pytest.fixture
def rosa(house: House) -> Visitor:
    return house.enter("rosa")


@pytest.fixture
def p12(authority: Authority) -> bytes:
    return authority.pki.person_pkcs12("Rosa Elvira Peñafiel Güemes", None, PIN)


def bring(visitor: Visitor, data: bytes | None, pin: str = PIN, name: str = "firma rosa.p12") -> TestResponse:
    fields = {"pin": pin} | ({"certificado": (io.BytesIO(data), name)} if data is not None else {})
    return visitor.send("/cuenta/firma", fields, content_type="multipart/form-data")


def kept(house: House, person: UUID) -> list[bytes]:
    with house.app.database.read() as conn:
        return list(conn.scalars(sa.select(signing_key.c.data).where(signing_key.c.person_id == person)))


def test_the_staff_bring_their_certificate_and_see_it(
    house: House, rosa: Visitor, p12: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert "Todavía no cargó su certificado" in rosa.open("/cuenta").text
    answer = bring(rosa, p12)
    assert answer.status_code == 302
    page = rosa.open("/cuenta").text
    for shown in ("Rosa Elvira Peñafiel Güemes", "Emitido por", "firma rosa.p12", "Vale hasta", "Quedan"):
        assert shown in page
    assert load_pkcs12(kept(house, house.people["rosa"])[0], PIN)  # still under its PIN
    assert PIN not in caplog.text
    assert PIN not in page


def test_a_new_certificate_takes_the_place_of_the_one_before(house: House, rosa: Visitor, authority: Authority) -> None:
    bring(rosa, authority.pki.person_pkcs12("Rosa Peñafiel", None, PIN))
    bring(rosa, authority.pki.person_pkcs12("Rosa E. Peñafiel G.", None, "9876"), "9876", "firmas/nueva.p12")
    with house.app.database.read() as conn:
        key = key_of(conn, house.people["rosa"])
    assert key is not None
    assert (key.label, key.subject) == ("nueva.p12", "Rosa E. Peñafiel G. (DEMO)")


def test_what_cannot_be_used_is_told_at_its_field_and_nothing_is_kept(
    house: House, rosa: Visitor, p12: bytes, authority: Authority
) -> None:
    now = house.clock.now()
    expired = authority.pki.person_pkcs12("X", None, PIN, since=now - timedelta(400), until=now - timedelta(2))
    early = authority.pki.person_pkcs12("X", None, PIN, since=now + timedelta(5), until=now + timedelta(400))
    for data, pin, said in (
        (p12, "0000", 'id="pin-e"'),
        (p12, "", "Escriba el PIN"),
        (None, PIN, "Elija el archivo de su certificado"),
    ):
        answer = bring(rosa, data, pin)
        assert answer.status_code == 422
        assert said in answer.text
        assert "0000" not in answer.text
    assert rosa.open("/cuenta/firma").location == "/cuenta#firma"  # what a refusal leaves in the address bar
    limiter.reset()  # a minute goes by
    for data, said in ((b"%PDF-1.7", "no es un certificado"), (expired, "ya venció"), (early, "todavía no está en")):
        answer = bring(rosa, data)
        assert answer.status_code == 422
        assert said in answer.text
        assert 'id="certificado-e"' in answer.text
    limiter.reset()  # a minute goes by
    assert "más de 100 KB" in bring(rosa, b"0" * (100 * 1024 + 1)).text
    assert kept(house, house.people["rosa"]) == []


def test_a_pause_and_an_expired_certificate_are_said(house: House, rosa: Visitor, authority: Authority) -> None:
    now = house.clock.now()
    data = authority.pki.person_pkcs12("Rosa", None, PIN, since=now - timedelta(9), until=now + timedelta(20))
    with house.app.database.write() as conn:
        add_pkcs12(conn, house.people["rosa"], data, PIN, "corto.p12", now)
        conn.execute(sa.update(signing_key).values(blocked_until=now + timedelta(minutes=10)))
    assert "Su firma está en pausa hasta las 10:10" in rosa.open("/cuenta").text
    house.clock.advance(timedelta(hours=1))
    page = rosa.open("/cuenta").text
    assert "en pausa" not in page
    assert "Quedan 20 días" in page
    with house.app.database.write() as conn:
        conn.execute(sa.update(signing_key).values(not_after=house.clock.now() - timedelta(minutes=1)))
    assert "Con este certificado ya no puede firmar" in rosa.open("/cuenta").text


def test_a_requester_has_no_signature_to_bring(maria: Visitor, p12: bytes) -> None:
    assert "Mi firma" not in maria.open("/cuenta").text
    assert bring(maria, p12).status_code == 403


def test_guessing_is_slowed_down(rosa: Visitor, p12: bytes) -> None:
    assert [bring(rosa, p12, f"{n:04}").status_code for n in range(6)] == [422] * 5 + [429]


def test_a_forged_form_brings_nothing(house: House, rosa: Visitor, p12: bytes) -> None:
    rosa.token = "forged"
    assert bring(rosa, p12).status_code == 400
    assert kept(house, house.people["rosa"]) == []


def test_a_task_that_signs_leads_who_has_no_certificate_to_their_account(house: House) -> None:
    with house.flask.test_request_context("/bandeja"):
        box = render_template("inbox/sign.html", pane=SimpleNamespace(signature=Signature(None, None, True), error=""))
    assert 'href="/cuenta#firma"' in box
    assert 'name="pin"' not in box
