"""Alembic's environment. ``migrate.upgrade`` hands over its own connection and transaction; so does the tool that
writes a new migration (``tests/support/new_migration.py``). Nothing else runs this."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from engine.storage import fulltext
from engine.storage.tables import metadata
from engine.storage.types import Json, UtcDateTime


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our own column types by their names, so that both databases get theirs."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from engine.storage.types import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and item is Json:
        autogen.imports.add("from engine.storage.types import Json")
        return "Json"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=fulltext.include_name,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
