"""Pages of the indicators: /carta/indicadores for everybody, /tablero for those who direct. Each is one ``Board``."""

from __future__ import annotations

from babel.numbers import format_decimal
from flask import Blueprint, Response, render_template, request
from flask_babel import get_locale
from flask_login import login_required

from engine.errors import NotAllowed
from engine.indicators import (
    BOARD_ROLES,
    PUBLISHED_FROM,
    Board,
    Indicators,
    Offer,
    board_sheets,
)
from engine.indicators import months as m
from engine.spreadsheet import CSV, XLSX, csv_lines, xlsx
from web import current
from web.indicators.charts import SERIES, count_chart, days_chart, time_chart
from web.indicators.meaning import CHANNELS, FEW, HEADLINES, MEANINGS
from web.indicators.period import Filters, month_short, month_title, read_filters
from web.security import limiter
from web.text import gettext as _

indicators = Blueprint("indicators", __name__)
PUBLIC_MONTHS = 12
PUBLIC_LIMIT = "60 per minute"  # anybody's, and it counts every open case
NAMES = {
    "headlines": HEADLINES,
    "channels": CHANNELS,
    "meanings": MEANINGS,
    "few": FEW,
    "published_from": PUBLISHED_FROM,
    "count_series": SERIES,
}


@indicators.app_template_filter()
def number(value: float | None) -> str:
    """«1.234», «93,6»; of nothing, a dash."""
    return "–" if value is None else format_decimal(value, locale=get_locale() or "es")


indicators.app_template_filter("month_title")(month_title)
indicators.app_template_filter("month_short")(month_short)


@indicators.get("/carta/indicadores")
@limiter.limit(PUBLIC_LIMIT)
def public() -> str:
    return _page("indicators/public.html", PUBLIC_MONTHS, PUBLISHED_FROM)


@indicators.get("/tablero")
@login_required  # type: ignore[untyped-decorator]
def board() -> str:
    require_director()
    return _page("indicators/board.html", 1)


@indicators.get("/tablero/indicadores.<any(csv, xlsx):extension>")
@login_required  # type: ignore[untyped-decorator]
def export(extension: str) -> Response:
    require_director()
    filters, found, _offers = read_board(1)
    sheets = board_sheets(found)
    name = f"indicadores-{m.write_month(filters.query.since)}-{m.write_month(filters.query.until)}.{extension}"
    data = xlsx(sheets) if extension == "xlsx" else "".join(csv_lines(sheets[0].headings, sheets[0].rows))
    response = Response(data, mimetype=XLSX if extension == "xlsx" else CSV)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def require_director() -> None:
    """Raises NotAllowed: the dashboard is for those who direct."""
    if not current.office_roles() & BOARD_ROLES:
        raise NotAllowed(
            _("El tablero es para quienes dirigen la Secretaría. Los indicadores públicos están en la Carta.")
        )


def read_board(length: int) -> tuple[Filters, Board, list[Offer]]:
    source = Indicators(current.cartulario())
    offers, first = source.offers_and_first_month()
    now = m.month_of(current.cartulario().clock.now(), current.cartulario().config.zone)
    filters = read_filters(request.args, offers, now, first or now, length)
    return filters, source.board(filters.query), offers


def _page(template: str, length: int, few: int = 0) -> str:
    filters, found, offers = read_board(length)
    products = {one.code: one.name for offer in _chosen(offers, found) for one in offer.products}
    charts = {"time": time_chart(found, few), "days": days_chart(found.services), "counts": count_chart(found)}
    shown = {"board": found, "filters": filters, "charts": charts, "offers": offers, "product_names": products}
    return render_template(template, m=m, **shown, **NAMES)


def _chosen(offers: list[Offer], found: Board) -> list[Offer]:
    return [one for one in offers if found.query.service in ("", one.code)]
