"""The database's schema, as the operator sees it: bring it up to date, or refuse to work on another release's."""

from __future__ import annotations

from engine.errors import CartularioError
from engine.storage import migrate as schema
from engine.storage.unit_of_work import Database


class OutOfDate(CartularioError):
    status = 503
    code = "schema_out_of_date"
    message = "La base de datos no corresponde a esta versión. Ejecute: cartulario migrate-db"


def migrate(database: Database) -> str:
    """Apply what is missing; answer the revision. Safe when two do it at once."""
    return schema.upgrade(database)


def require_current(database: Database) -> None:
    """Raises OutOfDate, so that a server never works on a schema that it does not know."""
    if not schema.is_current(database):
        raise OutOfDate()
