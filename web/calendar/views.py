"""/calendario: the rest days of a year, open to anybody; the administration declares one or takes it back, and says
why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from engine.calendar import KINDS, list_changes, list_feriados, list_local_feriados, rest_days
from engine.errors import InvalidAnswers, NotAllowed, NotFound
from engine.inbound.edit_calendar import EDITOR, LAST_YEAR, EditCalendar, edit_calendar
from engine.people import get_people
from web import current
from web.current import cartulario, person_id, today
from web.text import gettext as _
from web.text import lazy_gettext

NAMES = {
    "nacional": lazy_gettext("Nacional"),
    "local": lazy_gettext("Local"),
    "receso": lazy_gettext("Receso"),
    "decreto": lazy_gettext("Por decreto"),
}
FIELDS = ("first", "last", "name", "kind", "place", "reason")
CHANGES = 50

calendar_pages = Blueprint("calendar", __name__)


@dataclass(frozen=True)
class Rest:
    """A line of the year. ``place``: only there."""

    day: date
    name: str
    kind: str
    place: str = ""


def rests_of(conn: Connection, year: int) -> tuple[list[Rest], bool]:
    """In order; and whether they are on record, not only what the rule says."""
    config = cartulario().config
    found = [Rest(one.day, one.name, one.kind) for one in list_feriados(conn, year)]
    recorded = any(one.kind == "nacional" for one in found)
    if not recorded:
        derived = rest_days(config.country, config.subdivision, config.place, year)
        taken = {one.day for one in found}
        found += [Rest(one.day, one.name, one.kind) for one in derived if one.day not in taken]
    found += [Rest(one.day, one.name, "local", one.place) for one in list_local_feriados(conn, year)]
    return sorted(found, key=lambda one: (one.day, one.place)), recorded


def may_edit() -> bool:
    return EDITOR in current.office_roles()


def page(year: int, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None) -> str:
    with cartulario().database.read() as conn:
        rests, recorded = rests_of(conn, year)
        changes = list_changes(conn, year)[:CHANGES]
        authors = get_people(conn, {one.by for one in changes if one.by})
    return render_template(
        "calendar/calendar.html", year=year, rests=rests, recorded=recorded, changes=changes, authors=authors,
        names=NAMES, kinds=KINDS, editable=may_edit(), today=today(), place=cartulario().config.place,
        typed=dict.fromkeys(FIELDS, "") | {"kind": "decreto"} | (typed or {}), errors=errors or {},
    )  # fmt: skip


def year_of(text: str) -> int:
    """The year typed in the address, or this one."""
    return int(text) if text.isdecimal() and 2000 <= int(text) <= LAST_YEAR else today().year


@calendar_pages.get("/calendario")
def show() -> str:
    return page(year_of(request.args.get("anio", "")[:4]))


@calendar_pages.post("/calendario")
@login_required  # type: ignore[untyped-decorator]
def declare() -> Response | tuple[str, int]:
    typed = {name: request.form.get(name, "").strip()[:400] for name in FIELDS}
    try:
        first = day_of(typed["first"], "first")
        last = day_of(typed["last"], "last") if typed["last"] else None
        command = EditCalendar(person_id(), first, last, typed["name"], typed["kind"], typed["place"], typed["reason"])
        changed = edit_calendar(command, cartulario())
    except InvalidAnswers as error:
        return page(year_of(typed["first"][:4]), typed, dict(error.errors)), 422
    return done(changed, first.year)


@calendar_pages.get("/calendario/<day>/quitar")
@login_required  # type: ignore[untyped-decorator]
def ask_to_remove(day: str) -> str:
    return removal(rest_on(day), {})


@calendar_pages.post("/calendario/<day>/quitar")
@login_required  # type: ignore[untyped-decorator]
def remove(day: str) -> Response | tuple[str, int]:
    rest = rest_on(day)
    reason = request.form.get("reason", "").strip()[:400]
    try:
        command = EditCalendar(person_id(), rest.day, None, None, rest.kind, rest.place, reason)
        changed = edit_calendar(command, cartulario())
    except InvalidAnswers as error:
        return removal(rest, dict(error.errors)), 422
    return done(changed, rest.day.year)


def rest_on(text: str) -> Rest:
    """The rest day of the address. Raises NotAllowed, or NotFound when it works already."""
    if not may_edit():
        raise NotAllowed()
    day, place = day_of(text, "first"), request.values.get("lugar", "").strip()
    with cartulario().database.read() as conn:
        rests, _recorded = rests_of(conn, day.year)
    found = next((one for one in rests if (one.day, one.place) == (day, place)), None)
    if found is None:
        raise NotFound(_("Ese día ya es hábil."))
    return found


def removal(rest: Rest, errors: dict[str, str]) -> str:
    return render_template("calendar/remove.html", rest=rest, errors=errors, names=NAMES)


def done(changed: int, year: int) -> Response:
    if changed:
        flash(
            _("Guardado. Los plazos de los trámites abiertos se cuentan de nuevo, con aviso a quien los pidió."), "ok"
        )
    else:
        flash(_("El calendario ya decía eso: no cambió nada."), "ok")
    return redirect(url_for("calendar.show", anio=year))


def day_of(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidAnswers({field: _("Escriba la fecha.")}) from None
