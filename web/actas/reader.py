"""Who looks at the register: every view asks here first, and a view that shows one acta asks for that one."""

from __future__ import annotations

from engine.actas import ActaSesion, acta_by_reference, require_keeper, require_reader, reservation_on
from engine.errors import NotFound
from web import current
from web.current import cartulario


def keeps() -> bool:
    """Whether the person keeps the register. Raises NotAllowed for who may not even search it."""
    return require_reader(current.roles(), current.signed_in().profile)


def require_keeps() -> None:
    """Raises NotAllowed."""
    require_keeper(current.roles())


def acta_for_me(reference: str) -> tuple[ActaSesion, bool]:
    """The acta and whether the person keeps the register. One reserved as a whole does not exist for the others."""
    keeper = keeps()
    with cartulario().database.read() as conn:
        acta = acta_by_reference(conn, reference)
    if not keeper and reservation_on(acta, current.today()) == "whole":
        raise NotFound()
    return acta, keeper
