"""Write to the requester beside the diagram: the answer to a message of theirs, or a word on how it goes.

Called by the inbox. It stands in the case's chain and among its comments, where the requester reads it, and leaves by
mail through the same record of letters as every other (a notice, for which no task waits).
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from uuid import UUID

from engine.cases import project
from engine.cases.access import require_staff
from engine.cases.engine import Engine, Receipt
from engine.cases.idempotence import once
from engine.cases.project import REQUESTER
from engine.cases.step import nothing, open_step
from engine.errors import InvalidAnswers, NotFound
from engine.storage.events import append_event
from engine.storage.tables import comment

LONGEST = 4_000  # characters
LETTER = "_base/mensaje.txt"  # of the bundle; one published before it existed tells it on the page only


@dataclass(frozen=True, slots=True)
class AnswerRequester:
    case_id: UUID
    actor: UUID
    text: str
    request_id: UUID


def answer_requester(command: AnswerRequester, engine: Engine) -> Receipt:
    """Raises ``NotFound`` (not of this process's staff, or nobody asked), ``CaseClosed``, ``InvalidAnswers``."""
    return once(
        engine,
        command.request_id,
        "answer_sent",
        lambda: _answer(command, engine),
        same=lambda earlier: (
            earlier.actor == command.actor
            and earlier.id == command.case_id
            and json.loads(earlier.data)["text"] == _text(command)
        ),
    )


def _text(command: AnswerRequester) -> str:
    return command.text.replace("\r\n", "\n").strip()


def _answer(command: AnswerRequester, engine: Engine) -> Receipt:
    text = _text(command)
    if not text or len(text) > LONGEST or "\0" in text:
        raise InvalidAnswers({"text": f"Escriba el mensaje, de {LONGEST} caracteres como máximo."})
    now = engine.clock.now()
    with engine.database.write() as conn:
        step = open_step(conn, engine, command.case_id, now)
        require_staff(step, command.actor)
        if step.row.requester_id is None:
            raise NotFound("A este trámite no lo pidió una persona: no hay a quién escribir.")
        comment_id = uuid.uuid4()
        row = {"id": comment_id, "case_id": step.row.id, "author_id": command.actor, "text": text, "at": now}
        conn.execute(comment.insert(), {**row, "audience": "requester"})
        event = append_event(
            conn,
            step.row.id,
            "answer_sent",
            at=now,
            data={"comment": str(comment_id), "text": text},
            actor=command.actor,
            request_id=command.request_id,
        )
        if step.definition.bundle.has(LETTER):
            person = step.person(command.actor).full_name
            letter = {"template": LETTER, "to": REQUESTER, "data": {"mensaje": text, "quien": person}}
            project.notify(step, f"mensaje-{event.n}", "send_mail", letter)
        receipt = nothing(step.row)
        return Receipt(receipt.case_id, receipt.number, event.n, (), receipt.due_at, receipt.status, receipt.outcome)
