"""Verify that a case's events are the ones that were written: each one's hash covers its content and the hash before.

Called by the audit page, ``cartulario audit verify`` and the nightly check (R-5, R-9). An edit, an insertion and a
deletion inside the chain are found from the events alone; a cut tail is found from the case's revision (the number of
events that moved it) and, for whoever holds a seal, from ``seals``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.storage.events import GENESIS, event_hash
from engine.storage.tables import case, event


@dataclass(frozen=True, slots=True)
class ChainReport:
    case_id: UUID
    number: str
    events: int
    head: str  # hash of the last good event
    broken_at: int | None = None  # the first event that does not fit
    reason: str | None = None  # Spanish, for the auditor

    @property
    def intact(self) -> bool:
        return self.reason is None


_ROWS = (
    sa.select(
        case.c.id,
        case.c.number,
        case.c.revision,
        event.c.n,
        event.c.kind,
        event.c.element,
        event.c.actor,
        event.c.at,
        event.c.data,
        event.c.previous,
        event.c.hash,
    )
    .select_from(case.outerjoin(event, event.c.case_id == case.c.id))
    .order_by(case.c.number, event.c.n)
)
_ONE = _ROWS.where(case.c.id == sa.bindparam("case_id"))


def verify_chain(conn: Connection, case_id: UUID) -> ChainReport:
    """Check one case. Raises NotFound."""
    rows = conn.execute(_ONE, {"case_id": case_id}).all()
    if not rows:
        raise NotFound()
    return _check(rows)


def verify_all(conn: Connection) -> Iterator[ChainReport]:
    """Check every case, one report each, in the order of their numbers; keeps one case in memory at a time."""
    rows = conn.execution_options(yield_per=1000).execute(_ROWS)
    for _, group in groupby(rows, key=lambda row: row.id):
        yield _check(list(group))


def broken_link(case_id: UUID, expected_n: int, previous: str, row: Any) -> str | None:
    """Why ``row`` is not event ``expected_n`` after the event with hash ``previous``; None when it is."""
    if row.n != expected_n:
        return f"Falta el evento {expected_n}: se borró o se cambió su número."
    if row.previous != previous:
        return f"El evento {row.n} no continúa al anterior: se insertó, se borró o se cambió un evento."
    digest = event_hash(case_id, row.n, row.kind, row.element, row.actor, row.at, row.data, row.previous)
    if digest != row.hash:
        return f"El contenido del evento {row.n} no es el que se registró."
    return None


def _moved_the_case(row: Any) -> bool:
    """Each event that moved the case has the hash of the state after it; comments and claims have none."""
    return '"state":' in row.data and "state" in json.loads(row.data)


def _check(rows: Iterable[Any]) -> ChainReport:
    rows = list(rows)
    first = rows[0]
    if first.n is None:
        return ChainReport(first.id, first.number, 0, GENESIS, 1, "El trámite no tiene ningún evento.")
    previous = GENESIS
    for expected_n, row in enumerate(rows, start=1):
        reason = broken_link(first.id, expected_n, previous, row)
        if reason:
            return ChainReport(first.id, first.number, len(rows), previous, expected_n, reason)
        previous = row.hash
    if first.revision != sum(map(_moved_the_case, rows)):
        missing = len(rows) + 1
        return ChainReport(
            first.id, first.number, len(rows), previous, missing, f"Faltan los últimos eventos, desde el {missing}."
        )
    return ChainReport(first.id, first.number, len(rows), previous)
