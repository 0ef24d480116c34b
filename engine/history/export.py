"""A case's events as JSON or CSV, to be read elsewhere and checked without us: every hashed part is there.

Called by the audit page, the API and ``cartulario export``.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.storage.tables import case, definition_version, event, person

_COLUMNS = ("n", "at", "kind", "element", "actor", "actor_name", "data", "previous", "hash")


def export_json(conn: Connection, case_id: UUID) -> str:
    """The case and its events; ``data`` is the exact text that was hashed. Raises NotFound."""
    head = _case(conn, case_id)
    body = {
        "format": "cartulario-case-1",
        "case": {
            "id": str(head.id),
            "number": head.number,
            "process": head.process,
            "version": head.version,
            "bundle": head.bundle,
            "status": head.status,
            "outcome": head.outcome,
        },
        "events": _events(conn, case_id),
    }
    return json.dumps(body, ensure_ascii=False, indent=1)


def export_csv(conn: Connection, case_id: UUID) -> str:
    """One line an event, RFC 4180, with a BOM so that a spreadsheet reads the accents. Raises NotFound."""
    _case(conn, case_id)
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.DictWriter(out, fieldnames=_COLUMNS)
    writer.writeheader()
    for row in _events(conn, case_id):
        writer.writerow({key: _inert(value) for key, value in row.items()})
    return out.getvalue()


def _inert(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is made plain text (CWE-1236)."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def _case(conn: Connection, case_id: UUID) -> Any:
    query = (
        sa.select(
            case.c.id,
            case.c.number,
            case.c.process,
            case.c.status,
            case.c.outcome,
            definition_version.c.number.label("version"),
            definition_version.c.hash.label("bundle"),
        )
        .join_from(case, definition_version, definition_version.c.id == case.c.version_id)
        .where(case.c.id == case_id)
    )
    row = conn.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def _events(conn: Connection, case_id: UUID) -> list[dict[str, Any]]:
    query = (
        sa.select(event, person.c.family_names, person.c.given_names)
        .select_from(event.outerjoin(person, person.c.id == event.c.actor))
        .where(event.c.case_id == case_id)
        .order_by(event.c.n)
    )
    return [
        {
            "n": row.n,
            "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "kind": row.kind,
            "element": row.element,
            "actor": str(row.actor) if row.actor else None,
            "actor_name": f"{row.family_names}, {row.given_names}" if row.family_names else None,
            "data": row.data,
            "previous": row.previous,
            "hash": row.hash,
        }
        for row in conn.execute(query)
    ]
