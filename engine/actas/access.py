"""Who may see the register of session actas, and how much of it (C-26).

Those who keep it (Secretaría, Archivo) see and reserve everything. The administrative profile searches what is not
reserved and sees its description, never the file: for that the service asks for a certified copy. Nobody else enters.
"""

from __future__ import annotations

from collections.abc import Collection

from engine.errors import NotAllowed

KEEPERS = frozenset({"secretaria", "jefe_secretaria", "archivo", "secretario_general"})
PROFILE = "administrativo"


def require_keeper(roles: Collection[str]) -> None:
    """Raises NotAllowed."""
    if not KEEPERS & set(roles):
        raise NotAllowed("El registro de actas de sesión lo llevan Secretaría y Archivo.")


def require_reader(roles: Collection[str], profile: str | None) -> bool:
    """Whether the reader keeps the register; raises NotAllowed for who may not even search it."""
    if KEEPERS & set(roles):
        return True
    if profile != PROFILE:
        raise NotAllowed("Las actas de sesión son para el personal administrativo y para quienes llevan el registro.")
    return False
