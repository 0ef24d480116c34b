"""The order of a page and where it is cut: by the values of the row shown last (keyset), never by counting, so that
the thousandth page costs what the first does and a row that leaves does not hide its neighbour."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.inbox.filters import FACT, Filters
from engine.storage.tables import case, person, task
from engine.storage.types import UtcDateTime

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Key:
    """One expression of the order. ``nullable`` ones sort their NULLs last, whatever the direction."""

    expression: sa.ColumnElement[Any]
    descending: bool
    nullable: bool = False
    needs_case: bool = False
    needs_person: bool = False


def keys_of(filters: Filters) -> list[Key]:
    """The order asked for, closed by the task's id so that it is total."""
    found = [_key(name, descending) for name, descending in filters.sort]
    return [*found, Key(task.c.id, found[-1].descending if len(found) == 1 else False)]


def _key(name: str, descending: bool) -> Key:
    if name.startswith(FACT):
        return Key(case.c.facts[name[len(FACT) :]].as_string(), descending, nullable=True, needs_case=True)
    match name:
        case "abierta":
            return Key(task.c.opened_at, descending)
        case "prioridad":
            return Key(task.c.priority, descending)
        case "tarea":
            return Key(task.c.name, descending)
        case "numero":
            return Key(case.c.number, descending, needs_case=True)
        case "tramite":
            return Key(case.c.title, descending, needs_case=True)
        case "proceso":
            return Key(case.c.process, descending, needs_case=True)
        case "solicita":
            folded = person.c.search  # family names first, without accents: Ñ among the N on both databases
            return Key(folded, descending, nullable=True, needs_case=True, needs_person=True)
        case _:
            return Key(task.c.due_at, descending, nullable=True)


def order_by(keys: Sequence[Key], columns: Sequence[sa.ColumnElement[Any]], backwards: bool) -> list[Any]:
    """ORDER BY over ``columns``, the keys' values in the same order as ``keys``."""
    clauses: list[Any] = []
    for key, column in zip(keys, columns, strict=True):
        if key.nullable:
            empty = column.is_(None)
            clauses.append(empty.desc() if backwards else empty)
        clauses.append(column.desc() if key.descending != backwards else column)
    return clauses


def beyond(keys: Sequence[Key], values: Sequence[Any], backwards: bool) -> Condition:
    """Rows strictly after ``values`` in the order (before them, when backwards)."""
    options: list[Condition] = []
    same: list[Condition] = []
    for key, value in zip(keys, values, strict=True):
        further = _further(key, value, backwards)
        if further is not None:
            options.append(sa.and_(*same, further))
        same.append(key.expression.is_(None) if value is None else key.expression == value)
    return sa.or_(*options)


def _further(key: Key, value: Any, backwards: bool) -> Condition | None:
    if value is None:  # NULLs are last: nothing further ahead, everything else behind
        return key.expression.is_not(None) if backwards else None
    greater = key.expression < value if key.descending != backwards else key.expression > value
    return sa.or_(greater, key.expression.is_(None)) if key.nullable and not backwards else greater


def encode(values: Sequence[Any]) -> str:
    """An opaque cursor for URLs."""
    plain = [_plain(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def decode(cursor: str, keys: Sequence[Key]) -> list[Any] | None:
    """None for what is not a cursor of this order: the page then starts from the beginning."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(plain, list) or len(plain) != len(keys):
            return None
        return [_value(key, value) for key, value in zip(keys, plain, strict=True)]
    except (ValueError, TypeError, binascii.Error):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _value(key: Key, value: Any) -> Any:
    if value is None:
        if not key.nullable:
            raise ValueError("this key always has a value")
        return None
    if isinstance(key.expression.type, UtcDateTime):
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise ValueError("an instant needs its timezone")
        return instant
    wanted = key.expression.type.python_type
    if wanted is UUID:
        return UUID(value)
    if not isinstance(value, wanted):
        raise TypeError(f"{value!r} is no {wanted.__name__}")
    return value
