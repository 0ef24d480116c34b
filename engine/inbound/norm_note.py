"""An office takes note of the norm, through a person who holds its role today (art. 6, R-24). Called by its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from engine.actas.examen import Note, take_note
from engine.clock import Clock
from engine.config import Config
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
class NoteNorm:
    office: str
    actor: UUID


def note_norm(command: NoteNorm, desk: Desk) -> Note:
    """Repeated, the first counts. Raises NotAllowed."""
    now = desk.clock.now()
    with desk.database.write() as conn:
        roles = roles_of(conn, command.actor, now.astimezone(desk.config.zone).date(), PROCESS)
        return take_note(conn, command.office, command.actor, roles, now)
