"""The report of regular internal control over the exam actas, of a period, as a page and as CSV; and who answers for
each step of the circuit, read off its diagram (art. 4, R-11, R-22).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from datetime import date as Day
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_login import login_required

from engine.actas.examen import Control, Copy, CopyQuery, control_of, count_copies, inventory
from engine.definitions.responsibility import responsibilities
from engine.errors import NotFound
from engine.mail.incoming import ReceivedMail, count_by_status, mails
from engine.people import Person, get_people
from engine.spreadsheet import CSV, Value, csv_lines
from web.current import cartulario, today
from web.dates import local_date
from web.examen.register import scope
from web.examen.words import state_text, told_text
from web.files import text_response
from web.roles import role_name

control = Blueprint("exam_control", __name__)

PROCESS = "acta_examen"
LONGEST = 5  # shown of each hand; the CSV has all that the engine tells
MOST = 20
HEADINGS = ("sección", "acta o cuenta", "departamento", "qué", "desde", "hasta", "días o cantidad", "detalle")


@dataclass(frozen=True)
class Report:
    since: Day
    until: Day  # included
    figures: Control
    letters: dict[tuple[str, str], int]
    troubled: list[ReceivedMail]
    unshelved: list[Copy]
    unshelved_count: int
    people: Mapping[UUID, Person]


@control.get("/examenes/control")
@login_required  # type: ignore[untyped-decorator]
def show() -> str:
    return render_template("examen/control.html", report=_report(), state_text=state_text, longest=LONGEST, most=MOST)


@control.get("/examenes/control.csv")
@login_required  # type: ignore[untyped-decorator]
def export() -> Response:
    report = _report()
    response = text_response(csv_lines(HEADINGS, _rows(report)), CSV)
    name = f"control-actas-{report.since}-{report.until}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@control.get("/examenes/responsabilidades")
@login_required  # type: ignore[untyped-decorator]
def matrix() -> str:
    scope()  # raises NotFound
    definition = cartulario().definitions.current(PROCESS)
    found = [one for one in responsibilities(definition) if one.lane or one.role]
    cells = {(one.name, one.lane, one.role, one.part): one for one in found}.values()  # drawn twice, told once
    return render_template("examen/responsibilities.html", cells=cells, definition=definition, told_text=told_text)


def _period() -> tuple[Day, Day]:
    """Both days included; what cannot be read is the year so far."""
    until = today()
    since = Day(until.year, 1, 1)
    for name in ("desde", "hasta"):
        with suppress(ValueError):
            given = Day.fromisoformat(request.args.get(name, ""))
            since, until = (given, until) if name == "desde" else (since, given)
    return min(since, until), max(since, until)


def _report() -> Report:
    """Raises NotFound for who does not see the whole register."""
    if not scope().everything:
        raise NotFound()
    app, (since, until) = cartulario(), _period()
    start, end = _instant(since), _instant(until) + timedelta(days=1) if until < Day.max else _instant(until)
    with app.database.read() as conn:
        figures = control_of(conn, start, end, app.clock.now())
        letters = count_by_status(conn, since=start, until=end)
        troubled = mails(conn, statuses=["held", "refused"], since=start, until=end, limit=MOST)
        unshelved = inventory(conn, CopyQuery(missing=True), limit=MOST)
        count = count_copies(conn, CopyQuery(missing=True))
        named = {one.by for one in figures.sent_back} | {loaded.by for loaded in figures.by_hand}
        people = get_people(conn, {who for who in named if who is not None})
    return Report(since, until, figures, letters, troubled, unshelved, count, people)


def _instant(day: Day) -> datetime:
    """The beginning of a day where the institution is."""
    zone = cartulario().config.zone
    with suppress(OverflowError):
        return datetime.combine(day, time(), zone).astimezone(UTC)
    return datetime.combine(day, time(), UTC)


def _rows(report: Report) -> Iterator[list[Value]]:
    figures = report.figures
    for state, count in figures.by_state.items():
        yield ["estado", "", "", state_text(state), "", "", count, ""]
    for holder, stays in figures.longest.items():
        for stay in stays:
            until = local_date(stay.until).isoformat() if stay.until else ""
            since, days = local_date(stay.since).isoformat(), round(stay.days, 1)
            told: list[Value] = [role_name(holder), since, until, days, state_text(stay.state)]
            yield ["espera", stay.base, stay.departamento, *told]
    for one in figures.sent_back:
        day = local_date(one.at).isoformat()
        was = f"{state_text(one.was)} → {state_text(one.to)}"
        yield ["devolución", one.base, one.departamento, was, day, "", "", one.note]
    for (account, status), count in sorted(report.letters.items()):
        yield ["correo", account, "", status, "", "", count, ""]
    for mail in report.troubled:
        day = local_date(mail.received_at).isoformat()
        yield ["correo con problema", mail.account, "", mail.status, day, "", "", mail.reason or ""]
    for loaded in figures.by_hand:
        paper = "con lo que informó el docente" if loaded.document_id else "sin lo que informó el docente"
        yield ["a mano", loaded.base, loaded.departamento, paper, local_date(loaded.at).isoformat(), "", "", ""]
    yield ["firma", "", "", "en el sistema", "", "", figures.signed_inside, ""]
    yield ["firma", "", "", "con otro programa", "", "", figures.signed_outside, ""]
    for copy in report.unshelved:
        yield [
            "sin lugar",
            copy.base,
            copy.departamento,
            copy.curso,
            local_date(copy.locked_at).isoformat(),
            "",
            "",
            "",
        ]
