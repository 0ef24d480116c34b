"""One case before the auditor: events, the way at the chosen event, the proofs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.documents import Document, list_documents
from engine.history.case_file import CaseHead, find_case
from engine.history.chain import ChainReport, verify_chain
from engine.history.events import read_events
from engine.history.path import data_at, path_at
from engine.history.related import Related, related_to
from engine.history.timeline import Entry, readable
from engine.people import get_person
from web.current import cartulario
from web.dates import local_date
from web.diagram.drawing import Drawing, drawing_of, path_data


@dataclass(frozen=True)
class Room:
    head: CaseHead
    entries: list[Entry]  # the latest first
    at: Entry | None  # the chosen event
    chain: ChainReport
    drawing: Drawing
    data: dict[str, Any]  # the case's, at the chosen event
    documents: list[Document]  # at that time
    frames: list[dict[str, object]]  # the way after each event, for the slider
    related: Related
    filer: str | None  # who filed it at the desk


def open_room(conn: Connection, number: str, chosen: int | None) -> Room:
    """Raises NotFound."""
    head = find_case(conn, number)
    events = read_events(conn, head.id)
    definition = cartulario().definitions.get(head.version_id)
    entries = [readable(event, definition.spec.elements) for event in events]
    n = _within(chosen, len(events))
    at = entries[n - 1] if entries else None
    return Room(
        head=head,
        entries=entries[::-1],
        at=at,
        chain=verify_chain(conn, head.id),
        drawing=drawing_of(path_at(events, n), definition),
        data=data_at(events, n),
        documents=[d for d in list_documents(conn, head.id) if at and d.created_at <= at.at],
        frames=[path_data(path_at(events, event.n)) for event in events],
        related=related_to(conn, head),
        filer=get_person(conn, head.filed_by_id).sort_name if head.filed_by_id else None,
    )


def _within(chosen: int | None, last: int) -> int:
    return last if chosen is None else max(1, min(chosen, last))


def case_id_of(conn: Connection, number: str) -> UUID:
    return find_case(conn, number).id


def days_of(events: list[Entry]) -> list[tuple[Entry, float]]:
    """Where each new day begins on the slider: (its first event, per cent of the way)."""
    ordered = events[::-1]
    marks: list[tuple[Entry, float]] = []
    for index, entry in enumerate(ordered):
        if index == 0 or local_date(entry.at) != local_date(ordered[index - 1].at):
            marks.append((entry, 100 * index / max(1, len(ordered) - 1)))
    return marks
