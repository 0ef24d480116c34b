"""The corrective measures: which month of which service was below target, and what its responsible answered.

Read by every face beside the figure; the rows are written by ``review`` and the answers are those of the process
``medida_correctiva``, once its review publishes them. One that a person of the office began is told as well, with the
figures that it was begun with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.indicators.figures import share
from engine.indicators.months import read_month
from engine.storage.tables import case, corrective_measure

PROCESS = "medida_correctiva"
PUBLISHED = "publicada"
SHOWN = 24


@dataclass(frozen=True, slots=True)
class Measure:
    service: str
    month: int
    number: str  # MC-2026-000001
    on_time: int
    due: int
    goal: int
    published: bool
    cause: str
    action: str
    responsible: str
    due_on: date | None

    @property
    def share(self) -> float | None:
        """Rounded down, as every figure: it fell short of the goal that is printed beside it."""
        return share(self.on_time, self.due)


_MEASURES = (
    sa.select(corrective_measure, case.c.number, case.c.status, case.c.outcome, case.c.facts)
    .join(case, case.c.id == corrective_measure.c.case_id)
    .order_by(corrective_measure.c.month.desc(), corrective_measure.c.service)
    .limit(SHOWN)
)
_BY_HAND = (
    sa.select(case.c.number, case.c.status, case.c.outcome, case.c.facts)
    .where(case.c.process == PROCESS, case.c.requester_id.is_not(None), case.c.status != "withdrawn")
    .order_by(case.c.opened_at.desc())
    .limit(SHOWN)
)


def list_measures(conn: Connection, service: str = "") -> list[Measure]:
    """The newest first. What was answered is told once it is published; until then only that it was asked for."""
    query = _MEASURES.where(corrective_measure.c.service == service) if service else _MEASURES
    found = [_measure(row) for row in conn.execute(query)]
    for row in conn.execute(_BY_HAND):
        begun = _begun(row)
        if begun is not None and service in ("", begun.service):
            found.append(_measure(begun))
    return sorted(found, key=lambda one: (-one.month, one.service))[:SHOWN]


def _begun(row: Any) -> SimpleNamespace | None:
    """As ``review`` would have written it; none when it does not say enough."""
    told = row.facts
    month, figures = read_month(str(told.get("mes", ""))), [told.get(name) for name in ("cumplidos", "vencian", "meta")]
    if month is None or not all(isinstance(one, int | float) for one in figures):
        return None
    kept, due, goal = (int(one) for one in figures)
    about = {"service": str(told.get("servicio", "")), "month": month, "on_time": kept, "due": due, "goal": goal}
    return SimpleNamespace(**about, number=row.number, outcome=row.outcome, facts=told)


def _measure(row: Any) -> Measure:
    published = row.outcome == PUBLISHED
    told = row.facts if published else {}
    return Measure(
        service=row.service,
        month=row.month,
        number=row.number,
        on_time=row.on_time,
        due=row.due,
        goal=row.goal,
        published=published,
        cause=str(told.get("causa", "")),
        action=str(told.get("medida", "")),
        responsible=str(told.get("responsable_medida", "")),
        due_on=_day(told.get("fecha_medida")),
    )


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
