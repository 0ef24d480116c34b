"""What is done to somebody's functions, loans, account and data is kept, with who did it (release 0.4)."""

import sqlalchemy as sa
from alembic import op

from engine.storage.triggers import Guard, statements
from engine.storage.types import Json, UtcDateTime

revision = "0014"
down_revision = "0013"

GUARDS = (Guard(table="person_change", keys=(("id",),)),)


def upgrade() -> None:
    op.create_table(
        "person_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("operator", sa.String(length=120), nullable=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.CheckConstraint("(by_id IS NULL) <> (operator IS NULL)", name="ck_person_change_by"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_change_person_id")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_person_change_other_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_person_change_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_change")),
    )
    op.create_index("ix_person_change_person", "person_change", ["person_id", "at"], unique=False)
    op.create_index("ix_person_change_other", "person_change", ["other_id", "at"], unique=False)
    op.create_index("ix_person_change_at", "person_change", ["at"], unique=False)
    conn = op.get_bind()
    for statement in statements(conn.dialect.name, GUARDS):
        conn.exec_driver_sql(statement)
