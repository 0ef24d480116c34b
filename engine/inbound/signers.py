"""Who of each Departamento can sign today, and what keeps the others from it (R-23, art. 5).

For those who send actas to sign and those who mend workstations. The certificates' authorities are asked outside any
transaction, several at once, and what they said is remembered for some minutes.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.actas.examen import Departamento, list_departamentos
from engine.clock import Clock
from engine.config import Config
from engine.errors import NotFound
from engine.people import Person, people_with_role, roles_of
from engine.signing import Signing, StoredKey, current_certificate, key_of, remembered_problem
from engine.storage.unit_of_work import Database

PROCESS = "acta_examen"
READERS = frozenset({"sgpyec", "tic", "autoridad_gestion", "administrador"})
ROLE = "autoridad_departamental"
AT_ONCE = 6  # authorities asked


class Desk(Protocol):
    @property
    def config(self) -> Config: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def signing(self) -> Signing: ...


@dataclass(frozen=True, slots=True)
class Signer:
    """``problem`` is the rest of a sentence about them; None: they can sign."""

    person: Person
    key: StoredKey | None
    problem: str | None
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Signers:
    departamento: Departamento
    signers: tuple[Signer, ...]

    @property
    def ready(self) -> bool:
        return any(one.problem is None for one in self.signers)


def departmental_signers(desk: Desk, actor: UUID) -> list[Signers]:
    """By the name of the Departamento. Raises NotFound for who has no business with it."""
    now = desk.clock.now()
    on = now.astimezone(desk.config.zone).date()
    with desk.database.read() as conn:
        if not roles_of(conn, actor, on, PROCESS) & READERS:
            raise NotFound()
        found = [(one, people_with_role(conn, f"{ROLE}:{one.code}", on, PROCESS)) for one in list_departamentos(conn)]
        ids = {person.id for _, people in found for person in people}
        keys = {one: key_of(conn, one) for one in ids}
        certificates = {one: current_certificate(conn, one) for one in ids}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        checks = pool.map(lambda one: (one, remembered_problem(certificates[one], desk.signing, now)), sorted(ids))
        checked = dict(checks)
    return [
        Signers(
            one,
            tuple(Signer(who, keys[who.id], checked[who.id].problem, checked[who.id].at) for who in people),
        )
        for one, people in found
    ]
