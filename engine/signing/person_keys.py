"""Persons' keys: a PKCS#12 file kept under its owner's PIN, and the pause after three wrong PINs; or, of who signs with
another program, the public certificate alone.

An attempt is counted *before* the PIN is tried, in a short transaction of its own, and forgotten when the PIN was
right: neither a rollback, nor a crash, nor many requests at once give anybody a fourth guess. ``open_key`` does so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from asn1crypto import x509
from sqlalchemy import Connection

from engine.errors import SignatureRefused, TooMany, WrongPin
from engine.signing.keys import common_name, issuer_name, load_pkcs12, require_pkcs12, require_valid
from engine.storage.tables import signing_key
from engine.storage.unit_of_work import Database

TRIES = 3
PAUSE = timedelta(minutes=15)
PKCS12, OUTSIDE = "pkcs12", "externo"
NOTHING_TO_SIGN_WITH = (
    "Usted registró solo su certificado: firma con otro programa. Descargue cada documento, fírmelo y súbalo en su "
    "tarea; de a muchos se firma con una clave cargada en su cuenta."
)


@dataclass(frozen=True, slots=True)
class StoredKey:
    id: UUID
    person_id: UUID | None
    kind: str  # pkcs12 | pkcs11 | externo
    label: str
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    blocked_until: datetime | None

    @property
    def outside(self) -> bool:
        """Its holder signs with another program: here there is nothing to sign with."""
        return self.kind == OUTSIDE


def add_pkcs12(conn: Connection, person_id: UUID | None, data: bytes, pin: str, label: str, at: datetime) -> UUID:
    """Keep a person's key; the one before is retired. Raises WrongPin or SignatureRefused (no such file, unusable,
    expired)."""
    require_pkcs12(data)
    key = load_pkcs12(data, pin)
    key.require_valid(at)
    return _keep(conn, person_id, PKCS12, key.certificate, label, at, data)


def add_certificate(conn: Connection, person_id: UUID, certificate: x509.Certificate, label: str, at: datetime) -> UUID:
    """Keep the public certificate of who signs with another program; the key before is retired. The caller has seen
    that it is theirs. Raises SignatureRefused (expired, not yet valid)."""
    require_valid(certificate, at)
    return _keep(conn, person_id, OUTSIDE, certificate, label, at, None)


def _keep(
    conn: Connection,
    person_id: UUID | None,
    kind: str,
    certificate: x509.Certificate,
    label: str,
    at: datetime,
    data: bytes | None,
) -> UUID:
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
            kind=kind,
            label=label,
            data=data,
            certificate=certificate.dump(),
            subject=common_name(certificate)[:300],
            not_before=certificate.not_valid_before,
            not_after=certificate.not_valid_after,
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


def current_certificate(conn: Connection, person_id: UUID) -> bytes | None:
    """DER of the certificate that a person signs with, if they registered one."""
    row = conn.execute(_current(person_id)).one_or_none()
    return None if row is None else bytes(row.certificate)


def fingerprint_of(conn: Connection, person_id: UUID) -> str | None:
    """SHA-256 of that certificate."""
    certificate = current_certificate(conn, person_id)
    return None if certificate is None else hashlib.sha256(certificate).hexdigest()


def forget_failures(conn: Connection, key_id: UUID) -> None:
    """The PIN was right."""
    conn.execute(sa.update(signing_key).where(signing_key.c.id == key_id).values(failures=0, blocked_until=None))


def count_attempt(conn: Connection, person_id: UUID, at: datetime) -> tuple[UUID, bytes]:
    """→ the key's id and its file, still closed. Raises SignatureRefused (no key) or TooMany (paused)."""
    row = conn.execute(_current(person_id).with_for_update()).one_or_none()
    if row is not None and row.kind == OUTSIDE:
        raise SignatureRefused(NOTHING_TO_SIGN_WITH)
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


def wrong_pin(database: Database, key_id: UUID) -> WrongPin:
    """What to say of the attempt just counted."""
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
