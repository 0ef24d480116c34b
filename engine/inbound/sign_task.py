"""Sign the document that a task shows, then complete the task with the proof (N-4).

The signature is made outside every lock, with the key and PIN of the person at the desk; the file that results is
checked as one that came from anywhere, archived, and only then handed to ``complete_task``. The PIN is used once and
kept nowhere. Called by the inbox and the API.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection

from engine import people
from engine.archive import Archive
from engine.cases import (
    CompleteTask,
    Engine,
    Receipt,
    SignatureEvidence,
    complete_task,
    document_id,
    task_in_view,
    wants_signature,
)
from engine.clock import Clock
from engine.config import Config
from engine.definitions import Definition
from engine.documents import Document, read_document, render_stamp, store_document
from engine.errors import Conflict, SignatureRefused
from engine.signing import SignedPdf, Signing, SigningKey, check_returned, sign_as
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
    try:
        view = task_in_view(command.task_id, command.actor, command.answers, desk.engine)
    except Conflict:  # perhaps by this very request, sent twice: then it answers the same
        return complete_task(complete, desk.engine)
    properties = view.definition.spec.elements[view.element].properties
    if "firma" not in properties or not wants_signature(properties, view.data):
        return complete_task(complete, desk.engine)
    unsigned_id = document_id(view.data.get(properties["firma"]))
    if unsigned_id is None:
        raise SignatureRefused("Esta tarea no tiene todavía el documento que hay que firmar.")
    evidence = _sign(command, desk, view.definition, view.element, UUID(unsigned_id))
    return complete_task(
        CompleteTask(command.task_id, command.actor, command.answers, command.request_id, evidence), desk.engine
    )


def _sign(command: SignTask, desk: Desk, definition: Definition, element: str, unsigned_id: UUID) -> SignatureEvidence:
    at = desk.clock.now()
    with desk.database.read() as conn:
        document, pdf = read_document(conn, desk.archive, unsigned_id)
        role = _title(conn, desk, definition, element, command.actor)
    reason = document.title

    def stamp(key: SigningKey) -> bytes:
        return render_stamp(
            definition.bundle.files,
            desk.config,
            signer=key.name,
            role=role,
            at=at,
            reason=reason,
            code=document.code,
        )

    level = definition.spec.elements[element].properties.get("nivel", DEFAULT_LEVEL)
    signed = sign_as(
        desk.database,
        command.actor,
        command.pin,
        pdf,
        desk.signing,
        level=level,  # type: ignore[arg-type]  # checked when the diagram was published
        at=at,
        stamp=stamp,
        reason=reason,
        location=desk.config.place,
    )
    facts = check_returned(pdf, signed.data, desk.signing.trust, fingerprint=signed.fingerprint, at=at)
    with desk.database.write() as conn:
        made = _store(conn, desk, command, document, signed, role)
    summary = {"signer": facts.name, "role": role, "level": facts.level, "serial": facts.serial, "at": facts.at}
    return SignatureEvidence(command.actor, unsigned_id, made.id, json.loads(json.dumps(summary)))


def _store(
    conn: Connection, desk: Desk, command: SignTask, unsigned: Document, signed: SignedPdf, role: str
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
        signatures=[*unsigned.signatures, signed.record(role)],
        created_by=command.actor,
        at=signed.at,
    )


def _title(conn: Connection, desk: Desk, definition: Definition, element: str, actor: UUID) -> str:
    """The signer's office as the stamp prints it: «(e)» for an encargado, and who delegated (C-7, C-24)."""
    lane = definition.spec.elements[element].lane or ""
    on = desk.clock.now().astimezone(desk.config.zone).date()
    capacity = people.capacity_of(conn, actor, definition.manifest.lanes.get(lane, ""), on, definition.process)
    if capacity is not None and capacity.kind == "encargado":
        return f"{lane} (e)"
    if capacity is not None and capacity.lent_by is not None:
        return f"{lane}, por delegación de {people.get_person(conn, capacity.lent_by).full_name}"
    return lane
