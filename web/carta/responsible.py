"""Who holds today the function that the Carta makes responsible: since when, acting or not, and what is delegated to
whom, until when and for what (C-7, C-24). The Carta says the function; people come and go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from engine.people import get_people, list_delegations, list_holdings
from web.current import cartulario


@dataclass(frozen=True)
class Lent:
    to: str
    since: date
    until: date
    scope: str  # the process it is for; empty: everything


@dataclass(frozen=True)
class Holder:
    name: str
    since: date
    until: date | None
    acting: bool  # encargado
    lent: tuple[Lent, ...]


def holders(conn: Connection, role: str, on: date) -> list[Holder]:
    """Those who hold it in their own right on that day."""
    found = [
        one for one in list_holdings(conn, role=role) if one.since <= on and (one.until is None or one.until >= on)
    ]
    known = get_people(conn, [one.person_id for one in found])
    answer = []
    for one in found:
        person = known.get(one.person_id)
        if person is None or not person.active:
            continue
        lent = [d for d in list_delegations(conn, person.id, on) if d.from_id == person.id and d.role == role]
        borrowers = get_people(conn, [d.to_id for d in lent])
        answer.append(
            Holder(
                person.full_name,
                one.since,
                one.until,
                one.acting,
                tuple(Lent(borrowers[d.to_id].full_name, d.since, d.until, _scope(d.process)) for d in lent),
            )
        )
    return answer


def _scope(process: str | None) -> str:
    if process is None:
        return ""
    titles = {one.process: one.title for one in cartulario().definitions.catalogue()}
    return titles.get(process, process)
