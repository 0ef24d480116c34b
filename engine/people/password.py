"""Passwords as argon2id with OWASP's parameters (19 MiB, 2 passes). Nothing here knows a person."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST = 1_000  # characters; more is somebody trying to keep the processor busy

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _HASHER.hash("nobody has this password")  # what an unknown user's attempt is compared with


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """The same work with a right password, a wrong one, and none on record."""
    try:
        _HASHER.verify(stored or _NOBODY, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None and len(password) <= LONGEST


def needs_rehash(stored: str) -> bool:
    return _HASHER.check_needs_rehash(stored)
