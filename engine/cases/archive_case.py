"""The office ends a case that cannot go on: an incident keeps it where it is, and nobody can mend it or say its result.

Called by the case's page and the API. What was signed or handed over stays. An acta that has its folio is annulled with
its case, in the same commit and for the same reason; a locked one is somebody's grade, and holds the case open until it
is published. Who asked for the case is told why. Its result is that of what was given up (``tally.result_of``), and the
indicators count it apart as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases import project
from engine.cases.access import require_mender
from engine.cases.engine import Engine, Receipt
from engine.cases.idempotence import once
from engine.cases.project import REQUESTER
from engine.cases.record import record
from engine.cases.step import Step, open_step
from engine.cases.stuck_timers import FIRE_TIMERS
from engine.errors import Conflict, InvalidAnswers
from engine.storage.tables import incident, job

MAX_REASON = 1_000  # characters
NOTICE = "cierre.txt"  # the mail that tells the requester, in the process's words or in the house's
OLDER = "_base/mensaje.txt"  # of a version published before that one existed


class NotStuck(Conflict):
    code = "not_stuck"
    message = "Este trámite no está detenido: solo se cierra así el que un incidente abierto no deja seguir."


class StillWorking(Conflict):
    code = "still_working"
    message = (
        "Un paso automático de este trámite está en marcha o se vuelve a intentar solo. Espere a que termine, o a que "
        "quede como incidente."
    )


@dataclass(frozen=True, slots=True)
class ArchiveCase:
    case_id: UUID
    actor: UUID
    reason: str
    request_id: UUID


def archive_case(command: ArchiveCase, engine: Engine) -> Receipt:
    """Raises ``NotFound``, ``NotAllowed``, ``CaseClosed``, ``NotStuck``, ``StillWorking``, ``Conflict`` (a locked acta
    is not published yet), ``InvalidAnswers`` (no reason, or too long)."""
    return once(
        engine,
        command.request_id,
        "case_archived",
        lambda: _archive(command, engine),
        same=lambda earlier: earlier.actor == command.actor and earlier.id == command.case_id,
    )


def _archive(command: ArchiveCase, engine: Engine) -> Receipt:
    now = engine.clock.now()
    with engine.database.write() as conn:
        step = open_step(conn, engine, command.case_id, now)
        require_mender(step, command.actor)
        require_stuck(step)
        reason = command.reason.replace("\r\n", "\n").strip()
        if not reason or len(reason) > MAX_REASON or "\0" in reason:
            text = f"Diga por qué se cierra, en {MAX_REASON} letras o menos: lo lee quien lo pidió."
            raise InvalidAnswers({"reason": text})
        annulled = engine.annul(conn, step.row.id, command.actor, now, reason)
        advance = step.execution.archive(now, step.office)
        given = {"reason": reason, **({"annulled": annulled} if annulled else {})}
        receipt = record(step, "case_archived", advance, given, actor=command.actor, request_id=command.request_id)
        _tell(step, reason, command.actor)
        return receipt


def require_stuck(step: Step) -> None:
    """Nothing of the case is under way, and something is in its way. Raises ``NotStuck``, ``StillWorking``."""
    case_id = step.row.id
    if not is_stuck(step.conn, case_id):
        raise NotStuck()
    # of the diagram's own; a notice that leaves meanwhile changes nothing
    working = sa.select(job.c.key).where(job.c.case_id == case_id, job.c.status == "queued", job.c.task_id != case_id)
    if step.conn.scalar(working.limit(1)) is not None:
        raise StillWorking()


def is_stuck(conn: Connection, case_id: UUID) -> bool:
    """An open incident of a step, a timer or a message stops a case; that of a letter that nobody awaits does not."""
    stops = sa.or_(job.c.task_id != case_id, job.c.operation.in_((project.DELIVER_MESSAGE, FIRE_TIMERS)))
    query = sa.select(incident.c.id).join(job, job.c.key == incident.c.job_key)
    query = query.where(incident.c.case_id == case_id, incident.c.status == "open", stops)
    return conn.scalar(query.limit(1)) is not None


def _tell(step: Step, reason: str, actor: UUID) -> None:
    bundle = step.definition.bundle
    if step.row.requester_id is None:
        return
    if (template := bundle.words(NOTICE)) is not None:
        letter = {"template": template, "to": REQUESTER, "data": {"motivo": reason}}
    elif bundle.has(OLDER):
        told = f"Tuvimos que cerrar su trámite sin terminarlo. Motivo: {reason}"
        letter = {"template": OLDER, "to": REQUESTER, "data": {"mensaje": told, "quien": step.person(actor).full_name}}
    else:  # its page says it
        return
    project.notify(step, "cierre", "send_mail", letter)
