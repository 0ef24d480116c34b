"""The same command on many tasks, each in its own transaction: what could be done is done, and each refusal is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from engine.errors import CartularioError, Conflict, InvalidAnswers, NotAllowed, NotFound, TooMany

MOST: Final = 200
_TOLD: Final = (NotFound, NotAllowed, Conflict, InvalidAnswers)


@dataclass(frozen=True, slots=True)
class Refusal:
    task_id: UUID
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class BulkReport:
    done: tuple[UUID, ...]
    refused: tuple[Refusal, ...]


def in_bulk(task_ids: Sequence[UUID], command: Callable[[UUID], object]) -> BulkReport:
    """Raises TooMany beyond 200 tasks; whatever is no refusal of one task (a database that is away) goes through."""
    wanted = list(dict.fromkeys(task_ids))
    if len(wanted) > MOST:
        raise TooMany(f"Elija {MOST} tareas como máximo.")
    done: list[UUID] = []
    refused: list[Refusal] = []
    for task_id in wanted:
        try:
            command(task_id)
        except _TOLD as error:
            refused.append(Refusal(task_id, error.code, _reason(error)))
        else:
            done.append(task_id)
    return BulkReport(tuple(done), tuple(refused))


def _reason(error: CartularioError) -> str:
    return " ".join(error.errors.values()) if isinstance(error, InvalidAnswers) else error.message
