"""A document signed outside comes back, with FirmaEC, Adobe or a token, by upload or in answer to a mail (R-43, R-47).

It is checked as ``engine.signing.verify`` tells, in a process of its own, and the signature must be that of
the person whose task it is: by the certificate they registered, or by the number that their certificate says. What is
accepted is archived with the report of its check, gets our own validation data and time-stamp, and completes the task
with the same proof as one signed here. Called by the inbox, the API and the mail reader.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection

from engine import people
from engine.cases import CompleteTask, Receipt, SignatureEvidence, TaskInView
from engine.documents import Document, find_by_job, read_document, store_document
from engine.errors import SignatureRefused
from engine.inbound.sign_task import Desk, complete_signed, signs_as, summary_of
from engine.signing import (
    SignerFacts,
    Verdict,
    accept_returned,
    fingerprint_of,
    names_holder,
    preserve,
    verify_upload,
)

KEPT = "B-LTA"  # with the evidence that we add
KEEPS_NAME = "conservaNombre"  # property of a task whose file must come back under the name it left with


@dataclass(frozen=True, slots=True)
class ReturnSigned:
    task_id: UUID
    actor: UUID
    file_name: str
    data: bytes = field(repr=False)
    answers: Mapping[str, Any] = field(default_factory=dict)
    request_id: UUID = field(kw_only=True)


def return_signed(command: ReturnSigned, desk: Desk) -> Receipt:
    """Raises what ``complete_task`` raises, ``SignatureRefused`` (why, and what to do) and ``Unavailable``."""
    complete = CompleteTask(command.task_id, command.actor, command.answers, command.request_id)
    return complete_signed(complete, desk, lambda view, unsigned: _accept(command, complete, desk, view, unsigned))


def _accept(
    command: ReturnSigned, complete: CompleteTask, desk: Desk, view: TaskInView, unsigned_id: UUID
) -> SignatureEvidence:
    at = desk.clock.now()
    with desk.database.read() as conn:
        document, issued = read_document(conn, desk.archive, unsigned_id)
        function, role = signs_as(conn, desk, view, complete)
        person = people.get_person(conn, command.actor)
        known = fingerprint_of(conn, command.actor)
    if KEEPS_NAME in view.definition.spec.elements[view.element].properties:
        _require_name(command.file_name, document.name)
    verdict = verify_upload(command.data, desk.signing.trust, original=issued, at=at)

    def theirs(facts: SignerFacts) -> bool:
        return facts.fingerprint == known or names_holder(facts, person.identity_number)

    facts = accept_returned(verdict, issued, command.data, theirs)
    once = f"devuelto:{uuid5(command.task_id, facts.fingerprint + str(facts.at) + str(len(command.data)))}"
    with desk.database.read() as conn:
        made = find_by_job(conn, once, document.name)
    if made is None:
        kept = preserve(command.data, desk.signing)
        facts = replace(facts, level=KEPT)
        with desk.database.write() as conn:
            made = _store(conn, desk, command, document, kept, _record(facts, function, role, at), once)
            _report(conn, desk, command, document, verdict, once)
    return SignatureEvidence(command.actor, unsigned_id, made.id, {**summary_of(facts, role, made), "outside": True})


def _require_name(brought: str, issued: str) -> None:
    if PurePath(brought).stem != PurePath(issued).stem:
        raise SignatureRefused(
            f"El archivo se llama «{brought[:120]}» y debe conservar el nombre con el que salió: «{issued}». Cámbiele "
            "el nombre y vuelva a enviarlo."
        )


def _record(facts: SignerFacts, function: str, role: str, at: datetime) -> dict[str, str]:
    """One entry of ``document.signatures``; the hour is the signer's word unless a time-stamp proves it."""
    return {
        "signer": facts.name,
        "role": role,
        "level": facts.level,
        "at": facts.at or at.isoformat(),
        "serial": facts.serial,
        "function": function,
    }


def _store(
    conn: Connection,
    desk: Desk,
    command: ReturnSigned,
    document: Document,
    kept: bytes,
    record: dict[str, str],
    once: str,
) -> Document:
    return store_document(
        conn,
        desk.archive,
        case_id=document.case_id,
        kind="draft",  # issued when the task takes it
        name=document.name,
        title=document.title,
        media_type=document.media_type,
        data=kept,
        code=document.code,
        facts=document.facts,
        signatures=[*document.signatures, record],
        created_by=command.actor,
        job_key=once,
        at=desk.clock.now(),
    )


def _report(
    conn: Connection, desk: Desk, command: ReturnSigned, document: Document, verdict: Verdict, once: str
) -> None:
    """What the check said on the day, kept beside the document: certificates and lists expire, this does not."""
    told = json.dumps(verdict.to_json(), ensure_ascii=False, indent=2, sort_keys=True).encode()
    store_document(
        conn,
        desk.archive,
        case_id=document.case_id,
        kind="attachment",
        name=f"{PurePath(document.name).stem}.validacion.json",
        title=f"Informe de validación de la firma: {document.title}"[:300],
        media_type="application/json",
        data=told,
        created_by=command.actor,
        job_key=once,
        at=desk.clock.now(),
    )
