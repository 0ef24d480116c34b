"""What a case adds to the indicators when it ends (§7 of the Carta), and what its events say so that all can recount.

Called by ``cases.record`` only. Nothing is counted while a case is open: its rows are read as they are. When it ends,
its lines are written in the same commit, as rows of their own, so that no two commands ever wait for one counter
(docs/decisions/0019). ``engine.indicators.recount`` counts the same from the events alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.cases.step import Step
from engine.cases.terms import ABANDONED, DELIVERED, REFUSED, WITHDRAWN, Term
from engine.spiff import ARCHIVED, Advance
from engine.storage.tables import case, event, indicator_delta

COMPLAINTS = "atender_queja"  # its cases are counted for the service that they are about
OFFICE = "archived"  # besides, of those that the office ended without finishing them
WHOLE = ""  # the request, beside its products
ANSWERED = frozenset({DELIVERED, REFUSED})

_REFUSED = ("rechaz", "deneg", "negad", "no_procede", "improceden")
_ABANDONED = ("desist", "abandon", "caduc", "archivad", "anulad", "cancelad")
_RETURNS = sa.select(event.c.data).where(
    event.c.case_id == sa.bindparam("case_id"), event.c.data.contains('"returned":true')
)
_SUBJECT = sa.select(case.c.process, case.c.version_id).where(case.c.id == sa.bindparam("case_id"))
_ADD = indicator_delta.insert()


def result_of(status: str, outcome: str | None) -> str:
    """How a case ended: delivered | refused | abandoned | withdrawn. The end of a diagram says it by how its name
    begins; what is neither refused nor abandoned was delivered."""
    if status == "withdrawn":
        return WITHDRAWN
    name = (outcome or "").lower()
    if name.startswith(_REFUSED):
        return REFUSED
    return ABANDONED if name.startswith(_ABANDONED) else DELIVERED


def month_of(instant: datetime, zone: ZoneInfo) -> int:
    """202603: the month at the institution's place."""
    local = instant.astimezone(zone)
    return local.year * 100 + local.month


def _days(step: Step, since: datetime, until: datetime, paused: int) -> int:
    """Business days, as a term counts them: not the first, nor those on which the requester was awaited."""
    zone = step.engine.zone
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    if first == last:  # most often: then nobody need ask the calendar
        return 0
    return max(0, step.office.calendar.business_days_between(first, last) - paused)


def said(step: Step, advance: Advance) -> dict[str, Any]:
    """What the event must say besides, so that the indicators can be counted again from events alone."""
    told: dict[str, Any] = {}
    if step.new or advance.completed:
        told |= {"process": step.row.process, "service": _service(step)}
    if step.new and step.row.about_id is not None:
        told["about"] = str(step.row.about_id)
    if step.office.touched or advance.completed:
        told["clocks"] = {key: _reading(step, one) for key, one in sorted(step.office.terms.items())}
    elements = step.definition.spec.elements
    if any(elements[one.element].returns_the_request for one in advance.opened):
        told["returned"] = True
    if advance.completed:
        told["taken"] = _whole(step)
    return told


def _service(step: Step) -> str:
    return step.definition.manifest.process.service or ""


def _reading(step: Step, one: Term) -> dict[str, Any]:
    reading: dict[str, Any] = {"days": one.days, "due": one.due_at.isoformat()}
    if one.paused_days:
        reading["paused_days"] = one.paused_days
    if one.paused_at is not None:
        reading["paused"] = True
    if one.result is not None:
        reading["result"] = one.result
    if one.met_at is not None:
        reading |= {"met": one.met_at.isoformat(), "taken": _taken(step, one)}
    return reading


def _taken(step: Step, one: Term) -> int:
    return _days(step, one.started_at, one.met_at or step.now, one.paused_days)


def _whole(step: Step) -> int:
    """Of the request: until the last of its products was ready."""
    terms = step.office.terms.values()
    until = max((one.met_at for one in terms if one.met_at), default=step.now)
    paused = max((one.paused_days for one in terms), default=0)
    return _days(step, step.row.opened_at, until, paused)


def count(step: Step, status: str, outcome: str | None) -> None:
    """The lines of a case that ends with this command."""
    zone, row = step.engine.zone, step.row
    common = {"process": row.process, "service": _service(step), "channel": row.channel, "count": 1}
    rows = [
        {**common, "month": month, "measure": measure, "product": product, "value": value}
        for month, measure, product, value in _lines(step, result_of(status, outcome))
    ]
    if outcome == ARCHIVED:
        rows.append({**common, "month": month_of(step.now, zone), "measure": OFFICE, "product": WHOLE, "value": 0})
    if row.process == COMPLAINTS:
        subject = _subject(step)
        rows.append(
            {**common, **subject, "month": month_of(row.opened_at, zone), "measure": "complaint"}
            | {"product": WHOLE, "value": 0}
        )
    step.conn.execute(_ADD, rows)


def _lines(step: Step, result: str) -> Iterator[tuple[int, str, str, int]]:
    """(month, measure, product, value). Requests and products by the month they end in, and by that of their filing;
    commitments by the month in which they fall due. Each product by its own result."""
    zone = step.engine.zone
    opened, ended = month_of(step.row.opened_at, zone), month_of(step.now, zone)
    yield opened, "opened", WHOLE, 0
    yield ended, result, WHOLE, 0
    if result in ANSWERED:
        yield ended, "days", WHOLE, _whole(step)
    if _was_returned(step):
        yield ended, "returned", WHOLE, 0
    for key, one in step.office.terms.items():
        each = one.result or result
        yield opened, "opened", key, 0
        yield ended, each, key, 0
        if each in ANSWERED:
            yield ended, "days", key, _taken(step, one)
        kept = one.met_at is not None and one.met_at <= one.due_at
        if each in ANSWERED or not kept:
            yield month_of(one.due_at, zone), "kept" if kept else "late", key, 0


def _was_returned(step: Step) -> bool:
    """As its events said it then: the case may follow another version now."""
    found = step.conn.execute(_RETURNS, {"case_id": step.row.id}).scalars()
    return any(json.loads(data).get("returned") is True for data in found)


def _subject(step: Step) -> Mapping[str, str]:
    """The process and the service that a complaint is about; of none, its own."""
    if step.row.about_id is None:
        return {}
    found = step.conn.execute(_SUBJECT, {"case_id": step.row.about_id}).one_or_none()
    if found is None:
        return {}
    service = step.engine.definitions.get(found.version_id).manifest.process.service or ""
    return {"process": found.process, "service": service}
