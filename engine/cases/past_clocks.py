"""What a case's diagram asked of its clocks, from the beginning: read from the events, to count it again.

Called by ``terms`` when a calendar changed under a case that stood still before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import event

MOVERS = frozenset(
    {"iniciar_plazo", "iniciar_plazos", "cumplir_plazo", "negar_plazo", "desistir_plazo", "pausar", "reanudar"}
)

Asked = tuple[datetime, str, Sequence[Any]]  # when, which function, its arguments
History = Iterable[Asked]

_EVENTS = sa.select(event.c.at, event.c.data).where(event.c.case_id == sa.bindparam("case_id")).order_by(event.c.n)


def past_clocks(conn: Connection, case_id: UUID) -> Iterator[Asked]:
    """In order; only what starts, stops or moves a clock."""
    for at, data in conn.execute(_EVENTS, {"case_id": case_id}):
        for name, arguments, _answer in json.loads(data).get("reads", ()):
            if name in MOVERS:
                yield at, name, arguments
