"""Somebody of the office says what was done with an acta's printed copy, and where it is (R-52, R-53).

By hand and at any time after the lock: the process prints and shelves the first time; moving it and counting it again
are nobody's task but the archive's daily work. Called by the acta's page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from engine.actas.examen import COPY_KEEPERS, CopyStep, acta_by_base, record_copy
from engine.clock import Clock
from engine.config import Config
from engine.errors import NotAllowed
from engine.people import roles_of
from engine.storage.unit_of_work import Database

PROCESS = "acta_examen"


class Desk(Protocol):
    @property
    def config(self) -> Config: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...


@dataclass(frozen=True, slots=True)
class KeepCopy:
    base: str
    what: str  # printed | shelved | transferred | inventoried
    place: str
    actor: UUID
    request_id: UUID


def keep_copy(command: KeepCopy, desk: Desk) -> CopyStep:
    """Repeated, it is noted once. Raises NotAllowed, NotFound, Conflict (not locked), InvalidAnswers."""
    now = desk.clock.now()
    with desk.database.write() as conn:
        roles = roles_of(conn, command.actor, now.astimezone(desk.config.zone).date(), PROCESS)
        if not roles & COPY_KEEPERS:
            raise NotAllowed("Las copias impresas las ubican la SGPyEC y el Archivo.")
        acta = acta_by_base(conn, command.base)
        key = f"ejemplar:{command.request_id}"
        return record_copy(
            conn, acta.id, command.what, job_key=key, by=command.actor, at=now, place=command.place or None
        )
