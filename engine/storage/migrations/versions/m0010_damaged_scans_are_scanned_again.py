"""A damaged scan of an old acta is scanned again, and what was indexed of each is kept (release 0.4)."""

import sqlalchemy as sa
from alembic import op

from engine.storage.triggers import Guard, statements

revision = "0010"
down_revision = "0009"

GUARDS = (
    Guard(
        table="acta_digitalizada",
        keys=(("id",), ("base", "n")),
        frozen=(
            "id",
            "base",
            "n",
            "reason",
            "curso",
            "fecha",
            "articulo",
            "docente",
            "autoridad",
            "texto",
            "document_id",
            "sha256",
            "certificate_id",
            "case_id",
            "estudiantes",
            "docentes",
            "papel",
            "search",
            "by",
            "at",
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
    with op.batch_alter_table("acta_digitalizada") as table:  # SQLite makes it again, its rows with it
        table.add_column(sa.Column("n", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("reason", sa.Text(), nullable=True))
        table.add_column(sa.Column("estudiantes", sa.Text(), nullable=True))
        table.add_column(sa.Column("docentes", sa.Text(), nullable=True))
        table.add_column(sa.Column("papel", sa.String(length=8), nullable=True))
        table.drop_constraint(op.f("uq_acta_digitalizada_base"), type_="unique")
        table.create_unique_constraint(op.f("uq_acta_digitalizada_base_n"), ["base", "n"])
        table.create_check_constraint("ck_acta_digitalizada_reason", "(n = 1) = (reason IS NULL)")
    with op.batch_alter_table("acta_digitalizada") as table:
        table.alter_column("n", server_default=None)
    for statement in statements(conn.dialect.name, GUARDS):
        conn.exec_driver_sql(statement)
