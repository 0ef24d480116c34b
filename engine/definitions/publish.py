"""Publish a bundle as a version of its process. From then on new cases start with it; running ones keep theirs.

The same content is the same version: published again it becomes the current one again, under its old number. At most
one version of a process is published, the others are retired; the database holds to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.definitions.bundle import Bundle
from engine.definitions.check import check
from engine.definitions.subject import Operation
from engine.errors import InvalidBundle, NotAllowed
from engine.storage.tables import definition_version as table


def publish(
    conn: Connection,
    bundle: Bundle,
    actor: UUID | None,
    at: datetime,
    operations: Mapping[str, Operation],
    *,
    approved_by: UUID | None = None,
) -> UUID:
    """The version's id. Raises ``InvalidBundle`` with the findings, ``NotAllowed`` when author and approver are one.

    ``actor`` is none only for the installation itself (the demo, the command line of the operator).
    """
    findings = check(bundle, operations)
    if findings:
        raise InvalidBundle(findings)
    if approved_by is not None and approved_by == actor:
        raise NotAllowed("Quien publica una versión no puede aprobarla: pida a otra persona que la revise.")
    _lock(conn)
    known = conn.execute(sa.select(table).where(table.c.hash == bundle.hash)).one_or_none()
    if known is not None and known.state == "published":
        return UUID(str(known.id))
    conn.execute(sa.update(table).where(table.c.process == bundle.process).values(state="retired"))
    if known is not None:
        conn.execute(sa.update(table).where(table.c.id == known.id).values(state="published"))
        return UUID(str(known.id))
    identifier = uuid4()
    conn.execute(
        table.insert().values(
            id=identifier,
            process=bundle.process,
            number=_next_number(conn, bundle.process),
            hash=bundle.hash,
            title=bundle.manifest.title,
            bundle=bundle.zip(),
            library_version=version("SpiffWorkflow"),
            state="published",
            published_by=actor,
            approved_by=approved_by,
            at=at,
        )
    )
    return identifier


def _lock(conn: Connection) -> None:
    """One publication at a time. SQLite's transaction already holds the whole database; readers never wait."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("LOCK TABLE definition_version IN SHARE ROW EXCLUSIVE MODE"))


def _next_number(conn: Connection, process: str) -> int:
    last = conn.execute(sa.select(sa.func.max(table.c.number)).where(table.c.process == process)).scalar()
    return int(last or 0) + 1
