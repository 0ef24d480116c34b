"""A person's key while it is open: the PIN is tried once, then any number of documents are signed with what it opened.

Called by the signing desk, one document at a time, and by batches, which keep the key open for the whole of the batch
and close it after. The PIN is kept nowhere; the open key is only in the memory of its process. ``open_key`` opens
transactions of its own (see ``person_keys``): call it outside any other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pyhanko_certvalidator import ValidationContext

from engine.errors import SignatureRefused, WrongPin
from engine.signing.keys import SigningKey, load_pkcs12
from engine.signing.person_keys import count_attempt, forget_failures, key_of, wrong_pin
from engine.signing.room import Signing
from engine.signing.sign import Level, field_for_person, sign_pdf
from engine.storage.unit_of_work import Database

FRESH = 120  # seconds
Stamp = bytes | Callable[[SigningKey], bytes] | None


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


class OpenKey:
    """Signs until it is closed, or until its owner replaces it."""

    def __init__(self, person_id: UUID, key_id: UUID, key: SigningKey) -> None:
        self.person_id = person_id
        self._id = key_id
        self._key: SigningKey | None = key
        self._fetched: tuple[float, ValidationContext] | None = None

    def __repr__(self) -> str:
        return f"OpenKey({self._id})"

    @property
    def key(self) -> SigningKey:
        """Raises SignatureRefused once it is closed."""
        if self._key is None:
            raise SignatureRefused("La clave de firma ya se cerró. Escriba de nuevo su PIN.", cause="closed")
        return self._key

    def close(self) -> None:
        self._key = None

    def _context(self, signing: Signing) -> ValidationContext:
        """What the authority said of the certificate, asked again every few minutes and not for each document."""
        if self._fetched is None or time.monotonic() - self._fetched[0] > FRESH:
            self._fetched = (time.monotonic(), signing.context())
        return self._fetched[1]

    def require_current(self, database: Database, at: datetime) -> None:
        """Raises SignatureRefused when its owner replaced or removed it since, or outside its certificate's dates."""
        with database.read() as conn:
            now = key_of(conn, self.person_id)
        if now is None or now.id != self._id:
            raise SignatureRefused(
                "El certificado con el que se abrió esta firma ya no es el suyo: se cambió o se quitó mientras tanto. "
                "Escriba de nuevo el PIN del que tiene ahora.",
                cause="replaced",
            )
        self.key.require_valid(at)

    def sign(
        self,
        pdf: bytes,
        signing: Signing,
        *,
        level: Level,
        at: datetime,
        field: str | None = None,
        stamp: Stamp = None,
        reason: str | None = None,
        location: str | None = None,
    ) -> SignedPdf:
        """In the first empty gap unless ``field`` names another; ``stamp`` is drawn there. Raises what ``sign_pdf``
        raises."""
        key = self.key
        place = field or field_for_person(pdf)
        drawn = None if place is None else stamp(key) if callable(stamp) else stamp
        context = self._context(signing) if level in ("B-LT", "B-LTA") else None
        data = sign_pdf(
            pdf,
            key,
            signing,
            level=level,
            at=at,
            field=place,
            stamp=drawn,
            reason=reason,
            location=location,
            context=context,
        )
        return SignedPdf(data, key.name, level, at, key.serial, place, key.fingerprint)


def open_key(database: Database, person_id: UUID, pin: str, at: datetime) -> OpenKey:
    """Raises WrongPin (with the tries left), TooMany (paused) or SignatureRefused (no key, or one that cannot sign)."""
    with database.write() as conn:
        key_id, data = count_attempt(conn, person_id, at)
    try:
        key = load_pkcs12(data, pin)
    except WrongPin:
        raise wrong_pin(database, key_id) from None
    with database.write() as conn:
        forget_failures(conn, key_id)
    return OpenKey(person_id, key_id, key)


@contextmanager
def opened_key(database: Database, person_id: UUID, pin: str, at: datetime) -> Iterator[OpenKey]:
    """``open_key``, closed at the end of the block."""
    opened = open_key(database, person_id, pin, at)
    try:
        yield opened
    finally:
        opened.close()


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
    stamp: Stamp = None,
    reason: str | None = None,
    location: str | None = None,
) -> SignedPdf:
    """One document. Raises what ``open_key`` and ``OpenKey.sign`` raise; when a service is away (Unavailable) the PIN
    was right and is not counted."""
    with opened_key(database, person_id, pin, at) as key:
        return key.sign(pdf, signing, level=level, at=at, field=field, stamp=stamp, reason=reason, location=location)
