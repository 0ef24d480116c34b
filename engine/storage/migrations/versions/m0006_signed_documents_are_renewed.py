"""Until when a signed document can be checked, and what took its place (release 0.3)."""

import sqlalchemy as sa
from alembic import op

from engine.storage.types import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "preservation",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("renewed_by", sa.Uuid(), nullable=True),
        sa.Column("looked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_preservation_document_id")),
        sa.ForeignKeyConstraint(["renewed_by"], ["document.id"], name=op.f("fk_preservation_renewed_by")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_preservation")),
    )
    op.create_index("ix_preservation_until", "preservation", ["until"], unique=False)
