"""What the Carta offers, to whom, and whether this request was made already today. Asked before a case is started.

The terms of a case are those of the edition in force when it is filed (C-48): they are written in the case's own data
(``tramite.carta``) and move no more, whatever is published later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.cases.ports import Charter, Person
from engine.definitions import Definition
from engine.errors import InvalidAnswers, NotAllowed, SameRequestToday
from engine.storage.tables import case

PROFILE_NAMES = {
    "estudiante": "estudiantes",
    "graduado": "graduados",
    "administrativo": "personal administrativo",
    "externo": "organismos externos",
}


@dataclass(frozen=True, slots=True)
class Commitments:
    """``terms``: product → business days. ``edition`` is none for a process that is not in the Carta. ``names``: how
    people read each product. ``silent``: what the Carta leaves to each service, in business days."""

    edition: int | None
    service: str | None
    terms: Mapping[str, int]
    names: Mapping[str, str]
    silent: Mapping[str, int]

    def data(self) -> dict[str, Any]:
        """``tramite.carta``, for diagrams, forms and templates."""
        names = {code: self.names.get(code, code) for code in self.terms}
        own = {"edicion": self.edition, "servicio": self.service, "plazos": dict(self.terms), "nombres": names}
        return {**own, **self.silent}


def commitments_of(conn: Connection, definition: Definition, charter: Charter) -> Commitments:
    """Of the edition in force; of the process itself when the Carta does not speak of it."""
    service = definition.manifest.process.service
    promised = charter(conn, service) if service else None
    products, decided = definition.manifest.products, definition.manifest.service
    edition, terms = promised or (None, {one.code: one.days for one in products})
    silent = {"subsanacion_dias": decided.correction_days, "queja_dias": decided.complaint_days}
    return Commitments(edition, service, terms, {one.code: one.name for one in products}, silent)


def require_profile(definition: Definition, requester: Person | None, *, at_desk: bool) -> None:
    """C-26, C-34: a service is for the profiles that the Carta names; others may be served at the desk (C-10)."""
    process = definition.manifest.process
    if requester is None or not process.profiles:
        return
    admitted = {*process.profiles, *(process.desk_profiles if at_desk else ())}
    if requester.profile in admitted:
        return
    if requester.profile in process.desk_profiles:
        raise NotAllowed("Quien escribe por un organismo externo pide este servicio en la ventanilla de Secretaría.")
    raise NotAllowed(f"Este servicio es para: {' y '.join(PROFILE_NAMES[one] for one in process.profiles)}.")


def require_offered(definition: Definition, answers: Mapping[str, Any], commitments: Commitments) -> None:
    """Every product asked for is one of the service's. Raises ``InvalidAnswers`` at the question of the products."""
    name = definition.manifest.data.products
    if name is None:
        return
    strangers = [product for product in asked(answers, name) if product not in commitments.terms]
    if strangers:
        names = {one.code: one.name for one in definition.manifest.products}
        offered = ", ".join(names.get(code, code) for code in commitments.terms)
        wrong = ", ".join(f"«{names.get(code, code)}»" for code in strangers)
        raise InvalidAnswers(
            {name: f"La Carta de Servicios no ofrece {wrong} en este servicio. Elija entre: {offered}."}
        )


def require_new(
    conn: Connection,
    definition: Definition,
    requester: UUID | None,
    answers: Mapping[str, Any],
    now: datetime,
    zone: ZoneInfo,
) -> None:
    """Raises ``SameRequestToday`` when this person asked for one of these products today. A service of the Carta that
    asks for no product has one alone; what is not in the Carta may be repeated. The caller holds the lock of the
    process's numbers, so two at once cannot both pass."""
    name = definition.manifest.data.products
    if requester is None or (name is None and definition.manifest.process.service is None):
        return
    midnight = datetime.combine(now.astimezone(zone).date(), time.min, zone)
    rows = conn.execute(
        sa.select(case.c.id, case.c.number, case.c.facts)
        .where(case.c.requester_id == requester, case.c.process == definition.process)
        .where(case.c.opened_at >= midnight, case.c.status != "withdrawn")
        .order_by(case.c.opened_at.desc())
    )
    wanted = set(asked(answers, name)) if name else set()
    for row in rows:
        if name is None or wanted & set(asked(row.facts, name)):
            raise SameRequestToday(
                f"Hoy ya se pidió lo mismo en el trámite {row.number}. Si es otra solicitud, confírmelo.",
                number=row.number,
                case_id=str(row.id),
            )


def asked(data: Mapping[str, Any], name: str) -> list[str]:
    value = data.get(name)
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []
