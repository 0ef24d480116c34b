"""What requesters said of how they were served: of one case, and of all those rated in a time.

The question itself is ``cases.rate_case``'s. Called by the case's pages and by reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.storage.tables import case, satisfaction


@dataclass(frozen=True, slots=True)
class Opinion:
    score: int  # 1 to 5
    comment: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Satisfaction:
    scores: Mapping[int, int]  # score → how many gave it

    @property
    def answers(self) -> int:
        return sum(self.scores.values())

    @property
    def average(self) -> float | None:
        """None when nobody answered."""
        return sum(score * n for score, n in self.scores.items()) / self.answers if self.answers else None


def opinion_of(conn: Connection, case_id: UUID) -> Opinion | None:
    columns = (satisfaction.c.score, satisfaction.c.comment, satisfaction.c.at)
    row = conn.execute(sa.select(*columns).where(satisfaction.c.case_id == case_id)).one_or_none()
    return Opinion(*row) if row else None


def satisfaction_of(conn: Connection, since: datetime, until: datetime, process: str | None = None) -> Satisfaction:
    """Of the opinions given from ``since`` up to, not including, ``until``; of one process or of all."""
    query = sa.select(satisfaction.c.score, sa.func.count().label("n")).group_by(satisfaction.c.score)
    query = query.where(satisfaction.c.at >= since, satisfaction.c.at < until)
    if process is not None:
        query = query.join(case, case.c.id == satisfaction.c.case_id).where(case.c.process == process)
    return Satisfaction({row.score: row.n for row in conn.execute(query)})
