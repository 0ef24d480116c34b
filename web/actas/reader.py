"""Who looks at the register: every view asks here first, and a view that shows one acta asks for that one."""

from __future__ import annotations

from datetime import date

from babel.lists import format_list
from flask_babel import get_locale

from engine.actas import ActaSesion, acta_by_reference, require_keeper, require_reader, reservation_on
from engine.errors import NotFound
from web import current
from web.current import cartulario
from web.text import gettext as _


def keeps() -> bool:
    """Whether the person keeps the register. Raises NotAllowed for who may not even search it."""
    return require_reader(current.office_roles(), current.signed_in().profile)


def require_keeps() -> None:
    """Raises NotAllowed."""
    require_keeper(current.office_roles())


def acta_for_me(reference: str) -> tuple[ActaSesion, bool]:
    """The acta and whether the person keeps the register. One reserved as a whole does not exist for the others."""
    keeper = keeps()
    with cartulario().database.read() as conn:
        acta = acta_by_reference(conn, reference)
    if not keeper and reservation_on(acta, current.today()) == "whole":
        raise NotFound()
    return acta, keeper


def reserved_part(acta: ActaSesion, day: date) -> str:
    """«páginas 2 a 4 y 7», «página 2» or nothing: what is reserved in part on that day, in the page's language."""
    if reservation_on(acta, day) != "partial":
        return ""
    ranges = acta.reserved_pages or []
    parts = [str(a) if a == b else _("%(first)s a %(last)s", first=a, last=b) for a, b in ranges]
    written = format_list(parts, locale=get_locale() or "es")
    return _("página %(n)s", n=written) if written.isdigit() else _("páginas %(pages)s", pages=written)
