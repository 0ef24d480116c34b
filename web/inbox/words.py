"""The inbox's own words in the page's language: due chips, groups, who has a task. Template globals and filters."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import parse_qsl

from flask import Blueprint

from engine.inbox import Chip, Filters
from web.dates import short_day
from web.text import gettext as _

ICONS = {"neutral": "calendar", "warn": "clock", "bad": "circle-alert", "paused": "pause", "ok": "circle-check"}
TONES = {"neutral": "", "warn": "warn", "bad": "bad", "paused": "", "ok": "ok"}


def chip_text(chip: Chip, *, brief: bool = False) -> str:
    """«Vence hoy», «Venció ayer», «jue 20 nov», «Responde hasta mié 26 nov», «Se recuerda el mié 26 nov».
    ``brief``: for a row, which is narrow."""
    day = short_day(chip.day) if chip.day else ""
    return {
        "none": _("Sin plazo"),
        "overdue": _("Venció %(day)s", day=day),
        "yesterday": _("Venció ayer"),
        "expired_today": _("Venció hoy"),
        "today": _("Vence hoy"),
        "date": day,
        "paused": _("En pausa"),
        "answer_by": _("Responde hasta %(day)s", day=day),
        "done": _("Cerrada %(day)s", day=day),
        "reminded": _("Se recuerda el %(day)s", day=day),
        "delay_told": _("Se avisa el %(day)s", day=day) if brief else _("Se avisa la demora el %(day)s", day=day),
        "closes": _("Se cierra el %(day)s", day=day),
    }[chip.when]


def group_title(key: str) -> str:
    return {
        "vencidas": _("Vencidas"),
        "hoy": _("Hoy"),
        "proximas": _("Próximos días hábiles"),
        "pausa": _("En pausa"),
        "sin_plazo": _("Sin plazo"),
    }[key]


def tab_names() -> dict[str, str]:
    return {"mias": _("Mías"), "grupos": _("De mis grupos"), "todas": _("Todas"), "pospuestas": _("Pospuestas")}


def due_names() -> dict[str, str]:
    return {
        "vencidas": _("Vencidas"),
        "hoy": _("Vencen hoy"),
        "semana": _("Hasta el domingo"),
        "pausa": _("En pausa"),
        "sin_plazo": _("Sin plazo"),
    }


def sort_names() -> dict[str, str]:
    return {
        "vence": _("Por vencimiento"),
        "-abierta": _("Las más nuevas"),
        "abierta": _("Las más antiguas"),
        "-prioridad,vence": _("Por prioridad"),
        "tarea,vence": _("Por tarea"),
        "numero": _("Por número"),
        "solicita,vence": _("Por quien solicita"),
    }


def hidden_filters(filters: Filters, asked: Collection[str]) -> list[tuple[str, str]]:
    """The filters that a form keeps and does not ask for, as hidden fields; a new filter starts from the first page."""
    return [(name, value) for name, value in parse_qsl(filters.with_().query()) if name not in asked]


def sort_code(filters: Filters) -> str:
    return dict(parse_qsl(filters.query())).get("orden", "vence")


def without(facts: Iterable[tuple[str, str]], key: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in facts if pair[0] != key)


def add_words(blueprint: Blueprint) -> None:
    for word in (chip_text, group_title, tab_names, due_names, sort_names, hidden_filters, sort_code, without):
        blueprint.add_app_template_global(word)
    blueprint.app_context_processor(lambda: {"chip_icons": ICONS, "chip_tones": TONES})
