"""The report of a period on paper: PDF/A with its code, sealed by the institution, kept, and found at /verificar.

Its template is ``informe_periodo.html`` of the process ``medida_correctiva``, so that its owner edits and publishes it.
The seal (PAdES B-T) is its signature: a report on demand waits for nobody. Who answers for it may sign it besides
(``signed_report``). Repeated with the same ``request_id``, it is the same document.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Protocol
from uuid import UUID

from engine.archive import Archive
from engine.documents import (
    Document,
    find_by_job,
    get_document,
    house,
    new_code,
    read_document,
    render_pdf,
    render_stamp,
    store_document,
    verification,
)
from engine.errors import NotFound
from engine.indicators import months as m
from engine.indicators.board import Board, Line
from engine.indicators.measures import PROCESS
from engine.indicators.ports import Office
from engine.indicators.series import Query
from engine.signing import SEAL_FIELD, Signing, empty_fields, sign_pdf
from engine.words import MONTHS, counted

TEMPLATE = "informe_periodo.html"
TITLE = "Informe de indicadores"
ROLE = "Sello electrónico institucional"
KEY = "informe-"
_NAMES = {
    "B1": "certificados emitidos",
    "B2": "certificaciones realizadas",
    "B3": "sellados realizados",
    "actas": "actas realizadas",
    "A1": "copias de actas",
}
MOST_MONTHS = 6  # in the chart; of a longer period, its last ones


class Paper(Office, Protocol):
    """An office that can also keep and seal a document."""

    @property
    def archive(self) -> Archive: ...
    @property
    def signing(self) -> Signing: ...


def period_report(office: Paper, board: Board, by: UUID, request_id: UUID) -> Document:
    """Raises Unavailable (the time-stamp authority is away), NotFound (the process was never published)."""
    query, config = board.query, office.config
    name = f"informe-indicadores-{m.write_month(query.since)}-{m.write_month(query.until)}.pdf"
    key = f"{KEY}{request_id}"
    files = office.definitions.current(PROCESS).bundle.files
    with office.database.read() as conn:
        if (already := find_by_job(conn, key, name)) is not None:
            return already
        code = new_code(conn)
    given = {
        "casa": house(config),
        "documento": {"titulo": TITLE, "codigo": code},
        "verificacion": verification(config, code, f"{TITLE}, {_period(query)}"),
        "emitido": board.at.isoformat(),
        "numero": code,
    }
    pdf = render_pdf(files, TEMPLATE, report_data(board) | given).bytes
    signed, record = _sealed(office, files, pdf, code)
    with office.database.write() as conn:
        return store_document(
            conn,
            office.archive,
            case_id=None,
            kind="issued",
            name=name,
            title=f"{TITLE}, {_period(query)}",
            media_type="application/pdf",
            data=signed,
            code=code,
            facts=[["Período", _period(query)], ["Carta de Servicios", f"Edición {board.edition or '–'}ª"]],
            signatures=[record],
            job_key=key,
            created_by=by,
            at=office.clock.now(),
        )


def read_report(office: Paper, document_id: UUID) -> tuple[Document, bytes]:
    """Raises NotFound, also for a document that is no report."""
    with office.database.read() as conn:
        document = get_document(conn, document_id)
        if document.case_id is not None or not (document.job_key or "").startswith(KEY):
            raise NotFound()
        return read_document(conn, office.archive, document_id)


def _sealed(office: Paper, files: Any, pdf: bytes, code: str) -> tuple[bytes, dict[str, str]]:
    key, config, at = office.signing.seal, office.config, office.clock.now()
    visible = SEAL_FIELD in empty_fields(pdf)
    stamp = None
    if visible:
        verb = "Sellado electrónicamente por"
        signer = config.institution
        stamp = render_stamp(files, config, signer=signer, role=ROLE, at=at, reason=TITLE, code=code, verb=verb)
    signed = sign_pdf(
        pdf,
        key,
        office.signing,
        level="B-T",
        field=SEAL_FIELD if visible else None,
        stamp=stamp,
        reason=TITLE,
        location=config.place,
        at=at,
    )
    return signed, {"signer": key.name, "role": ROLE, "level": "B-T", "at": at.isoformat(), "serial": key.serial}


def report_data(board: Board) -> dict[str, Any]:
    """What the template reads; docs/manual tells its owner the names."""
    total, query = board.total, board.query
    answers = counted(total.answers, "respuesta", "respuestas")
    floor = min([60, *(int(one.figures.on_time) for one in board.products if one.figures.on_time is not None)])
    return {
        "periodo": _period(query),
        "edicion": board.edition,
        "vencian": total.due,
        "cumplidos": total.kept,
        "en_termino": _number(total.on_time),
        "bajo_la_meta": board.below,
        "meta": board.goal,
        "cifras": [
            {"valor": one.now, "nombre": _NAMES[one.code], "contra": f"antes: {one.before}"} for one in board.headlines
        ],
        "grafico": _chart(board),
        "eje": [floor - floor % 10, 100],
        "cumplimiento": [
            {"servicio": f"{line.offer.code} · {line.offer.name}", "filas": list(_rows(board, line))}
            for line in board.services
        ],
        "tasas": [
            ["Devueltas para corregir", _percent(total.return_rate)],
            ["Rechazadas con sus motivos", _percent(total.refusal_rate)],
            ["Retiradas o desistidas", _percent(total.withdrawal_rate)],
            ["De ellas, cerradas por la oficina", str(total.archived)],
            ["Quejas, sugerencias y felicitaciones", str(board.complaints)],
            ["Satisfacción, de 1 a 5", f"{_number(total.satisfaction)} ({answers})"],
            ["Abiertas hoy", f"{board.backlog.open}, de ellas {board.backlog.overdue} con un plazo vencido"],
        ],
        "medidas": [
            [
                f"{one.service}, {m.month_name(one.month)}: {_number(one.share)} %",
                one.cause or "En estudio",
                f"{one.action} {one.responsible}".strip() or f"Pedida en {one.number}",
                f"{one.due_on:%d/%m/%Y}" if one.due_on else "–",
            ]
            for one in board.measures
            if query.since <= one.month <= query.until
        ],
    }


def _rows(board: Board, line: Line) -> Iterator[dict[str, Any]]:
    for one in board.products:
        if one.offer.code == line.offer.code and one.product is not None:
            figures = one.figures
            yield {
                "producto": one.product.name,
                "compromiso": counted(one.product.days, "día", "días"),
                "vencian": figures.due,
                "cumplidos": figures.kept,
                "porcentaje": figures.on_time,
                "texto": _number(figures.on_time),
                "mediana": _number(figures.median),
                "meta": line.offer.goal,
            }


def _chart(board: Board) -> dict[str, Any]:
    points = [one for one in board.series if board.query.since <= one.month <= board.query.until][-MOST_MONTHS:]
    months: list[dict[str, Any]] = [
        {
            "nombre": MONTHS[one.month % 100 - 1].capitalize(),
            "valores": [one.delivered.get(code, 0) for code in ("B1", "B2", "B3")] + [one.actas],
        }
        for one in points
    ]
    most = max((value for one in months for value in one["valores"]), default=0)
    step = next(n for n in _steps() if most <= 5 * n)
    top = max(step, math.ceil(most / step) * step)
    series = ["Certificados", "Certificaciones", "Sellados", "Actas"]
    return {"tope": top, "marcas": list(range(step, top + 1, step)), "meses": months, "series": series}


def _steps() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _period(query: Query) -> str:
    """«marzo de 2026», «enero a marzo de 2026»"""
    since, until = m.month_name(query.since), m.month_name(query.until)
    if query.since == query.until:
        return since
    return f"{since.split(' de ')[0] if query.since // 100 == query.until // 100 else since} a {until}"


def _number(value: float | None) -> str:
    """«93,6», «3»; of nothing, a dash."""
    return "–" if value is None else f"{value:.1f}".removesuffix(".0").replace(".", ",")


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{_number(value)} %"
