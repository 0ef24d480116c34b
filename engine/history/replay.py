"""Deterministic replay (N-2): the case's events run again on its own stored bundle must give every recorded state.

Only what came from outside is fed in: answers, results, payloads, instants, and what the office answered at the time.
The fingerprint of the state after each event is compared with the recorded one; the first that differs is named. Reads
only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.definitions import Definition, DefinitionStore
from engine.errors import CartularioError, NotFound
from engine.history.events import Recorded, read_events
from engine.spiff import FORMAT, LIBRARY_VERSION, Advance, Execution, version_of
from engine.spiff import Recorded as RecordedOffice
from engine.storage.tables import case, definition_version


@dataclass(frozen=True, slots=True)
class Replay:
    """``identical``, or the first event that differs and why."""

    number: str
    events: int  # those that move the state
    identical: bool
    differs_at: int | None = None
    reason: str | None = None
    library_then: str = ""
    library_now: str = LIBRARY_VERSION

    @property
    def verdict(self) -> str:
        return "identical" if self.identical else f"differs at event {self.differs_at}: {self.reason}"


def replay(conn: Connection, definitions: DefinitionStore, case_id: UUID, zone: ZoneInfo) -> Replay:
    """Raises ``NotFound``."""
    row = conn.execute(
        sa.select(case.c.number, case.c.version_id, case.c.state, definition_version.c.library_version)
        .join(definition_version, definition_version.c.id == case.c.version_id)
        .where(case.c.id == case_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    definition = definitions.get(row.version_id)
    moving = [event for event in read_events(conn, case_id) if "state" in event.data]
    state, version = None, version_of(row.state) if row.state else FORMAT
    for event in moving:
        try:
            advance = _again(definition, case_id, zone, state, event, version)
        except (CartularioError, KeyError, ValueError) as error:
            return _differs(row, moving, event.n, f"no se pudo repetir: {error}")
        if advance.fingerprint != event.data["state"]:
            return _differs(row, moving, event.n, "el estado que resulta no es el registrado")
        state = advance.state
    if state != row.state:
        return _differs(
            row, moving, moving[-1].n if moving else 0, "el estado guardado del trámite no es el de sus eventos"
        )
    return Replay(row.number, len(moving), True, library_then=row.library_version)


def replay_sample(conn: Connection, definitions: DefinitionStore, zone: ZoneInfo, size: int) -> list[Replay]:
    """Some cases at random, each night (rule 4)."""
    chosen = conn.scalars(sa.select(case.c.id).order_by(sa.func.random()).limit(size)).all()
    return [replay(conn, definitions, case_id, zone) for case_id in chosen]


def _differs(row: Any, moving: list[Recorded], n: int, reason: str) -> Replay:
    return Replay(row.number, len(moving), False, n, reason, row.library_version)


def _again(
    definition: Definition, case_id: UUID, zone: ZoneInfo, state: str | None, event: Recorded, version: int
) -> Advance:
    execution = Execution(definition.spec, case_id, zone, state, version)
    office = RecordedOffice([list(read) for read in event.data.get("reads", [])])
    advance = _FEED[event.kind](execution, event, event.data, office)
    if office.reads:
        raise ValueError(f"quedaron {len(office.reads)} respuestas de la oficina sin pedir")
    return advance


def _start(execution: Execution, event: Recorded, data: Mapping[str, Any], office: RecordedOffice) -> Advance:
    return execution.start(data["data"], event.at, office)


def _complete(execution: Execution, event: Recorded, data: Mapping[str, Any], office: RecordedOffice) -> Advance:
    task_id = UUID(data["task"])
    before = execution.task_data(task_id).get("hecho", {})
    answers = {**data["answers"], **data.get("signed", {}), "hecho": {**before, event.element: data["hecho"]}}
    return execution.complete(task_id, answers, event.at, office)


def _result(execution: Execution, event: Recorded, data: Mapping[str, Any], office: RecordedOffice) -> Advance:
    return execution.finish_call(UUID(data["task"]), data["result"], event.at, office)


def _message(execution: Execution, event: Recorded, data: Mapping[str, Any], office: RecordedOffice) -> Advance:
    return execution.deliver(UUID(data["task"]), data["n"], data["payload"], event.at, office)


def _timers(execution: Execution, event: Recorded, _data: Mapping[str, Any], office: RecordedOffice) -> Advance:
    return execution.fire_timers(event.at, office)


def _withdraw(execution: Execution, event: Recorded, _data: Mapping[str, Any], office: RecordedOffice) -> Advance:
    return execution.withdraw(event.at, office)


def _archive(execution: Execution, event: Recorded, _data: Mapping[str, Any], office: RecordedOffice) -> Advance:
    return execution.archive(event.at, office)


def _reschedule(execution: Execution, event: Recorded, _data: Mapping[str, Any], office: RecordedOffice) -> Advance:
    return execution.reschedule(event.at, office)


_Feed = Callable[[Execution, Recorded, Mapping[str, Any], RecordedOffice], Advance]
_FEED: dict[str, _Feed] = {
    "case_started": _start,
    "task_completed": _complete,
    "result_delivered": _result,
    "incident_resolved": _result,
    "message_delivered": _message,
    "timers_fired": _timers,
    "case_withdrawn": _withdraw,
    "case_archived": _archive,
    "terms_rescheduled": _reschedule,
}
