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
from engine.cases.catalogue import catalogues_of, chosen
from engine.cases.engine import Engine, Receipt
from engine.cases.idempotence import ASKED, digest_of, once, was_asked
from engine.cases.intake import files_for_others
from engine.cases.offer import Commitments, commitments_of, require_new, require_offered, require_profile
from engine.cases.origin import require_origin
from engine.cases.ports import Person
from engine.cases.project import words_of
from engine.cases.record import record
from engine.cases.step import Step
from engine.cases.subject import about_of
from engine.definitions import Definition
from engine.errors import NotAllowed
from engine.storage.tables import numbering

SYSTEM = UUID(int=0)  # it uploads nothing


@dataclass(frozen=True, slots=True)
class StartCase:
    process: str
    requester: UUID | None  # none: the system itself, by a timer
    answers: Mapping[str, Any]
    request_id: UUID
    filed_by: UUID | None = None  # a staff member, on behalf of the requester
    channel: str = "portal"  # portal | mostrador | lote | sistema
    origin: str | None = None  # the organism that asks, with its reference (C-10)
    about: UUID | None = None  # the case that this one is about
    confirmed: bool = False  # it is another request, though the same was asked today
    start_event: str | None = None  # the timer start that it began by; none: the plain one


def start_case(command: StartCase, engine: Engine) -> Receipt:
    """Raises ``NotFound`` (no such process), ``NotAllowed`` (profile), ``InvalidAnswers``, ``SameRequestToday``."""
    actor = command.filed_by or command.requester
    return once(
        engine,
        command.request_id,
        "case_started",
        lambda: _start(command, engine),
        same=lambda earlier: _is_same(command, actor, earlier, engine),
    )


def _is_same(command: StartCase, actor: UUID | None, earlier: Any, engine: Engine) -> bool:
    """The system makes each request_id of what it is for: that says enough, whatever the day's words."""
    return bool(earlier.actor == actor and (actor is None or was_asked(engine, earlier, _asked(command))))


def _asked(command: StartCase) -> dict[str, Any]:
    named = {name: getattr(command, name) for name in ("process", "requester", "about", "answers")}
    return {key: str(value) if isinstance(value, UUID) else value for key, value in named.items()}


def _start(command: StartCase, engine: Engine) -> Receipt:
    now = engine.clock.now()
    with engine.database.write() as conn:
        definition = engine.definitions.current(command.process, conn)
        requester = engine.people.get(conn, command.requester) if command.requester else None
        require_desk(conn, engine, command, now)
        require_starter(conn, engine, command, definition, now)
        require_profile(definition, requester, at_desk=command.filed_by is not None)
        require_origin(definition, requester, command.origin, at_desk=command.filed_by is not None)
        answers, form = clean_request(conn, engine, command, definition, requester, now.astimezone(engine.zone).date())
        commitments = commitments_of(conn, definition, engine.charter)
        require_offered(definition, answers, commitments)
        number = _next_number(conn, definition.manifest.process.series, now.astimezone(engine.zone).year)
        if not command.confirmed:
            require_new(conn, definition, command.requester, answers, now, engine.zone)
        row = _row(command, definition, number, requester, now, commitments)
        step = Step(conn, engine, row, definition, now, new=True)
        subject = about_of(conn, command.about, command.requester, definition, engine, now)
        about = _about(number, now, requester, command, commitments) | subject
        data = {**answers, "tramite": about, "hecho": {}}
        advance = step.execution.start(data, now, step.office, command.start_event)
        for key, value in answers.items():
            advance.changes.setdefault(key, [None, value])
        files = {} if form is None else uploads.told(conn, form, answers)
        receipt = record(
            step,
            "case_started",
            advance,
            {"data": data, "channel": command.channel, ASKED: digest_of(conn, _asked(command)), **files},
            element=command.start_event or definition.spec.start.id,
            actor=command.filed_by or command.requester,
            request_id=command.request_id,
        )
        if form is not None:
            uploads.attach(conn, form, answers, row.id)
        return receipt


def require_desk(conn: Connection, engine: Engine, command: StartCase, now: datetime) -> None:
    if command.filed_by is None:
        return
    if not files_for_others(conn, engine, command.filed_by, command.process, now):
        raise NotAllowed("Solo Secretaría presenta solicitudes en nombre de otra persona.")


def require_starter(
    conn: Connection, engine: Engine, command: StartCase, definition: Definition, now: datetime
) -> None:
    """A process of the office itself is started by the roles that it names, or by a timer; never in another's name."""
    starters = definition.manifest.process.starters
    if not starters or command.requester is None:
        return
    if command.filed_by not in (None, command.requester):
        raise NotAllowed("Este trámite es interno: lo inicia en su propio nombre quien tiene la función.")
    on = now.astimezone(engine.zone).date()
    if not engine.people.roles(conn, command.requester, on, command.process) & set(starters):
        raise NotAllowed("Este trámite es interno: lo inicia quien tiene la función que el proceso nombra.")


def clean_request(
    conn: Connection, engine: Engine, command: StartCase, definition: Definition, requester: Person | None, today: date
) -> tuple[dict[str, Any], Any]:
    """The form may look at who asks and at today, as its page did."""
    name = definition.spec.start.form
    if name is None:
        uploads.refuse_all(command.answers)
        return {}, None
    form = definition.forms[name]
    if command.start_event is not None:  # nobody was asked
        return {one.key: None for one in form.fields}, None
    actor = command.filed_by or command.requester or SYSTEM
    context: dict[str, Any] = {
        "uploads": uploads.offered(conn, form, command.answers, actor, None),
        "hoy": today.isoformat(),
        "tramite": {"solicitante": _who(requester)},
    }
    context |= catalogues_of(conn, engine, form, actor, command.process, engine.clock.now())
    answers = form.clean(dict(command.answers), context)
    return answers | chosen(form, answers, context), form


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


def _row(
    command: StartCase,
    definition: Definition,
    number: str,
    requester: Person | None,
    now: datetime,
    commitments: Commitments,
) -> SimpleNamespace:
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
        "channel": command.channel,
        "origin": command.origin[:200] if command.origin else None,
        "about_id": command.about,
        "edition": commitments.edition,
    }
    return SimpleNamespace(**values)


def _about(
    number: str,
    now: datetime,
    requester: Person | None,
    command: StartCase,
    commitments: Commitments,
) -> dict[str, Any]:
    """``tramite``: what a diagram, a form or a template may show of the case and its requester."""
    return {
        "numero": number,
        "abierto": now.isoformat(timespec="seconds"),
        "canal": command.channel,
        "solicitante": _who(requester),
        "quien": str(actor) if (actor := command.filed_by or command.requester) else None,
        "carta": commitments.data(),
        "origen": command.origin,
    }


def _who(requester: Person | None) -> dict[str, Any]:
    if requester is None:
        return dict.fromkeys(("nombre", "apellidos_nombres", "correo", "tipo_identidad", "identidad", "perfil"))
    return {
        "nombre": requester.full_name,
        "apellidos_nombres": requester.sort_name,
        "correo": requester.email,
        "tipo_identidad": requester.identity_kind,
        "identidad": requester.identity_number,
        "perfil": requester.profile,
    }
