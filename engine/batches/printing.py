"""A print run: one PDF with a cover sheet and the documents of many tasks, in order; then the tasks are marked done.

Tasks whose element has ``cola`` = "impresion" wait here; ``imprime`` names the variable of their document, without it
all the documents that the case has issued, in their last form. The run is kept as a document: an earlier one is printed
again as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import people
from engine.batches import lease
from engine.batches.answers import only_answers
from engine.batches.batch import Batch, Item, create_batch, get_batch, list_items
from engine.batches.candidates import Candidate, find_candidates
from engine.batches.cover import Line, cover
from engine.batches.desk import Desk
from engine.batches.run import request_id_of, run_items
from engine.cases import CompleteTask, complete_task, document_id
from engine.documents import Document, get_document, list_documents, store_document
from engine.documents.gather import count_pages, gather
from engine.errors import CartularioError, NotFound, TooMany
from engine.inbox import Viewer
from engine.inbox.reads import log_read
from engine.storage.tables import batch, batch_item

KIND = "impresion"
QUEUE = "impresion"
PDF = "application/pdf"
MOST: Final = 200  # tasks of one run


@dataclass(frozen=True, slots=True)
class Printable:
    """A task that waits for the printer, with its documents, or why it cannot be printed from here."""

    task: Candidate
    documents: tuple[Document, ...]
    earlier: str | None  # the number of a run that has it and is not finished
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class PrintRun:
    """What to print: the tasks, on one side or both, and where the papers go when it is the same for all."""

    task_ids: Sequence[UUID]
    both_sides: bool = False
    destination: str = ""


def printable(
    desk: Desk, viewer: Viewer, *, only: Collection[UUID] | None = None, process: str | None = None, text: str = ""
) -> list[Printable]:
    with desk.database.read() as conn:
        found = find_candidates(
            conn,
            viewer,
            desk.definitions,
            lambda properties: properties.get("cola") == QUEUE,
            zone=desk.config.zone,
            only=only,
            process=process,
            text=text,
        )
        earlier = _in_other_runs(conn, [one.task_id for one in found])
        return [_printable(conn, one, earlier.get(one.task_id)) for one in found]


def print_run(desk: Desk, viewer: Viewer, run: PrintRun, batch_id: UUID) -> UUID:
    """Make the PDF and keep the run. With a ``batch_id`` that exists, it changes nothing. Raises TooMany, NotFound
    (nothing waits for the printer), and what reading and composing raise: then no run is kept."""
    if len(set(run.task_ids)) > MOST:
        raise TooMany(f"Imprima {MOST} trámites por vez como máximo.")
    chosen = [one for one in printable(desk, viewer, only=set(run.task_ids)) if not one.refusal]
    if not chosen:
        raise NotFound("Ninguno de los documentos elegidos espera ya la imprenta.")
    now = desk.clock.now()
    with desk.database.write() as conn:
        create_batch(
            conn,
            "impresion",
            viewer.person_id,
            run.destination.strip() or _title(chosen),
            [_item(n, one, run) for n, one in enumerate(chosen, start=1)],
            year=now.astimezone(desk.config.zone).year,
            at=now,
            batch_id=batch_id,
        )
    compose_run(desk, viewer, batch_id)
    return batch_id


def compose_run(desk: Desk, viewer: Viewer, batch_id: UUID) -> None:
    """Make the PDF of a run that has none yet, outside any lock. Raises NotFound, and what reading the documents and
    composing the cover raise: the run then waits without its PDF."""
    with desk.database.read() as conn:
        kept, items = get_batch(conn, batch_id, viewer), list_items(conn, batch_id)
        papers = [(item, get_document(conn, UUID(found))) for item in items for found in (item.data or {})["documents"]]
        who = people.get_person(conn, kept.person_id).full_name
    if kept.kind != KIND:
        raise NotFound()
    if kept.document_id is None:
        pdf = _compose(desk, kept, papers, who)
        with desk.database.write() as conn:
            _keep(conn, desk, kept, items, pdf)


def mark_printed(desk: Desk, viewer: Viewer, batch_id: UUID) -> UUID:
    """The papers are out → the token to call ``complete_printed`` with. Raises NotFound, BatchRunning, BatchOver."""
    with desk.database.write() as conn:
        if get_batch(conn, batch_id, viewer).kind != KIND:
            raise NotFound()
        return lease.take(conn, batch_id, desk.clock.now())


def complete_printed(desk: Desk, viewer: Viewer, batch_id: UUID, runner: UUID) -> Batch:
    """Complete each task whose form allows it, its required boxes ticked: «Ya se imprimió» declares just that. The
    others are told and completed one at a time."""
    today = desk.clock.now().astimezone(desk.config.zone).date().isoformat()

    def act(item: Item) -> Mapping[str, Any]:
        assert item.task_id is not None
        request_id = request_id_of(batch_id, item)
        answers = (item.data or {}).get("answers")
        if answers is None:
            answers = _answers_now(desk, viewer, item.task_id, today)
        complete_task(CompleteTask(item.task_id, viewer.person_id, answers, request_id), desk.engine)
        return {}

    run_items(desk, batch_id, runner, act)
    with desk.database.read() as conn:
        return get_batch(conn, batch_id)


def read_run(desk: Desk, viewer: Viewer, batch_id: UUID) -> tuple[Document, bytes]:
    """The PDF of a run, again; that it was taken is on record in each case. Raises NotFound."""
    with desk.database.write() as conn:
        found = get_batch(conn, batch_id, viewer)
        if found.kind != KIND or found.document_id is None:
            raise NotFound()
        document = get_document(conn, found.document_id)
        data = desk.archive.get(document.sha256)
        for item in list_items(conn, batch_id):
            if item.case_id is not None:
                log_read(conn, viewer.person_id, item.case_id, f"Abrió la tirada {found.number}", at=desk.clock.now())
    return document, data


def _printable(conn: Connection, one: Candidate, earlier: str | None) -> Printable:
    named = one.properties.get("imprime")
    try:
        if named is not None:
            shown = document_id(one.data.get(named))
            documents = [get_document(conn, UUID(shown))] if shown else []
        else:
            documents = _as_they_are_now([d for d in list_documents(conn, one.case_id) if d.kind == "issued"])
    except (NotFound, ValueError):
        documents = []
    documents = [document for document in documents if document.media_type == PDF]
    if not documents:
        return Printable(one, (), earlier, "No tiene un PDF emitido que imprimir: ábralo aparte.")
    return Printable(one, tuple(documents), earlier)


def _as_they_are_now(issued: Sequence[Document]) -> list[Document]:
    """Signed, then sealed, a document is issued again under its code: only its last form goes to paper, which is that
    of ``find_by_code``. In the order in which they were first issued."""
    last: dict[str, Document] = {}
    for one in issued:
        key = one.code or str(one.id)
        before = last.setdefault(key, one)
        if (one.created_at, one.size) >= (before.created_at, before.size):
            last[key] = one
    return list(last.values())


def _in_other_runs(conn: Connection, task_ids: Sequence[UUID]) -> dict[UUID, str]:
    query = sa.select(batch_item.c.task_id, batch.c.number).join(batch, batch.c.id == batch_item.c.batch_id)
    query = query.where(batch.c.kind == KIND, batch.c.status != "done", batch_item.c.task_id.in_(task_ids))
    return {row.task_id: row.number for row in conn.execute(query.order_by(batch.c.number))}


def _title(chosen: Sequence[Printable]) -> str:
    titles = {one.task.process_title for one in chosen}
    return titles.pop() if len(titles) == 1 else "Documentos de varios servicios"


def _item(n: int, one: Printable, run: PrintRun) -> Item:
    data = {
        "documents": [str(document.id) for document in one.documents],
        "holder": one.task.requester,
        "number": one.task.number,
        "to": run.destination.strip()[:200] or str(one.task.data.get("destino") or "")[:200],
        "both_sides": run.both_sides,
    }
    label = f"{one.task.number} · {one.task.requester or one.task.title}"
    return Item(
        n, label, task_id=one.task.task_id, case_id=one.task.case_id, document_id=one.documents[0].id, data=data
    )


def _compose(desk: Desk, kept: Batch, papers: Sequence[tuple[Item, Document]], who: str) -> bytes:
    parts = [desk.archive.get(document.sha256) for _item, document in papers]
    both_sides = any((item.data or {}).get("both_sides") for item, _document in papers)
    lines = [
        Line(
            item.data["holder"],
            document.title,
            item.data["number"],
            document.code or "",
            count_pages(pdf),
            item.data["to"],
        )
        for (item, document), pdf in zip(papers, parts, strict=True)
        if item.data is not None
    ]
    front = cover(desk.config, number=kept.number, at=kept.created_at, who=who, lines=lines, both_sides=both_sides)
    return gather([front, *parts], both_sides=both_sides)


def _keep(conn: Connection, desk: Desk, kept: Batch, items: Sequence[Item], pdf: bytes) -> None:
    made = store_document(
        conn,
        desk.archive,
        case_id=None,
        kind="print",
        name=f"{kept.number}.pdf",
        title=f"Tirada {kept.number}",
        media_type=PDF,
        data=pdf,
        created_by=kept.person_id,
        job_key=f"tirada:{kept.id}",
        at=kept.created_at,
    )
    conn.execute(batch.update().where(batch.c.id == kept.id).values(document_id=made.id))
    for item in items:
        if item.case_id is not None:
            log_read(conn, kept.person_id, item.case_id, f"Imprimió en la tirada {kept.number}", at=kept.created_at)


def _answers_now(desk: Desk, viewer: Viewer, task_id: UUID, today: str) -> dict[str, Any]:
    found = printable(desk, viewer, only=[task_id])
    if not found:  # perhaps completed by this very batch: the command answers
        return {}
    one = found[0].task
    form = one.definition.form_of(one.element)
    answers = only_answers(form, one.data, today, lambda data: True, one.draft, tick=True)
    if answers is None:
        raise CartularioError("Su formulario pide más que marcarla como impresa: complétela aparte.")
    return answers
