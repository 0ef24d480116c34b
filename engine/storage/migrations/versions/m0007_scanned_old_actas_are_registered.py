"""Scanned old exam actas, certified and kept (release 0.4)."""

import sqlalchemy as sa
from alembic import op

from engine.storage.triggers import Guard, statements
from engine.storage.types import UtcDateTime

revision = "0007"
down_revision = "0006"

GUARDS = (
    Guard(
        table="acta_digitalizada",
        keys=(("id",), ("base",)),
        frozen=(
            "id",
            "base",
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
            "search",
            "by",
            "at",
        ),
    ),
)


def upgrade() -> None:
    op.create_table(
        "acta_digitalizada",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("base", sa.String(length=24), nullable=False),
        sa.Column("curso", sa.String(length=300), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("articulo", sa.Integer(), nullable=False),
        sa.Column("docente", sa.String(length=16), nullable=True),
        sa.Column("autoridad", sa.String(length=16), nullable=True),
        sa.Column("texto", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("placed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("articulo IN (2, 3)", name="ck_acta_digitalizada_articulo"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_acta_digitalizada_by")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_acta_digitalizada_case_id")),
        sa.ForeignKeyConstraint(["certificate_id"], ["document.id"], name=op.f("fk_acta_digitalizada_certificate_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_acta_digitalizada_document_id")),
        sa.ForeignKeyConstraint(["sha256"], ["original.sha256"], name=op.f("fk_acta_digitalizada_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_digitalizada")),
        sa.UniqueConstraint("base", name=op.f("uq_acta_digitalizada_base")),
    )
    op.create_index("ix_acta_digitalizada_case", "acta_digitalizada", ["case_id"], unique=False)
    op.create_index("ix_acta_digitalizada_fecha", "acta_digitalizada", ["fecha"], unique=False)
    conn = op.get_bind()
    for statement in statements(conn.dialect.name, GUARDS):
        conn.exec_driver_sql(statement)
