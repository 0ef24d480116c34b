"""Fire what is due in one case. Called by the worker's clock; when somebody was first there is nothing to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.cases.engine import Engine, Receipt
from engine.cases.record import record
from engine.cases.step import nothing, open_step
from engine.cases.stuck_timers import settle_timers
from engine.errors import CaseClosed
from engine.storage.tables import case, wait

_INSTANT = timedelta(microseconds=1)  # the library fires what is before now, not at now


@dataclass(frozen=True, slots=True)
class FireTimers:
    case_id: UUID
    at: datetime


def fire_timers(command: FireTimers, engine: Engine) -> Receipt:
    now = max(engine.clock.now(), command.at) + _INSTANT
    with engine.database.write() as conn:
        try:
            step = open_step(conn, engine, command.case_id, now)
        except CaseClosed:
            columns = (case.c.id, case.c.number, case.c.due_at, case.c.status, case.c.outcome)
            return nothing(conn.execute(sa.select(*columns).where(case.c.id == command.case_id)).one())
        due = (wait.c.case_id == command.case_id) & (wait.c.kind == "timer") & (wait.c.due_at < now)
        elements = conn.scalars(sa.select(wait.c.element).where(due).order_by(wait.c.due_at)).all()
        if not elements:
            return nothing(step.row)
        advance = step.execution.fire_timers(now, step.office)
        settle_timers(conn, command.case_id, now)
        return record(step, "timers_fired", advance, {"timers": list(elements)}, element=elements[0])
