"""Offices take note of a norm: its distribution list (release 0.4)."""

import sqlalchemy as sa
from alembic import op

from engine.storage.triggers import Guard, statements
from engine.storage.types import UtcDateTime

revision = "0008"
down_revision = "0007"

GUARDS = (Guard(table="norma_nota", keys=(("id",), ("job_key",))),)


def upgrade() -> None:
    op.create_table(
        "norma_nota",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("norma", sa.String(length=20), nullable=False),
        sa.Column("office", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("job_key", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_norma_nota_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_norma_nota")),
        sa.UniqueConstraint("job_key", name=op.f("uq_norma_nota_job_key")),
    )
    op.create_index("ix_norma_nota_norma", "norma_nota", ["norma", "at"], unique=False)
    conn = op.get_bind()
    for statement in statements(conn.dialect.name, GUARDS):
        conn.exec_driver_sql(statement)
