"""Everything that the case page shows, read in one snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.calendar import ProductPromise, promise_of
from engine.definitions import Definition
from engine.documents import Document, list_documents
from engine.forms import Shown
from engine.history.case_file import (
    CaseHead,
    Comment,
    Incident,
    Mail,
    PutOff,
    TaskLine,
    WaitLine,
    comments_of,
    incidents_of,
    mails_of,
    put_off_of,
    tasks_of,
    waits_of,
)
from engine.history.events import read_events
from engine.history.opinions import Opinion, opinion_of
from engine.history.path import data_at, read_path
from engine.history.related import Related, related_to
from engine.history.timeline import Entry, readable
from engine.inbox.documents import DocumentLine
from engine.people import get_person
from web.cases.reader import readable_relations
from web.current import cartulario
from web.diagram.drawing import Drawing, drawing_of

BOOKKEEPING = {"tramite", "hecho"}


@dataclass(frozen=True)
class CaseFile:
    head: CaseHead
    definition: Definition
    request: list[Shown]  # what was asked for, in the words of the form
    data: dict[str, Any]  # every datum, as it is now
    terms: Sequence[ProductPromise]
    tasks: list[TaskLine]
    incidents: list[Incident]
    put_off: list[PutOff]
    waits: list[WaitLine]
    documents: list[Document]
    mails: list[Mail]
    comments: list[Comment]
    entries: list[Entry]  # the latest first
    drawing: Drawing
    related: Related
    filer: str | None  # who filed it at the desk
    said: Opinion | None  # of how the requester was served

    def is_late(self, term: ProductPromise) -> bool:
        ran_out = term.due_at < cartulario().clock.now()
        return ran_out and term.met_at is None and term.paused_at is None and self.head.status == "open"

    @property
    def product_names(self) -> dict[str, str]:
        return {product.code: product.name for product in self.definition.manifest.products}

    @property
    def open_tasks(self) -> list[TaskLine]:
        return [task for task in self.tasks if task.status == "open"]

    @property
    def open_incidents(self) -> list[Incident]:
        return [incident for incident in self.incidents if incident.status == "open"]


def read_file(conn: Connection, head: CaseHead) -> CaseFile:
    definition = cartulario().definitions.get(head.version_id)
    events = read_events(conn, head.id)
    data = data_at(events, len(events))
    documents = list_documents(conn, head.id)
    return CaseFile(
        head=head,
        definition=definition,
        request=what_was_asked(definition, data, documents),
        data={name: value for name, value in data.items() if name not in BOOKKEEPING},
        terms=promise_of(conn, head.id).products,
        tasks=tasks_of(conn, head.id),
        incidents=incidents_of(conn, head.id),
        put_off=put_off_of(conn, head.id),
        waits=waits_of(conn, head.id),
        documents=documents,
        mails=mails_of(conn, head.id),
        comments=comments_of(conn, head.id),
        entries=[readable(event, definition.spec.elements) for event in events][::-1],
        drawing=drawing_of(read_path(conn, head.id), definition),
        related=readable_relations(conn, related_to(conn, head)),
        filer=get_person(conn, head.filed_by_id).sort_name if head.filed_by_id else None,
        said=opinion_of(conn, head.id),
    )


def what_was_asked(
    definition: Definition, data: dict[str, Any], documents: Iterable[Document | DocumentLine]
) -> list[Shown]:
    """The answers to the form that opened the case, as they are now, in the words of that form."""
    form = definition.start_form
    uploads = {str(d.id): {"name": d.name, "size": d.size} for d in documents}
    return form.summary(data, {**data, "uploads": uploads}) if form else []
