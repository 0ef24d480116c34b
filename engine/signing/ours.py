"""Which of the signers of a file are ours: the institution's seal, and the persons whose certificates we keep.

Called by the operation ``recognise_document``. Compared by the certificate itself, never by the name it carries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.signing.room import Signing
from engine.signing.verdict import SignerFacts
from engine.storage.tables import signing_key


def signed_by_our_seal(signing: Signing, signers: Sequence[SignerFacts]) -> bool:
    seal = signing.seal_key
    return seal is not None and _fingerprint(seal.certificate.dump()) in {one.fingerprint for one in signers}


def our_persons(conn: Connection, signers: Sequence[SignerFacts]) -> list[str]:
    """The names of the signers whose certificate is, or was, loaded by a person of ours."""
    names = {one.name for one in signers}
    query = sa.select(signing_key.c.certificate).where(signing_key.c.subject.in_(sorted(names)))
    known = {_fingerprint(row.certificate) for row in conn.execute(query)} if names else set()
    return [one.name for one in signers if one.fingerprint in known]


def _fingerprint(certificate: bytes) -> str:
    return hashlib.sha256(certificate).hexdigest()
