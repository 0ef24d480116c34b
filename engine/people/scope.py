"""Roles narrowed to a part of the work: ``departamento:quimica`` is the Departamento of Química, ``docente:<person>``
is that docente. A diagram narrows a task with the property ``ambito``; who holds which part is said here.

Who holds a part holds the role itself too, so that a process may name it among those that start it. Of a personal role
each holder has his own part, without anybody granting it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa

MARK = ":"
PERSONAL = frozenset({"docente"})  # each holder attends to his own
_SCOPE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


def narrowed(role: str, scope: str) -> str:
    """Raises ValueError for what cannot be one."""
    if not _SCOPE.fullmatch(scope):
        raise ValueError(scope)
    return f"{role}{MARK}{scope}"


def bare(role: str) -> str:
    """The role itself, without its part."""
    return role.partition(MARK)[0]


def scope_of(role: str) -> str | None:
    return role.partition(MARK)[2] or None


def owner_of(role: str) -> UUID | None:
    """Whose part of a personal role it is."""
    name, _, scope = role.partition(MARK)
    if name not in PERSONAL:
        return None
    try:
        return UUID(scope)
    except ValueError:
        return None


def implied(role: str, holder: UUID) -> Iterator[str]:
    """All that somebody may act as who holds the role, or had it lent by ``holder``."""
    yield role
    if MARK in role:
        yield bare(role)
    elif role in PERSONAL:
        yield f"{role}{MARK}{holder}"


def granting(role: str, held: sa.ColumnElement[str], holder: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """The condition on a holding or a delegation that it lets somebody act in the role."""
    owner = owner_of(role)
    if owner is not None:
        return sa.and_(held == bare(role), holder == owner)
    if MARK in role:
        return held == role
    return sa.or_(held == role, held.startswith(f"{role}{MARK}", autoescape=True))
