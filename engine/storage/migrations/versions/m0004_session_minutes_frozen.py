"""Of an acta of the register only its reservation changes, and who reads its original is logged (release 0.3)."""

import sqlalchemy as sa
from alembic import op

from engine.storage.triggers import Guard, statements

revision = "0004"
down_revision = "0003"

GUARDS = (
    Guard(table="read_log", keys=(("id",),)),
    Guard(
        table="acta_sesion",
        keys=(("id",), ("body", "year", "number")),
        frozen=(
            "id",
            "body",
            "year",
            "number",
            "date",
            "kind",
            "title",
            "keywords",
            "pages",
            "signed_by",
            "custody",
            "status",
            "approved_on",
            "sha256",
            "imported_by",
            "imported_at",
        ),
    ),
)


def upgrade() -> None:
    conn = op.get_bind()
    sqlite = conn.dialect.name == "sqlite"
    for guard in GUARDS:
        for what in ("update", "delete", "replace" if sqlite else "truncate"):
            on = "" if sqlite else f" ON {guard.table}"
            conn.exec_driver_sql(f"DROP TRIGGER {guard.table}_no_{what}{on}")
    with op.batch_alter_table("read_log") as table:  # SQLite makes it again, its rows with it
        table.alter_column("case_id", existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column("acta_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_read_log_acta_id"), "acta_sesion", ["acta_id"], ["id"])
        table.create_index("ix_read_log_acta", ["acta_id", "at"], unique=False)
    for statement in statements(conn.dialect.name, GUARDS):
        conn.exec_driver_sql(statement)
