"""Alembic's environment. ``migrate.upgrade`` hands over its own connection and transaction; nothing else runs this."""

from alembic import context

from engine.storage import fulltext
from engine.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=context.config.attributes.get("render_as_batch", False),
    compare_server_default=True,
    include_name=fulltext.include_name,
)
with context.begin_transaction():
    context.run_migrations()
