"""Are the documents of each case the ones that its history names? The event that a document comes from says its
SHA-256, and the chain covers that: who changes or deletes the row of a document is found, and named.

Called by ``cartulario audit verify``, each night (R-5, R-9, R-51). The chain itself is ``chain``'s; that the archive
holds the bytes that the row names is ``archive check``'s. Reads only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import case, document, event

MADE = frozenset({"id", "nombre", "codigo", "sha256"})  # of a result that describes the document which its job made
AT_A_TIME = 500
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class DocumentsReport:
    compared: int
    discrepancies: tuple[str, ...]  # Spanish, each with the number of its case
    untold: tuple[str, ...]  # issued, without a digest in the history: made before events had it, or by no event

    @property
    def intact(self) -> bool:
        return not self.discrepancies


@dataclass(frozen=True, slots=True)
class Told:
    """What an event says of a document."""

    number: str  # of the case
    n: int
    document_id: UUID
    name: str
    sha256: str


_EVENTS = (
    sa.select(case.c.number, event.c.n, event.c.kind, event.c.data)
    .join_from(event, case, case.c.id == event.c.case_id)
    .where(event.c.data.contains('"sha256":'))
    .order_by(case.c.number, event.c.n)
)
_ISSUED = (
    sa.select(document.c.id, document.c.name, case.c.number)
    .join_from(document, case, case.c.id == document.c.case_id)
    .where(document.c.kind == "issued")
    .order_by(case.c.number, document.c.created_at, document.c.id)
)


def verify_documents(conn: Connection) -> DocumentsReport:
    """Every case. Documents of no case (reports, the printed runs, the Carta) have no history to be compared with."""
    known: set[UUID] = set()
    wrong: list[str] = []
    rows = iter(conn.execute(_EVENTS, execution_options={"yield_per": AT_A_TIME}))
    told = (one for row in rows for one in said_of(row))
    while some := list(islice(told, AT_A_TIME)):
        known |= {one.document_id for one in some}
        wrong += _compared(conn, some)
    untold = [f"{row.number}: «{row.name}»" for row in conn.execute(_ISSUED) if row.id not in known]
    return DocumentsReport(len(known), tuple(dict.fromkeys(wrong)), tuple(untold))


def _compared(conn: Connection, some: Iterable[Told]) -> Iterator[str]:
    ids = {one.document_id for one in some}
    query = sa.select(document.c.id, document.c.sha256).where(document.c.id.in_(ids))
    kept = {row.id: row.sha256 for row in conn.execute(query)}
    for one in some:
        said = f"«{one.name}», que registró el evento {one.n}"
        if one.document_id not in kept:
            yield f"{one.number}: falta el documento {said}: se borró."
        elif kept[one.document_id] != one.sha256:
            yield f"{one.number}: el documento {said}, no es el mismo: se cambió su huella."


def said_of(row: Any) -> Iterator[Told]:
    """The documents that an event names with their digests; of an event that was damaged, none: ``chain`` names it."""
    try:
        data = json.loads(row.data)
    except ValueError:
        return
    if not isinstance(data, dict):
        return
    for one in _named(row.kind, data):
        document_id, sha256 = _uuid(one.get("document", one.get("id"))), one.get("sha256")
        if document_id is not None and isinstance(sha256, str):
            yield Told(row.number, row.n, document_id, str(one.get("name", one.get("nombre", document_id))), sha256)


def _named(kind: str, data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Only what the office itself says: not answers, nor a result that a person gave by hand."""
    match kind:
        case "document_added" | "document_renewed":
            yield data
        case "result_delivered":
            yield from _made(data.get("result"), DEEPEST)
        case "case_started" | "task_completed":
            yield from (one for one in (data.get("signature"), *data.get("files", ())) if isinstance(one, dict))


def _made(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        if value.keys() >= MADE:
            yield value
        value = list(value.values())
    if isinstance(value, list) and depth:
        for item in value:
            yield from _made(item, depth - 1)


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
