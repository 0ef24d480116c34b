"""Argentina's rest days, from the ``holidays`` package: moved days and the bridge days of each year's decree included,
with those of one of the 24 subdivisions when given. Local days are in ``rules.py``."""

from __future__ import annotations

from datetime import date

from holidays import country_holidays


def national(year: int, subdivision: str | None = None) -> dict[date, str]:
    """Rest day → name in Spanish. ``subdivision`` is the letter of ISO 3166-2:AR ("B", Buenos Aires)."""
    found = country_holidays("AR", subdiv=subdivision, years=year, language="es", expand=False)
    return {day: name for day, name in found.items() if day.year == year}
