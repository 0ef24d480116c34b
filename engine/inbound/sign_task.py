"""Sign the document that a task shows, then complete the task with the proof (N-4).

The signature is made outside every lock, with the key and PIN of the person at the desk; the file that results is
checked as one that came from anywhere, archived, and only then handed to ``complete_task``. The PIN is used once and
kept nowhere. Called by the inbox and the API; by a batch, which keeps one open key for many tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import people
from engine.archive import Archive
from engine.cases import (
    CompleteTask,
    Engine,
    Receipt,
    SignatureEvidence,
    TaskInView,
    complete_task,
    document_id,
    task_in_view,
    wants_signature,
)
from engine.clock import Clock
from engine.config import Config
from engine.documents import Document, find_by_job, read_document, render_stamp, store_document
from engine.errors import Conflict, DocumentChanged, NotAllowed, NotFound, SignatureRefused
from engine.inbound.current_copy import require_current_copy
from engine.signing import Level, OpenKey, SignedPdf, SignerFacts, Signing, SigningKey, check_returned, opened_key
from engine.storage.tables import task
from engine.storage.unit_of_work import Database

DEFAULT_LEVEL = "B-LT"


class Desk(Protocol):
    """What signing needs of the application (``engine.app.Cartulario``)."""

    @property
    def config(self) -> Config: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def signing(self) -> Signing: ...


@dataclass(frozen=True, slots=True)
class SignTask:
    task_id: UUID
    actor: UUID
    pin: str = field(repr=False)
    answers: Mapping[str, Any] = field(default_factory=dict)
    request_id: UUID = field(kw_only=True)


def sign_and_complete(command: SignTask, desk: Desk) -> Receipt:
    """Raises what ``complete_task`` raises, and ``WrongPin``, ``TooMany``, ``SignatureRefused``, ``Unavailable``."""
    complete = CompleteTask(command.task_id, command.actor, command.answers, command.request_id)

    def pen() -> AbstractContextManager[OpenKey]:
        return opened_key(desk.database, command.actor, command.pin, desk.clock.now())

    return complete_signed(complete, desk, lambda view, unsigned: _sign(complete, desk, view, unsigned, pen))


def sign_and_complete_with(complete: CompleteTask, key: OpenKey, desk: Desk, *, seen: UUID | None = None) -> Receipt:
    """The same with a key that is open already, which stays open: one of many. ``seen``: the document that the signer
    had before them. Raises the same, but for the PIN, and ``DocumentChanged``."""
    key.require_current(desk.database, desk.clock.now())
    return complete_signed(
        complete, desk, lambda view, unsigned: _sign(complete, desk, view, unsigned, lambda: nullcontext(key)), seen
    )


def complete_signed(
    complete: CompleteTask,
    desk: Desk,
    evidence: Callable[[TaskInView, UUID], SignatureEvidence],
    seen: UUID | None = None,
) -> Receipt:
    """Complete the task with the ``evidence`` of its signature, of which the view and the unsigned document are told;
    without it when the answers are no signing ones. Raises what ``complete_task`` raises and ``DocumentChanged``."""
    try:
        view = task_in_view(complete.task_id, complete.actor, complete.answers, desk.engine)
    except (Conflict, NotFound, NotAllowed):  # perhaps by this very request, sent twice: then it answers the same
        return complete_task(complete, desk.engine)
    properties = view.definition.spec.elements[view.element].properties
    if "firma" not in properties or not wants_signature(properties, view.data):
        return complete_task(complete, desk.engine)
    unsigned_id = document_id(view.data.get(properties["firma"]))
    if unsigned_id is None:
        raise SignatureRefused("Esta tarea no tiene todavía el documento que hay que firmar.")
    if seen is not None and str(seen) != unsigned_id:
        raise DocumentChanged()
    with desk.database.read() as conn:
        require_current_copy(conn, UUID(unsigned_id), desk.clock.now().astimezone(desk.config.zone).date())
    return complete_task(replace(complete, signature=evidence(view, UUID(unsigned_id))), desk.engine)


def _sign(
    complete: CompleteTask,
    desk: Desk,
    view: TaskInView,
    unsigned_id: UUID,
    pen: Callable[[], AbstractContextManager[OpenKey]],
) -> SignatureEvidence:
    at, definition, element = desk.clock.now(), view.definition, view.element
    with desk.database.read() as conn:
        document, pdf = read_document(conn, desk.archive, unsigned_id)
        function, role = signs_as(conn, desk, view, complete)
    # a published process names no level but ours (rules.properties)
    level: Level = definition.spec.elements[element].properties.get("nivel", DEFAULT_LEVEL)  # type: ignore[assignment]

    def stamp(key: SigningKey) -> bytes:
        return render_stamp(
            definition.bundle.files,
            desk.config,
            signer=key.name,
            role=role,
            at=at,
            reason=document.title,
            code=document.code,
        )

    with pen() as key:
        once = _once(complete.task_id, unsigned_id, key.key.fingerprint, level, role, at.date().isoformat())
        fingerprint = key.key.fingerprint
        with desk.database.read() as conn:
            made = find_by_job(conn, once, document.name)
        if made is None:
            signed = key.sign(
                pdf, desk.signing, level=level, at=at, stamp=stamp, reason=document.title, location=desk.config.place
            )
            check = signed.data
        else:
            check = desk.archive.get(made.sha256)
    facts = check_returned(pdf, check, desk.signing.trust, fingerprint=fingerprint, at=at)
    if made is None:
        with desk.database.write() as conn:
            record = {**signed.record(role), "function": function}  # as whom, however the stamp prints it
            made = _store(conn, desk, complete.actor, document, signed, record, once)
    return SignatureEvidence(complete.actor, unsigned_id, made.id, summary_of(facts, role, made))


def summary_of(facts: SignerFacts, role: str, made: Document) -> dict[str, Any]:
    """What the event says of a signature, and of the file that it made (``history.documents`` compares them)."""
    who = {"signer": facts.name, "role": role, "level": facts.level, "serial": facts.serial, "at": facts.at}
    return {**who, "document": str(made.id), "name": made.name, "sha256": made.sha256}


def _once(task_id: UUID, *what: object) -> str:
    """The same signature, asked for again before the task took it, is the one already made: a crash between the two, or
    two at once, leave one signed document."""
    return f"firma:{uuid5(task_id, ' '.join(map(str, what)))}"


def _store(
    conn: Connection,
    desk: Desk,
    actor: UUID,
    unsigned: Document,
    signed: SignedPdf,
    record: Mapping[str, str],
    once: str,
) -> Document:
    return store_document(
        conn,
        desk.archive,
        case_id=unsigned.case_id,
        kind="draft",  # issued when the task takes it: until then nobody outside may find it
        name=unsigned.name,
        title=unsigned.title,
        media_type=unsigned.media_type,
        data=signed.data,
        code=unsigned.code,
        facts=unsigned.facts,
        signatures=[*unsigned.signatures, dict(record)],
        created_by=actor,
        job_key=once,
        at=signed.at,
    )


def signs_as(conn: Connection, desk: Desk, view: TaskInView, complete: CompleteTask) -> tuple[str, str]:
    """The function that the task asks for, and the signer's office as the stamp prints it: «(e)» for an encargado, and
    who delegated (C-7, C-24)."""
    function: str = conn.scalars(sa.select(task.c.role).where(task.c.id == complete.task_id)).one()
    lane = view.definition.spec.elements[view.element].lane or ""
    on = desk.clock.now().astimezone(desk.config.zone).date()
    return function, people.printed_title(conn, complete.actor, function, lane, on, view.definition.process)
