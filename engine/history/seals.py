"""Seals: a digest over the head of every case's chain, itself chained. Whoever holds yesterday's finds any later edit.

``make_seal`` runs each night; ``held_seal`` is the file that witnesses keep outside the institution's reach;
``verify_seal`` compares the database with such a file and names each case that no longer holds what was sealed. Even
one who rewrites a whole chain with fresh hashes is found: the sealed head is no longer in it.

A row keeps only the heads that moved since the seal before, and the root over all of them, so that a night costs what
the day changed; the held file carries every head and needs no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import CartularioError, NotFound
from engine.history.chain import broken_link
from engine.storage.events import GENESIS, canonical
from engine.storage.tables import case, event, seal

GRACE = timedelta(minutes=10)  # a command that began before the seal may commit after it

Heads = dict[str, tuple[int, str]]  # case number → (last event, its hash)


class NotASeal(CartularioError):
    status = 422
    code = "not_a_seal"
    message = "Ese archivo no es un sello de Cartulario, o está cambiado: su propia huella no coincide."


@dataclass(frozen=True, slots=True)
class Seal:
    n: int
    at: datetime
    cases: int
    events: int
    hash: str


@dataclass(frozen=True, slots=True)
class Discrepancy:
    number: str  # of the case
    kind: str  # edited | deleted | truncated | inserted
    n: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class SealReport:
    seal: Seal
    discrepancies: tuple[Discrepancy, ...]

    @property
    def intact(self) -> bool:
        return not self.discrepancies


def make_seal(conn: Connection, at: datetime) -> Seal:
    """Seal every case as it is now. The caller's transaction sees one moment of the database."""
    last = conn.execute(sa.select(seal).order_by(seal.c.n.desc()).limit(1)).one_or_none()
    n, previous = (last.n + 1, last.hash) if last else (1, GENESIS)
    known, now = _sealed_heads(conn, n - 1), _present_heads(conn)
    changed = {number: head for number, head in now.items() if known.get(number) != head}
    text = canonical({"changed": changed, "root": _root(now)})
    made = Seal(n, at, len(now), sum(head[0] for head in now.values()), "")
    digest = _seal_hash(made, _root(now), previous)
    conn.execute(
        seal.insert().values(
            n=n, at=at, cases=made.cases, events=made.events, heads=text, previous=previous, hash=digest
        )
    )
    return Seal(n, at, made.cases, made.events, digest)


def list_seals(conn: Connection, limit: int = 100) -> list[Seal]:
    """The newest first."""
    rows = conn.execute(sa.select(seal).order_by(seal.c.n.desc()).limit(limit))
    return [Seal(row.n, row.at, row.cases, row.events, row.hash) for row in rows]


def held_seal(conn: Connection, n: int) -> str:
    """The file to give to witnesses: canonical JSON with every head. Raises NotFound."""
    row = conn.execute(sa.select(seal).where(seal.c.n == n)).one_or_none()
    if row is None:
        raise NotFound()
    return canonical(
        {
            "format": "cartulario-seal-1",
            "n": row.n,
            "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "cases": row.cases,
            "events": row.events,
            "previous": row.previous,
            "hash": row.hash,
            "heads": _sealed_heads(conn, n),
        }
    )


def verify_seal(conn: Connection, held: str | bytes) -> SealReport:
    """Compare the database with a held seal. Raises NotASeal when the file itself does not add up."""
    sealed, heads = _read(held)
    found: list[Discrepancy] = []
    for number, rows in _chains(conn):
        head = heads.pop(number, None)
        problem = _compare(number, head, rows, sealed.at)
        if problem:
            found.append(problem)
    found += [
        Discrepancy(number, "deleted", None, f"El trámite {number} estaba cuando se selló y ya no está.")
        for number in heads
    ]
    return SealReport(sealed, tuple(sorted(found, key=lambda d: d.number)))


def _compare(number: str, head: tuple[int, str] | None, rows: list[Any], at: datetime) -> Discrepancy | None:
    if head is None:
        if rows[0].at < at - GRACE:
            return Discrepancy(number, "inserted", None, f"El trámite {number} dice ser anterior al sello y no estaba.")
        head = (0, GENESIS)
    sealed_n, sealed_hash = head
    previous = GENESIS
    for n, row in enumerate(rows, start=1):
        reason = broken_link(row.id, n, previous, row)
        if reason:
            return Discrepancy(number, "edited", n, f"{number}: {reason}")
        if n == sealed_n and row.hash != sealed_hash:
            return Discrepancy(number, "edited", n, f"{number}: la historia se reescribió entera después del sello.")
        if n > sealed_n > 0 and row.at < at - GRACE:
            return Discrepancy(
                number, "inserted", n, f"{number}: el evento {n} dice ser anterior al sello y no estaba."
            )
        previous = row.hash
    if len(rows) < sealed_n:
        return Discrepancy(
            number, "truncated", len(rows) + 1, f"{number}: faltan los eventos {len(rows) + 1} a {sealed_n}."
        )
    return None


def _chains(conn: Connection) -> Iterator[tuple[str, list[Any]]]:
    columns = (event.c.n, event.c.kind, event.c.element, event.c.actor, event.c.at, event.c.data)
    query = (
        sa.select(case.c.id, case.c.number, *columns, event.c.previous, event.c.hash)
        .join_from(case, event, event.c.case_id == case.c.id)
        .order_by(case.c.number, event.c.n)
    )
    rows = conn.execution_options(yield_per=1000).execute(query)
    for number, group in groupby(rows, key=lambda row: row.number):
        yield number, list(group)


def _present_heads(conn: Connection) -> Heads:
    last = sa.select(event.c.case_id, sa.func.max(event.c.n).label("n")).group_by(event.c.case_id).subquery()
    query = (
        sa.select(case.c.number, event.c.n, event.c.hash)
        .join_from(last, event, sa.and_(event.c.case_id == last.c.case_id, event.c.n == last.c.n))
        .join(case, case.c.id == event.c.case_id)
    )
    return {row.number: (row.n, row.hash) for row in conn.execute(query)}


def _sealed_heads(conn: Connection, upto: int) -> Heads:
    heads: Heads = {}
    for row in conn.execute(sa.select(seal.c.heads).where(seal.c.n <= upto).order_by(seal.c.n)):
        heads.update({number: (n, digest) for number, (n, digest) in json.loads(row.heads)["changed"].items()})
    return heads


def _root(heads: Mapping[str, tuple[int, str]]) -> str:
    return hashlib.sha256(canonical(heads).encode()).hexdigest()


def _seal_hash(made: Seal, root: str, previous: str) -> str:
    instant = made.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = "\n".join((str(made.n), instant, str(made.cases), str(made.events), root, previous))
    return hashlib.sha256(text.encode()).hexdigest()


def _read(held: str | bytes) -> tuple[Seal, Heads]:
    try:
        data = json.loads(held)
        heads = {str(number): (int(n), str(digest)) for number, (n, digest) in data["heads"].items()}
        at = datetime.fromisoformat(data["at"]).astimezone(UTC)
        sealed = Seal(int(data["n"]), at, int(data["cases"]), int(data["events"]), str(data["hash"]))
        digest = _seal_hash(sealed, _root(heads), str(data["previous"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotASeal() from error
    if digest != sealed.hash or data.get("format") != "cartulario-seal-1":
        raise NotASeal()
    return sealed, heads
