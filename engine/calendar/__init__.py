"""The institution's calendar: which days a term runs on, and when it falls due (COA arts. 158-160; N-1).

``Calendar`` is pure arithmetic over rest days; these live in table ``feriado``: seeded from the country's rule, edited
by people, every change on record. Times come in and go out as UTC instants; days are the institution's own.
"""

from engine.calendar.business import Calendar
from engine.calendar.feriados import (
    Feriado,
    FeriadoChange,
    list_changes,
    list_feriados,
    load_calendar,
    seed_feriados,
    set_feriado,
    set_recess,
)
from engine.calendar.live import LiveCalendar
from engine.calendar.rules import RestDay, rest_days

__all__ = [
    "Calendar",
    "Feriado",
    "FeriadoChange",
    "LiveCalendar",
    "RestDay",
    "list_changes",
    "list_feriados",
    "load_calendar",
    "rest_days",
    "seed_feriados",
    "set_feriado",
    "set_recess",
]
