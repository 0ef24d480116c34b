"""A person's key, made once for each authority and name and brought into as many offices as ask: making an RSA key and
opening its file take a tenth of a second each, and bringing one in has tests of its own."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from engine.signing import DemoPki, add_pkcs12
from engine.storage.tables import signing_key

_kept: dict[tuple[DemoPki, str, str], dict[str, Any]] = {}


def bring_key(conn: sa.Connection, pki: DemoPki, person_id: UUID, name: str, pin: str, at: datetime) -> None:
    """The only key of this person."""
    known = (pki, name, pin)
    if known not in _kept:
        key_id = add_pkcs12(conn, person_id, pkcs12_of(pki, name, pin), pin, f"Firma de {name}", at)
        _kept[known] = dict(conn.execute(sa.select(signing_key).where(signing_key.c.id == key_id)).one()._mapping)
        return
    conn.execute(signing_key.insert(), {**_kept[known], "id": uuid4(), "person_id": person_id, "created_at": at})


@cache
def pkcs12_of(pki: DemoPki, name: str, pin: str) -> bytes:
    return pki.person_pkcs12(name, None, pin)
