"""Ecuador's rest days: eleven a year, with their moves (Ley Orgánica Reformatoria a la LOSEP y al Código del Trabajo,
R.O. Suplemento 906, 20 December 2016; Código del Trabajo art. 65).

Written out because the ``holidays`` package keeps the original weekday beside the moved one (1 May 2024 as well as
3 May). Bridge days by decree cannot be derived: people add them.
"""

from __future__ import annotations

from datetime import date, timedelta

DAY = timedelta(days=1)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)

MOVES = {TUE: -1, WED: 2, THU: 1, SAT: -1, SUN: 1}  # weekday → days to its rest
CONTIGUOUS = {(TUE, WED): (0, -2), (WED, THU): (2, 0), (THU, FRI): (0, 0), (FRI, SAT): (0, -2), (SUN, MON): (2, 0),
              (MON, TUE): (0, 0)}  # fmt: skip


def easter(year: int) -> date:
    """Easter Sunday, Gregorian computus (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


def moved(day: date) -> date:
    """Where the rest of a national or local holiday falls: Tue→Mon, Wed and Thu→Fri, Sat→Fri, Sun→Mon."""
    return day + MOVES.get(day.weekday(), 0) * DAY


def _kept(day: date) -> date:
    """1 January and 25 December: not moved inside the week; on a weekend they rest on Friday or Monday as others do."""
    return moved(day) if day.weekday() >= SAT else day


def moved_pair(first: date) -> tuple[date, date]:
    """Two contiguous holidays, ``first`` and the day after, moved together so that the rest stays in one block."""
    second = first + DAY
    shifts = CONTIGUOUS.get((first.weekday(), second.weekday()))
    if shifts is None:  # Sat and Sun: each by its own rule
        return moved(first), moved(second)
    return first + shifts[0] * DAY, second + shifts[1] * DAY


def national(year: int) -> dict[date, str]:
    """Rest day → name, of the holidays of ``year``; that of 1 January may fall on 31 December of the year before."""
    sunday = easter(year)
    difuntos, cuenca = moved_pair(date(year, 11, 2))
    return {
        _kept(date(year, 1, 1)): "Año Nuevo",
        sunday - 48 * DAY: "Lunes de Carnaval",
        sunday - 47 * DAY: "Martes de Carnaval",
        sunday - 2 * DAY: "Viernes Santo",
        moved(date(year, 5, 1)): "Día del Trabajo",
        moved(date(year, 5, 24)): "Batalla de Pichincha",
        moved(date(year, 8, 10)): "Primer Grito de Independencia",
        moved(date(year, 10, 9)): "Independencia de Guayaquil",
        difuntos: "Día de los Difuntos",
        cuenca: "Independencia de Cuenca",
        _kept(date(year, 12, 25)): "Navidad",
    }
