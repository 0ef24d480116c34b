"""The one question at delivery: how did it go, from 1 to 5, with a comment or without. Asked once, kept for ever.

Called by the requester's page and the API. The answer stands in the case's chain, in ``satisfaction`` and in what the
indicators add up, in one commit. Only the requester answers: who filed it for them belongs to the office.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases.engine import Engine
from engine.cases.tally import WHOLE, month_of
from engine.errors import Conflict, InvalidAnswers, NotFound
from engine.storage.events import append_event
from engine.storage.tables import case, document, indicator_delta, satisfaction

SCORES = range(1, 6)  # 1, very bad, to 5, very good
LONGEST = 1_000  # characters of the comment


class NotDelivered(Conflict):
    code = "not_delivered"
    message = "Se pregunta por la atención cuando el trámite terminó y se entregó."


class AlreadyRated(Conflict):
    code = "already_rated"
    message = "Ya nos dio su opinión de este trámite. Gracias."


@dataclass(frozen=True, slots=True)
class RateCase:
    case_id: UUID
    actor: UUID
    score: int
    comment: str = ""


def rate_case(command: RateCase, engine: Engine) -> None:
    """Raises ``NotFound`` (not theirs), ``NotDelivered``, ``AlreadyRated``, ``InvalidAnswers``."""
    comment = _checked(command)
    now = engine.clock.now()
    with engine.database.write() as conn:
        mine = (case.c.id == command.case_id) & (case.c.requester_id == command.actor)
        columns = (case.c.status, case.c.process, case.c.version_id, case.c.channel)
        found = conn.execute(sa.select(*columns).where(mine).with_for_update()).one_or_none()
        if found is None:
            raise NotFound()
        if found.status != "completed" or not was_delivered(conn, command.case_id):
            raise NotDelivered()
        if conn.scalar(sa.select(satisfaction.c.score).where(satisfaction.c.case_id == command.case_id)) is not None:
            raise AlreadyRated()
        row = {"case_id": command.case_id, "score": command.score, "comment": comment or None, "at": now}
        conn.execute(satisfaction.insert(), row)
        data = {"score": command.score, **({"text": comment} if comment else {})}
        append_event(conn, command.case_id, "satisfaction_given", at=now, actor=command.actor, data=data)
        service = engine.definitions.get(found.version_id).manifest.process.service or ""
        of = {"process": found.process, "service": service, "channel": found.channel}
        line = {"month": month_of(now, engine.zone), "measure": "score", "product": WHOLE, "value": command.score}
        conn.execute(indicator_delta.insert(), {**line, **of, "count": 1})


def was_delivered(conn: Connection, case_id: UUID) -> bool:
    """Some document was handed to the requester."""
    released = sa.select(document.c.id).where(document.c.case_id == case_id, document.c.released_at.is_not(None))
    return conn.execute(released.limit(1)).first() is not None


def _checked(command: RateCase) -> str:
    comment = command.comment.replace("\r\n", "\n").strip()
    errors = {}
    if command.score not in SCORES:
        errors["score"] = "Elija una nota, de 1 (muy mala) a 5 (muy buena)."
    if len(comment) > LONGEST or "\0" in comment:
        errors["comment"] = f"Escriba {LONGEST} letras como máximo."
    if errors:
        raise InvalidAnswers(errors)
    return comment
