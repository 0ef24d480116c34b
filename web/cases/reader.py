"""Who reads, and by which door: ``inbox.get_case_for`` decides whether a case exists for this person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import cast

from flask import g
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.history.access import require_auditor
from engine.history.case_file import CaseHead
from engine.history.related import Related
from engine.inbox import CaseView, Viewer
from engine.inbox.case_access import relation_to
from engine.inbox.viewer import READ_ALL
from web import current
from web.current import cartulario


def viewer() -> Viewer:
    """The person signed in, with the roles in force today; read once for each request."""
    if "viewer" not in g:
        g.viewer = cartulario().inbox.viewer(current.person_id())
    return cast(Viewer, g.viewer)


def auditor() -> Viewer:
    """Raises NotAllowed for who is none."""
    who = viewer()
    require_auditor(who.roles)
    return who


def staff() -> Viewer:
    """Raises NotFound for who holds no role of the office: the page does not exist for them."""
    who = viewer()
    if not who.is_staff:
        raise NotFound()
    return who


def open_view(number: str) -> CaseView:
    """A case that is the person's to read as staff or auditor. Raises NotFound."""
    view = cartulario().inbox.get_case_for(viewer(), number)
    if view.relation == "requester":
        raise NotFound()
    return view


def readable_processes() -> Collection[str] | None:
    """The processes whose cases the person may list; None: all."""
    who = viewer()
    if who.roles & READ_ALL:
        return None
    return [
        definition.process
        for definition in cartulario().definitions.catalogue()
        if any(who.holds(role, definition.process) for role in definition.open_roles)
    ]


def called_for() -> list[tuple[str, str]]:
    """(process, role) of the person that read only the cases of which a task came to the role."""
    who, catalogue = viewer(), cartulario().definitions.catalogue()
    return [(one.process, role) for one in catalogue for role in one.called_roles if who.holds(role, one.process)]


def only_readable(conn: Connection, cases: Iterable[CaseHead]) -> tuple[CaseHead, ...]:
    """Of the cases that a page would name, those that the person may open: a complaint about them is not even told."""
    who, lanes = viewer(), cartulario().inbox.lanes
    return tuple(one for one in cases if relation_to(conn, who, one, lanes) is not None)


def readable_relations(conn: Connection, related: Related) -> Related:
    about = only_readable(conn, [related.about] if related.about else [])
    return replace(related, about=next(iter(about), None), others=only_readable(conn, related.others))
