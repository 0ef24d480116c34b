"""The indicators as tables, for the spreadsheet and ``cartulario indicators export``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.indicators.board import Board, Line
from engine.indicators.figures import Figures
from engine.indicators.months import write_month
from engine.spreadsheet import Sheet, Value

_FIGURES = (
    "Recibidas",
    "Entregadas",
    "Rechazadas",
    "Desistidas",
    "Retiradas",
    "Devueltas para corregir",
    "Compromisos que vencían",
    "Cumplidos en término",
    "En término, %",
    "Mediana, días hábiles",
    "9 de cada 10, días hábiles",
    "Quejas y sugerencias",
    "Respuestas de satisfacción",
    "Satisfacción, de 1 a 5",
    "Desistidas: cerradas por la oficina",
)

_NOW = ("Abiertas hoy", "Vencidas hoy")
_DURATIONS = _FIGURES.index("Mediana, días hábiles")  # two columns that a month alone does not have


def _cells(figures: Figures) -> tuple[Value, ...]:
    return (
        figures.received,
        figures.delivered,
        figures.refused,
        figures.abandoned,
        figures.withdrawn,
        figures.returned,
        figures.due,
        figures.kept,
        figures.on_time,
        figures.median,
        figures.p90,
        figures.complaints,
        figures.answers,
        figures.satisfaction,
        figures.archived,
    )


def board_sheets(board: Board) -> list[Sheet]:
    """By product, by service, by month, and the measures taken. The first one is the whole in a CSV."""
    period = (write_month(board.query.since), write_month(board.query.until))
    by_product = ("Desde", "Hasta", "Servicio", "Nombre", "Producto", "Nombre del producto", "Compromiso, días hábiles")
    by_service = ("Desde", "Hasta", "Servicio", "Nombre", "Meta, %", *_FIGURES, *_NOW)
    counted = ("Certificados (B1)", "Certificaciones (B2)", "Sellados (B3)", "Actas aprobadas", "Copias de actas")
    by_month = ("Mes", *counted, *_FIGURES[:_DURATIONS], *_FIGURES[_DURATIONS + 2 :])
    measures = ("Medida", "Servicio", "Mes", "En término, %", "Meta, %", "Causa", "Acción", "Responsable", "Para el")
    return [
        Sheet(
            "Por producto", (*by_product, *_FIGURES, *_NOW), list(_products(board, period)), widths=_widths(by_product)
        ),
        Sheet("Por servicio", by_service, [_service(line, period) for line in board.services]),
        Sheet("Por mes", by_month, list(_months(board))),
        Sheet("Medidas correctivas", measures, list(_measures(board))),
    ]


def _widths(first: Sequence[str]) -> tuple[int, ...]:
    return tuple(max(len(name) + 4, 34 if name.startswith("Nombre") else 0) for name in (*first, *_FIGURES, *_NOW))


def _products(board: Board, period: tuple[str, str]) -> Iterator[tuple[Value, ...]]:
    for line in board.services:
        yield (
            *period,
            line.offer.code,
            line.offer.name,
            "",
            "Solicitudes, enteras",
            line.days,
            *_cells(line.figures),
            *_now(line),
        )
        for one in board.products:
            if one.offer.code == line.offer.code and one.product is not None:
                named = (one.offer.code, one.offer.name, one.product.code, one.product.name)
                yield (*period, *named, one.days, *_cells(one.figures), *_now(one))


def _service(line: Line, period: tuple[str, str]) -> tuple[Value, ...]:
    return (*period, line.offer.code, line.offer.name, line.offer.goal, *_cells(line.figures), *_now(line))


def _now(line: Line) -> tuple[Value, ...]:
    return line.backlog.open, line.backlog.overdue


def _months(board: Board) -> Iterator[tuple[Value, ...]]:
    for point in board.series:
        counts = [*(point.delivered.get(code, 0) for code in ("B1", "B2", "B3")), point.actas, point.copies]
        cells = _cells(point.total)
        yield (write_month(point.month), *counts, *cells[:_DURATIONS], *cells[_DURATIONS + 2 :])


def _measures(board: Board) -> Iterator[tuple[Value, ...]]:
    for one in board.measures:
        figure = (one.number, one.service, write_month(one.month), one.share, one.goal)
        yield (*figure, one.cause, one.action, one.responsible, one.due_on)
