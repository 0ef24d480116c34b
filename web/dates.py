"""Dates and sizes as people read them, in the page's language and the institution's timezone. Template filters."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale

from web.current import cartulario, today
from web.text import gettext as _

Moment = date | datetime


def _zone() -> ZoneInfo:
    return cartulario().config.zone


def local_date(value: Moment) -> date:
    """The day of an instant at the institution's place; a date is itself."""
    return value.astimezone(_zone()).date() if isinstance(value, datetime) else value


def _pattern(value: Moment, spanish: str, english: str) -> str:
    locale = get_locale()
    pattern = english if locale and locale.language == "en" else spanish
    return format_date(local_date(value), pattern, locale=locale or "es")


def long_date(value: Moment) -> str:
    """«jueves 20 de noviembre de 2025»"""
    return _pattern(value, "EEEE d 'de' MMMM 'de' y", "EEEE d MMMM y")


def day(value: Moment) -> str:
    """«jueves 20 de noviembre»"""
    return _pattern(value, "EEEE d 'de' MMMM", "EEEE d MMMM")


def short_day(value: Moment) -> str:
    """«jue 20 nov»"""
    return _pattern(value, "EEE d MMM", "EEE d MMM").replace(".", "").replace(",", "")


def short_date(value: Moment) -> str:
    """«20/11/2025»"""
    return _pattern(value, "dd/MM/y", "dd/MM/y")


def clock_time(value: datetime) -> str:
    """«15:07»"""
    return format_time(value.astimezone(_zone()), "HH:mm", locale=get_locale() or "es")


def moment(value: datetime) -> str:
    """«hoy, 09:58», «ayer, 15:07», else «18 nov, 14:31» or with its year."""
    when, now = local_date(value), today()
    if when == now:
        name = _("hoy")
    elif (now - when).days == 1:
        name = _("ayer")
    else:
        pattern = "d MMM" if when.year == now.year else "d MMM y"
        name = _pattern(value, pattern, pattern)
    return f"{name.replace('.', '')}, {clock_time(value)}"


def long_moment(value: datetime) -> str:
    """«jueves 20 de noviembre de 2025, 12:18»"""
    return f"{long_date(value)}, {clock_time(value)}"


def day_moment(value: datetime) -> str:
    """«miércoles 12 de noviembre, 16:20»"""
    return f"{day(value)}, {clock_time(value)}"


def file_size(size: int) -> str:
    """«1,2 MB»"""
    power, unit = (0, "bytes") if size < 1024 else (1, "KB") if size < 1024**2 else (2, "MB")
    return f"{format_decimal(round(size / 1024**power, 1 if power == 2 else 0), locale=get_locale() or 'es')} {unit}"


def iso(value: Moment) -> str:
    """For the datetime attribute of <time>."""
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def groups_of(text: str, length: int) -> str:
    """A fingerprint in groups, so that an eye can follow it."""
    return " ".join(text[at : at + length] for at in range(0, len(text), length))


SHOWN = (long_date, day, short_day, short_date, clock_time, moment, long_moment, day_moment, file_size, iso, groups_of)


def init_app(app: Flask) -> None:
    for show in SHOWN:
        app.jinja_env.filters[show.__name__] = show
