"""The due chip of a row: what the calendar says of a task's term, as a kind, a day and plain Spanish words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from engine.inbox.ports import Days

Kind = Literal["neutral", "warn", "bad", "paused", "ok"]
When = Literal[
    "none", "overdue", "yesterday", "expired_today", "today", "date", "paused", "answer_by", "done",
    "reminded", "delay_told", "closes",
]  # fmt: skip
Group = Literal["vencidas", "hoy", "proximas", "pausa", "sin_plazo"]

WEEKDAYS: Final = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
MONTHS: Final = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")

NOTICES: Final[dict[str, tuple[When, str]]] = {  # what a timer does → how a chip tells it
    "recuerda": ("reminded", "Se recuerda"),
    "demora": ("delay_told", "Se avisa la demora"),
    "cierra": ("closes", "Se cierra"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What the next timer about a task does, and when."""

    kind: str  # of NOTICES
    at: datetime


@dataclass(frozen=True, slots=True)
class Chip:
    """``when`` and ``day`` are for a face that words it itself, in another language; ``text`` is ready to show."""

    kind: Kind
    when: When
    day: date | None
    text: str


def short_day(day: date, today: date, *, weekday: bool = True) -> str:
    """ "jue 20 nov", with the year when it is another."""
    text = f"{day.day} {MONTHS[day.month - 1]}"
    if weekday:
        text = f"{WEEKDAYS[day.weekday()]} {text}"
    return text if day.year == today.year else f"{text} {day.year}"


def due_chip(due_at: datetime | None, paused: bool, now: datetime, days: Days) -> Chip:
    """For an open task. ``paused``: it stops the term; its own due is until when an answer is awaited."""
    today = days.local_day(now)
    day = days.local_day(due_at) if due_at else None
    if paused:
        if day is None:
            return Chip("paused", "paused", None, "En pausa")
        return Chip("paused", "answer_by", day, f"Responde hasta {short_day(day, today, weekday=False)}")
    if due_at is None or day is None:
        return Chip("neutral", "none", None, "Sin plazo")
    if due_at < now:
        if day == today:
            return Chip("bad", "expired_today", day, "Venció hoy")
        if day == today - timedelta(days=1):
            return Chip("bad", "yesterday", day, "Venció ayer")
        return Chip("bad", "overdue", day, f"Venció {short_day(day, today)}")
    if day == today:
        return Chip("warn", "today", day, "Vence hoy")
    return Chip("neutral", "date", day, short_day(day, today))


def notice_chip(notice: Notice, now: datetime, days: Days) -> Chip:
    """For an open task without a term, that a timer of its diagram is about."""
    today, day = days.local_day(now), days.local_day(notice.at)
    when, words = NOTICES[notice.kind]
    return Chip("neutral", when, day, f"{words} el {short_day(day, today)}")


def done_chip(closed_at: datetime, due_at: datetime | None, days: Days, now: datetime) -> Chip:
    """For a task that is no longer open: in time or late."""
    day = days.local_day(closed_at)
    late = due_at is not None and closed_at > due_at
    words = f"Cerrada {short_day(day, days.local_day(now))}"
    return Chip("bad" if late else "ok", "done", day, f"{words}, fuera de término" if late else words)


def group_of(chip: Chip) -> Group:
    match chip.when:
        case "paused" | "answer_by":
            return "pausa"
        case "overdue" | "yesterday" | "expired_today":
            return "vencidas"
        case "today":
            return "hoy"
        case "none" | "done" | "reminded" | "delay_told" | "closes":
            return "sin_plazo"
        case _:
            return "proximas"
