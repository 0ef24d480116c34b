"""The indicators of a period, for programs: the same ``Board`` that the dashboard shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.errors import NotAllowed
from engine.indicators import BOARD_ROLES, Backlog, Figures, Indicators, Line, Query
from engine.indicators import months as m
from web.api.auth import auth, viewer
from web.api.text import In, Out
from web.current import cartulario

indicators = APIBlueprint("indicators", __name__, tag="Indicadores")

Month = Annotated[str, Field(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$", examples=["2026-03"])]
Code = Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9_]*$")]
MOST = 120  # months


class PeriodIn(In):
    since: Month | None = Field(None, description="Primer mes; si falta, el mes en curso.")
    until: Month | None = Field(None, description="Último mes; si falta, el primero. Hasta 120 meses.")
    service: Code = Field("", description="Servicio de la Carta, como B1; vacío, todos.")
    product: Code = Field("", description="Código de un producto; vacío, las solicitudes enteras.")
    channel: Code = Field("", description="portal, mostrador, lote, api o sistema; vacío, todos.")


class FiguresOut(Out):
    received: int
    delivered: int
    refused: int
    abandoned: int
    withdrawn: int
    archived: int = Field(description="De las desistidas, las que la oficina cerró sin poder terminarlas.")
    returned: int
    kept: int = Field(description="Compromisos cumplidos en término.")
    due: int = Field(description="Compromisos que vencían, abiertos vencidos incluidos.")
    on_time: float | None = Field(description="kept ÷ due, en porcentaje.")
    median: float | None = Field(description="Días hábiles.")
    p90: float | None = Field(description="Días hábiles.")
    complaints: int
    answers: int
    satisfaction: float | None


class BacklogOut(Out):
    open: int
    overdue: int
    paused: int
    oldest: int | None = Field(description="Días hábiles.")


class LineOut(Out):
    service: str
    name: str
    product: str | None
    goal: int
    days: int | None
    figures: FiguresOut
    backlog: BacklogOut


class HeadlineOut(Out):
    code: str
    now: int
    before: int


class IndicatorsOut(Out):
    since: Month
    until: Month
    at: datetime
    edition: int | None
    headlines: list[HeadlineOut] = Field(description="Los cuatro de la Carta y, aparte, las copias de actas (A1).")
    total: FiguresOut
    backlog: BacklogOut
    services: list[LineOut]
    products: list[LineOut]


@indicators.get("/indicadores")
@indicators.auth_required(auth)
@indicators.input(PeriodIn, location="query", arg_name="period")
@indicators.output(IndicatorsOut)
@indicators.doc(summary="Los indicadores de la Carta en un período", responses=[403])
def read(period: PeriodIn) -> IndicatorsOut:
    if not viewer().roles & BOARD_ROLES:
        raise NotAllowed()
    app = cartulario()
    now = m.month_of(app.clock.now(), app.config.zone)
    first = m.read_month(period.since or "") or m.read_month(period.until or "") or now
    last = m.read_month(period.until or "") or first
    since, until = min(first, last), max(first, last)
    since = max(since, m.shift(until, 1 - MOST))
    board = Indicators(app).board(Query(since, until, period.service, period.product, period.channel))
    return IndicatorsOut(
        since=m.write_month(since),
        until=m.write_month(until),
        at=board.at,
        edition=board.edition,
        headlines=[HeadlineOut(code=one.code, now=one.now, before=one.before) for one in board.headlines],
        total=_figures(board.total),
        backlog=_backlog(board.backlog),
        services=[_line(one) for one in board.services],
        products=[_line(one) for one in board.products],
    )


def _line(line: Line) -> LineOut:
    return LineOut(
        service=line.offer.code,
        name=line.product.name if line.product else line.offer.name,
        product=line.product.code if line.product else None,
        goal=line.offer.goal,
        days=line.days,
        figures=_figures(line.figures),
        backlog=_backlog(line.backlog),
    )


def _figures(figures: Figures) -> FiguresOut:
    given: dict[str, Any] = {name: getattr(figures, name) for name in FiguresOut.model_fields}
    return FiguresOut(**given)


def _backlog(backlog: Backlog) -> BacklogOut:
    return BacklogOut(open=backlog.open, overdue=backlog.overdue, paused=backlog.paused, oldest=backlog.oldest)
