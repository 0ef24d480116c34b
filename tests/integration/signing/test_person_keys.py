"""Persons sign with a key under their PIN; three wrong PINs pause it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine import people
from engine.errors import SignatureRefused, TooMany, Unavailable, WrongPin
from engine.signing import SignedPdf, Signing, add_pkcs12, key_of, load_pkcs12, sign_as, verify_pdf
from engine.storage.tables import signing_key
from engine.storage.unit_of_work import Database
from tests.support.paper import certificate, stamp
from tests.support.pki import NOW, PIN, Authority

MINUTE = timedelta(minutes=1)


@pytest.fixture
def person(database: Database, authority: Authority) -> UUID:
    with database.write() as conn:
        person_id = people.create_person(
            conn, username="gonzalo", given_names="Gonzalo", family_names="Ñáñez", email="g@une.example", at=NOW
        )
        data = authority.pki.person_pkcs12("Gonzalo Ñáñez", "0912345675", PIN)
        add_pkcs12(conn, person_id, data, PIN, "Mi firma", NOW)
    return person_id


def sign(database: Database, person: UUID, authority: Authority, pin: str = PIN, at: datetime = NOW) -> SignedPdf:
    return sign_as(
        database,
        person,
        pin,
        certificate().bytes,
        authority.signing,
        level="B-B",
        at=at,
        stamp=lambda key: stamp(signer=key.name),
        reason="Certificación",
    )


def failures(database: Database) -> int:
    with database.read() as conn:
        return int(conn.execute(sa.select(signing_key.c.failures)).scalar_one())


@pytest.mark.req("R-9", "C-19")
def test_the_right_pin_signs_in_the_gap_of_the_document(database: Database, person: UUID, authority: Authority) -> None:
    signed = sign(database, person, authority)
    assert signed.field == "hueco"
    (facts,) = verify_pdf(signed.data, authority.signing.trust, at=NOW).signers
    assert facts.fingerprint == signed.fingerprint
    assert facts.serial == signed.serial
    assert signed.record("Secretario General") == {
        "signer": "Gonzalo Ñáñez (DEMO)",
        "role": "Secretario General",
        "level": "B-B",
        "at": NOW.isoformat(),
        "serial": signed.serial,
    }


def test_three_wrong_pins_pause_the_key_for_fifteen_minutes(
    database: Database, person: UUID, authority: Authority
) -> None:
    for said in ("Le quedan 2 intentos", "Le queda 1 intento", "en pausa 15 minutos"):
        with pytest.raises(WrongPin, match=said):
            sign(database, person, authority, "0000")
    with pytest.raises(TooMany, match="en 15 minutos"):
        sign(database, person, authority)
    with pytest.raises(TooMany, match="en 1 minuto"):
        sign(database, person, authority, at=NOW + 14 * MINUTE + timedelta(seconds=1))
    assert sign(database, person, authority, at=NOW + 15 * MINUTE).data
    assert failures(database) == 0


def test_after_the_pause_there_are_three_tries_again(database: Database, person: UUID, authority: Authority) -> None:
    for _ in range(3):
        with pytest.raises(WrongPin):
            sign(database, person, authority, "0000")
    with pytest.raises(WrongPin, match="Le quedan 2 intentos"):
        sign(database, person, authority, "0000", at=NOW + 16 * MINUTE)


def test_the_right_pin_forgets_the_wrong_ones(database: Database, person: UUID, authority: Authority) -> None:
    for _ in range(2):
        with pytest.raises(WrongPin):
            sign(database, person, authority, "0000")
        sign(database, person, authority)
        assert failures(database) == 0


def test_many_guesses_at_once_are_still_three(database: Database, person: UUID, authority: Authority) -> None:
    def guess(pin: str) -> type[Exception]:
        try:
            sign(database, person, authority, pin)
        except (WrongPin, TooMany) as error:
            return type(error)
        return AssertionError

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(guess, [f"{n:04}" for n in range(12)]))
    assert outcomes.count(WrongPin) == 3
    assert outcomes.count(TooMany) == 9


def test_a_service_that_is_down_does_not_count_as_a_wrong_pin(
    database: Database, person: UUID, authority: Authority
) -> None:
    down = Signing(authority.signing.trust, None, "http://127.0.0.1:9/tsa")
    for _ in range(4):
        with pytest.raises(Unavailable):
            sign_as(database, person, PIN, certificate().bytes, down, level="B-T", at=NOW)
    assert failures(database) == 0


def test_somebody_without_a_key_is_told_to_load_one(database: Database, authority: Authority, person: UUID) -> None:
    with pytest.raises(SignatureRefused, match="Cárguela en su cuenta"):
        sign(database, UUID(int=1), authority)


def test_a_new_key_retires_the_one_before(database: Database, person: UUID, authority: Authority) -> None:
    with database.write() as conn:
        data = authority.pki.person_pkcs12("Gonzalo Ñáñez V.", None, "9999")
        add_pkcs12(conn, person, data, "9999", "Nueva", NOW)
        kept = key_of(conn, person)
    assert kept is not None
    assert (kept.label, kept.subject) == ("Nueva", "Gonzalo Ñáñez V. (DEMO)")
    assert sign(database, person, authority, "9999").signer == "Gonzalo Ñáñez V. (DEMO)"


def test_a_key_is_kept_only_if_its_pin_opens_it_and_it_has_not_expired(
    database: Database, person: UUID, authority: Authority
) -> None:
    year = timedelta(days=365)
    expired = authority.pki.person_pkcs12("X", None, PIN, since=NOW - 2 * year, until=NOW - year)
    with database.write() as conn:
        with pytest.raises(WrongPin):
            add_pkcs12(conn, person, authority.pki.person_pkcs12("X", None, PIN), "0000", "X", NOW)
        with pytest.raises(SignatureRefused, match="venció"):
            add_pkcs12(conn, person, expired, PIN, "X", NOW)


@pytest.mark.parametrize("data", [b"", b"nada", b"\x30\x82\x01\x00"])
def test_what_is_no_pkcs12_is_refused(data: bytes) -> None:
    with pytest.raises(SignatureRefused):
        load_pkcs12(data, PIN)
