"""What the frame of every page shows: who is signed in, where they can go, how they like to see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, g, request

from engine.actas import KEEPERS, PROFILE
from engine.actas.examen import sees_actas
from engine.carta import headline
from engine.carta.matriz_search import READERS as MATRIZ_READERS
from engine.cases.intake import INTAKE_ROLES
from engine.inbound.edit_calendar import EDITOR
from engine.inbound.office_people import may_manage
from engine.indicators import BOARD_ROLES
from engine.people import get_people, list_delegations
from web import current
from web.i18n import LANGUAGES, chosen_language
from web.roles import role_name
from web.text import gettext as _
from web.text import lazy_gettext

THEMES = {"sistema": lazy_gettext("Según el sistema"), "claro": lazy_gettext("Claro"), "oscuro": lazy_gettext("Oscuro")}
DENSITIES = {"comoda": lazy_gettext("Cómoda"), "compacta": lazy_gettext("Compacta")}
THEME_COOKIE, DENSITY_COOKIE = "tema", "densidad"

AUDIT_ROLES = {"auditor", "administrador"}


@dataclass(frozen=True)
class Place:
    """One entry of the main menu; ``here`` marks the page's own."""

    name: str
    address: str
    here: bool


def is_staff() -> bool:
    """Holds a role of the office, so that the inbox is their home."""
    return bool(current.roles() - {"solicitante"})


def manages_people() -> bool:
    return may_manage(current.office_roles())


def menu() -> list[Place]:
    """The menu of this person. The address is current when the page lies under it."""
    who = current.person()
    places: list[tuple[str, str]] = []
    if who is not None and is_staff():
        places += [(_("Bandeja"), "/bandeja"), (_("Trámites"), "/casos")]
    if who is not None and current.office_roles() & BOARD_ROLES:
        places.append((_("Tablero"), "/tablero"))
    if current.office_roles() & INTAKE_ROLES:
        places.append((_("Mostrador"), "/mostrador"))
    if current.office_roles() & MATRIZ_READERS:
        places.append((_("Matriz"), "/matriz"))
    if EDITOR in current.office_roles():
        places.append((_("Calendario"), "/calendario"))
    if who is not None and current.office_roles() & AUDIT_ROLES:
        places.append((_("Auditoría"), "/auditoria"))
    if who is not None and (current.office_roles() & KEEPERS or who.profile == PROFILE):
        places.append((_("Actas"), "/actas-de-sesion"))
    if who is not None and sees_actas(current.roles()):
        places.append((_("Exámenes"), "/examenes"))
    places += [(_("Servicios"), "/servicios"), (_("Carta"), "/carta")]
    if who is not None and (who.profile or not is_staff()):
        places += [(_("Mis trámites"), "/tramites"), (_("Documentos"), "/documentos")]
    if who is not None and who.profile in ("estudiante", "graduado"):
        places.append((_("Historia"), "/historia"))
    places.append((_("Verificar"), "/verificar"))
    return [Place(name, address, _is_here(address)) for name, address in places]


def _is_here(address: str) -> bool:
    return request.path == address or request.path.startswith(f"{address}/")


@dataclass(frozen=True)
class Lent:
    """A role that somebody lent to the person signed in, for the band under the header."""

    role: str
    by: str
    until: date


def lent_roles() -> list[Lent]:
    """Those in force today, for the staff."""
    who = current.person()
    if who is None or not is_staff():
        return []
    with current.cartulario().database.read() as conn:
        found = [one for one in list_delegations(conn, who.id, current.today()) if one.to_id == who.id]
        lenders = get_people(conn, [one.from_id for one in found])
    return [Lent(role_name(one.role), lenders[one.from_id].sort_name, one.until) for one in found]


def charter_line() -> str:
    """«Edición 1ª · CS_UNEMI_DSG · 27/02/2024», of the Carta in force; nothing on the page that has no database."""
    if g.get("nobody"):
        return ""
    with current.cartulario().database.read() as conn:
        found = headline(conn)
    if found is None:
        return ""
    return _("Edición %(n)sª · %(code)s · %(day)s", n=found.number, code=found.code, day=f"{found.date:%d/%m/%Y}")


def theme() -> str:
    return {"claro": "light", "oscuro": "dark"}.get(request.cookies.get(THEME_COOKIE, ""), "")


def density() -> str:
    return "compact" if request.cookies.get(DENSITY_COOKIE) == "compacta" else ""


def frame() -> dict[str, Any]:
    """Names that every template may use."""
    config = current.cartulario().config
    return {
        "config": config,
        "person": current.person(),
        "menu": menu,
        "is_staff": is_staff,
        "manages_people": manages_people,
        "role_name": role_name,
        "lent_roles": lent_roles,
        "charter_line": charter_line,
        "theme": theme(),
        "density": density(),
        "language": chosen_language(),
        "languages": LANGUAGES,
        "own_tokens": (config.data_dir / "institucion" / "tokens.css").is_file(),
    }


def init_app(app: Flask) -> None:
    app.context_processor(frame)
