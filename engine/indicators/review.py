"""Below target: ask the responsible of a service for a corrective measure, once for each service and month.

Called every night and by every worker; repeated or interrupted anywhere, it asks once: the request's id follows from
service and month, so the engine answers the first case again, and the row that says so is written if it is missing.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from engine.cases import StartCase, start_case
from engine.errors import InvalidAnswers, NotFound
from engine.indicators import months as m
from engine.indicators.board import Indicators, Line
from engine.indicators.figures import PUBLISHED_FROM
from engine.indicators.measures import PROCESS
from engine.indicators.ports import Office
from engine.indicators.series import Query
from engine.storage.tables import corrective_measure

log = logging.getLogger(__name__)

BACK = 3  # months: a server that stood still does not forget the month before
_SEED = UUID("5e0b6c1a-7c1f-5d0e-9a43-6d6564696461")


@dataclass(frozen=True, slots=True)
class Asked:
    service: str
    month: int
    number: str  # of the case


def review(office: Office) -> list[Asked]:
    """Look at the months that ended; the measures newly asked for. A month is judged when its last day is over: what
    fell due in it can no longer change. With fewer cases than may be published, nothing is asked."""
    at = office.clock.now()
    now, source = m.month_of(at, office.config.zone), Indicators(office)
    asked: list[Asked] = []
    for month in m.months(m.shift(now, -BACK), m.shift(now, -1)):
        board = source.board(Query(month, month))
        known = {(one.service, one.month) for one in board.measures}
        for line in board.services:
            if (line.offer.code, month) not in known and line.below and line.figures.due >= PUBLISHED_FROM:
                asked += _ask(office, line, month, at)
    return asked


def _ask(office: Office, line: Line, month: int, at: datetime) -> Iterator[Asked]:
    service, figures = line.offer, line.figures
    answers = {
        "servicio": service.code,
        "servicio_nombre": service.name[:160],
        "mes": m.write_month(month),
        "cumplidos": figures.kept,
        "vencian": figures.due,
        "meta": service.goal,
    }
    request_id = uuid.uuid5(_SEED, f"{service.code}-{month}")
    try:
        receipt = start_case(StartCase(PROCESS, None, answers, request_id, channel="sistema"), office.engine)
    except NotFound:
        log.warning("«%s» is not published: no measure can be asked for", PROCESS)
        return
    except InvalidAnswers as changed:  # its owner asks for more than a month can answer: the other services go on
        log.error("«%s» does not begin by itself any more: %s", PROCESS, "; ".join(changed.errors))
        return
    row = {
        "service": service.code,
        "month": month,
        "case_id": receipt.case_id,
        "on_time": figures.kept,
        "due": figures.due,
        "goal": service.goal,
        "created_at": at,
    }
    insert = sqlite.insert if office.database.is_sqlite else postgresql.insert
    with office.database.write() as conn:
        conn.execute(insert(corrective_measure).values(row).on_conflict_do_nothing())
    yield Asked(service.code, month, receipt.number)
