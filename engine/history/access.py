"""Who may audit, and who may mend what the diagram cannot. Who may read one case is ``inbox.get_case_for``'s to say."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from engine.errors import NotAllowed

AUDITORS: Final = frozenset({"auditor", "administrador"})
MENDERS: Final = frozenset({"administrador", "jefe_secretaria", "dueno_proceso"})  # may have terms counted again


def require_auditor(roles: Collection[str]) -> None:
    """Raises NotAllowed."""
    if not AUDITORS & set(roles):
        raise NotAllowed("La auditoría es para quien tiene esa función.")


def require_mender(roles: Collection[str]) -> None:
    """Raises NotAllowed."""
    if not MENDERS & set(roles):
        raise NotAllowed()
