"""Start a case: number it, seal its definition version, run the diagram to its first wait.

Called by the portal, the API, intake by a staff member, and scenarios. A repeated request_id gives the same case.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.cases import uploads
from engine.cases.engine import Engine, Receipt
from engine.cases.idempotence import once
from engine.cases.project import words_of
from engine.cases.step import Step
from engine.definitions import Definition
from engine.errors import NotAllowed
from engine.storage.tables import numbering

INTAKE_ROLES = frozenset({"secretaria", "jefe_secretaria"})  # may file for somebody in person


@dataclass(frozen=True, slots=True)
class StartCase:
    process: str
    requester: UUID
    answers: Mapping[str, Any]
    request_id: UUID
    filed_by: UUID | None = None  # a staff member, on behalf of the requester
    channel: str = "portal"


def start_case(command: StartCase, engine: Engine) -> Receipt:
    """Raises ``NotFound`` (no such process), ``NotAllowed`` (profile), ``InvalidAnswers``."""
    actor = command.filed_by or command.requester
    return once(
        engine,
        command.request_id,
        "case_started",
        lambda: _start(command, engine),
        same=lambda earlier: earlier.actor == actor,
    )


def _start(command: StartCase, engine: Engine) -> Receipt:
    now = engine.clock.now()
    with engine.database.write() as conn:
        definition = engine.definitions.current(command.process, conn)
        requester = engine.people.get(conn, command.requester)
        _require_profile(conn, engine, command, definition, requester, now)
        answers, form = _clean(conn, command, definition, requester, now.astimezone(engine.zone).date())
        number = _next_number(conn, definition.manifest.process.series, now.astimezone(engine.zone).year)
        row = _row(command, definition, number, requester, now)
        step = Step(conn, engine, row, definition, now, new=True)
        data = {**answers, "tramite": _about(number, now, requester, command), "hecho": {}}
        advance = step.execution.start(data, now, step.office)
        for key, value in answers.items():
            advance.changes.setdefault(key, [None, value])
        receipt = step.record(
            "case_started",
            advance,
            {"data": data, "channel": command.channel},
            element=definition.spec.start.id,
            actor=command.filed_by or command.requester,
            request_id=command.request_id,
        )
        if form is not None:
            uploads.attach(conn, form, answers, row.id)
        return receipt


def _require_profile(
    conn: Connection, engine: Engine, command: StartCase, definition: Definition, requester: Any, now: datetime
) -> None:
    """C-26, C-34: a service is for the profiles that the Carta names."""
    profiles = definition.manifest.process.profiles
    if profiles and requester.profile not in profiles:
        raise NotAllowed(f"Este servicio es para: {', '.join(profiles)}.")
    if command.filed_by is not None:
        on = now.astimezone(engine.zone).date()
        if not engine.people.roles(conn, command.filed_by, on, command.process) & INTAKE_ROLES:
            raise NotAllowed("Solo Secretaría presenta solicitudes en nombre de otra persona.")


def _clean(
    conn: Connection, command: StartCase, definition: Definition, requester: Any, today: date
) -> tuple[dict[str, Any], Any]:
    """The form may look at who asks and at today, as its page did."""
    name = definition.spec.start.form
    if name is None:
        uploads.refuse_all(command.answers)
        return {}, None
    form = definition.forms[name]
    actor = command.filed_by or command.requester
    context = {
        "uploads": uploads.offered(conn, form, command.answers, actor, None),
        "hoy": today.isoformat(),
        "tramite": {"solicitante": _who(requester)},
    }
    return form.clean(dict(command.answers), context), form


def _upsert(insert: Any) -> Any:
    following = {"next": numbering.c.next + 1}
    return insert.on_conflict_do_update(index_elements=["series", "year"], set_=following).returning(numbering.c.next)


_NUMBER = {
    "sqlite": _upsert(sqlite.insert(numbering)),
    "postgresql": _upsert(postgresql.insert(numbering)),
}


def _next_number(conn: Connection, series: str, year: int) -> str:
    """SG-2026-000318. The series' row is locked until the commit, so there is no gap and no double."""
    following = conn.execute(_NUMBER[conn.dialect.name], {"series": series, "year": year, "next": 2}).scalar_one()
    return f"{series}-{year}-{following - 1:06d}"


def _row(command: StartCase, definition: Definition, number: str, requester: Any, now: datetime) -> SimpleNamespace:
    """The new case's row, as it is before its first command."""
    title = definition.manifest.title
    values = {
        "id": uuid.uuid4(),
        "number": number,
        "version_id": definition.id,
        "process": definition.process,
        "revision": 0,
        "status": "open",
        "state": None,
        "requester_id": command.requester,
        "filed_by_id": command.filed_by,
        "title": title,
        "facts": {},
        "search": words_of(number, title, requester, {}),
        "opened_at": now,
        "due_at": None,
        "paused_at": None,
        "closed_at": None,
        "outcome": None,
    }
    return SimpleNamespace(**values)


def _about(number: str, now: datetime, requester: Any, command: StartCase) -> dict[str, Any]:
    """``tramite``: what a diagram, a form or a template may show of the case and its requester."""
    return {
        "numero": number,
        "abierto": now.isoformat(timespec="seconds"),
        "canal": command.channel,
        "solicitante": _who(requester),
    }


def _who(requester: Any) -> dict[str, Any]:
    return {
        "nombre": requester.full_name,
        "apellidos_nombres": requester.sort_name,
        "correo": requester.email,
        "tipo_identidad": requester.identity_kind,
        "identidad": requester.identity_number,
        "perfil": requester.profile,
    }
