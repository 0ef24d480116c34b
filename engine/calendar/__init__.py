"""The institution's calendar: which days a term runs on, and when it falls due (COA arts. 158-160; N-1).

``Calendar`` is pure arithmetic over rest days; these live in table ``feriado``: seeded from the country's rule, edited
by people, every change on record. Times come in and go out as UTC instants; days are the institution's own.
"""

from engine.calendar.business import Calendar
from engine.calendar.changes import KINDS, FeriadoChange, list_changes, mark_followed, pending_changes
from engine.calendar.feriados import Feriado, list_feriados, load_calendar, seed_feriados, set_feriado, set_recess
from engine.calendar.live import LiveCalendar
from engine.calendar.local import LocalFeriado, list_local_feriados, same_place, set_local_feriado
from engine.calendar.promise import ProductPromise, Promise, overdue, promise_of
from engine.calendar.rules import RestDay, rest_days

__all__ = [
    "KINDS",
    "Calendar",
    "Feriado",
    "FeriadoChange",
    "LiveCalendar",
    "LocalFeriado",
    "ProductPromise",
    "Promise",
    "RestDay",
    "list_changes",
    "list_feriados",
    "list_local_feriados",
    "load_calendar",
    "mark_followed",
    "overdue",
    "pending_changes",
    "promise_of",
    "rest_days",
    "same_place",
    "seed_feriados",
    "set_feriado",
    "set_local_feriado",
    "set_recess",
]
