"""Persons' keys: a PKCS#12 file kept under its owner's PIN, and the pause after three wrong PINs.

An attempt is counted *before* the PIN is tried, in a short transaction of its own, and forgotten when the PIN was
right: neither a rollback, nor a crash, nor many requests at once give anybody a fourth guess. That is why ``sign_as``
takes the ``Database`` and opens its own transactions; call it outside any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from asn1crypto import x509
from sqlalchemy import Connection

from engine.errors import SignatureRefused, TooMany, WrongPin
from engine.signing.keys import SigningKey, issuer_name, load_pkcs12, require_pkcs12
from engine.signing.room import Signing
from engine.signing.sign import Level, field_for_person, sign_pdf
from engine.storage.tables import signing_key
from engine.storage.unit_of_work import Database

TRIES = 3
PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class StoredKey:
    id: UUID
    person_id: UUID | None
    kind: str  # pkcs12 | pkcs11
    label: str
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    blocked_until: datetime | None


@dataclass(frozen=True, slots=True)
class SignedPdf:
    """The signed file and what its record says: who, at what level, when, with which certificate."""

    data: bytes
    signer: str
    level: str
    at: datetime
    serial: str
    field: str | None  # none: not to be seen
    fingerprint: str  # SHA-256 of the certificate

    def record(self, role: str) -> dict[str, str]:
        """One entry of ``document.signatures``."""
        return {
            "signer": self.signer,
            "role": role,
            "level": self.level,
            "at": self.at.isoformat(),
            "serial": self.serial,
        }


def add_pkcs12(conn: Connection, person_id: UUID | None, data: bytes, pin: str, label: str, at: datetime) -> UUID:
    """Keep a person's key; the one before is retired. Raises WrongPin or SignatureRefused (no such file, unusable,
    expired)."""
    require_pkcs12(data)
    key = load_pkcs12(data, pin)
    key.require_valid(at)
    conn.execute(
        sa.update(signing_key)
        .where(signing_key.c.person_id == person_id, signing_key.c.retired_at.is_(None))
        .values(retired_at=at)
    )
    key_id = uuid4()
    conn.execute(
        sa.insert(signing_key).values(
            id=key_id,
            person_id=person_id,
            kind="pkcs12",
            label=label,
            data=data,
            certificate=key.certificate.dump(),
            subject=key.name,
            not_before=key.certificate.not_valid_before,
            not_after=key.certificate.not_valid_after,
            failures=0,
            created_at=at,
        )
    )
    return key_id


def key_of(conn: Connection, person_id: UUID) -> StoredKey | None:
    """The key a person signs with, if any."""
    row = conn.execute(_current(person_id)).one_or_none()
    if row is None:
        return None
    issuer = issuer_name(x509.Certificate.load(row.certificate))
    return StoredKey(
        row.id,
        row.person_id,
        row.kind,
        row.label,
        row.subject,
        issuer,
        row.not_before,
        row.not_after,
        row.blocked_until,
    )


def sign_as(
    database: Database,
    person_id: UUID,
    pin: str,
    pdf: bytes,
    signing: Signing,
    *,
    level: Level,
    at: datetime,
    field: str | None = None,
    stamp: bytes | Callable[[SigningKey], bytes] | None = None,
    reason: str | None = None,
    location: str | None = None,
) -> SignedPdf:
    """Sign with a person's key, in the first empty gap unless ``field`` names another; ``stamp`` is drawn there.

    Raises WrongPin (with the tries left), TooMany (paused), SignatureRefused (no key, expired, revoked) or Unavailable
    (time-stamp or revocation service; the PIN was right and is not counted).
    """
    with database.write() as conn:
        key_id, data = _count_attempt(conn, person_id, at)
    try:
        key = load_pkcs12(data, pin)
    except WrongPin:
        raise _wrong_pin(database, key_id) from None
    with database.write() as conn:
        forget_failures(conn, key_id)
    place = field or field_for_person(pdf)
    drawn = _drawn(stamp, key) if place is not None else None
    signed = sign_pdf(pdf, key, signing, level=level, at=at, field=place, stamp=drawn, reason=reason, location=location)
    return SignedPdf(signed, key.name, level, at, key.serial, place, key.fingerprint)


def _drawn(stamp: bytes | Callable[[SigningKey], bytes] | None, key: SigningKey) -> bytes | None:
    return stamp(key) if callable(stamp) else stamp


def forget_failures(conn: Connection, key_id: UUID) -> None:
    conn.execute(sa.update(signing_key).where(signing_key.c.id == key_id).values(failures=0, blocked_until=None))


def _count_attempt(conn: Connection, person_id: UUID, at: datetime) -> tuple[UUID, bytes]:
    row = conn.execute(_current(person_id).with_for_update()).one_or_none()
    if row is None or row.data is None:
        raise SignatureRefused("Usted no tiene una clave de firma cargada. Cárguela en su cuenta para poder firmar.")
    if row.blocked_until is not None and row.blocked_until > at:
        minutes = max(1, -(-int((row.blocked_until - at).total_seconds()) // 60))
        raise TooMany(
            f"La firma está en pausa por {TRIES} PIN equivocados. Vuelva a intentarlo en {minutes} "
            f"minuto{'s' if minutes > 1 else ''}.",
            seconds=int((row.blocked_until - at).total_seconds()),
        )
    failures = 1 if row.blocked_until is not None else row.failures + 1  # a pause that is over starts anew
    conn.execute(
        sa.update(signing_key)
        .where(signing_key.c.id == row.id)
        .values(failures=failures, blocked_until=at + PAUSE if failures >= TRIES else None)
    )
    return row.id, bytes(row.data)


def _wrong_pin(database: Database, key_id: UUID) -> WrongPin:
    with database.read() as conn:
        failures = conn.execute(sa.select(signing_key.c.failures).where(signing_key.c.id == key_id)).scalar_one()
    left = max(0, TRIES - failures)
    if left == 0:
        minutes = int(PAUSE.total_seconds() // 60)
        return WrongPin(f"El PIN no es correcto. Por seguridad, su firma queda en pausa {minutes} minutos.", left=0)
    return WrongPin(
        f"El PIN no es correcto. {'Le queda 1 intento' if left == 1 else f'Le quedan {left} intentos'}.", left=left
    )


def _current(person_id: UUID) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(signing_key)
        .where(signing_key.c.person_id == person_id, signing_key.c.retired_at.is_(None))
        .order_by(signing_key.c.created_at.desc())
        .limit(1)
    )
