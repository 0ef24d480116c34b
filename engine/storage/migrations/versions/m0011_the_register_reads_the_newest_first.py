"""The register of exam actas is read from its newest, without sorting all of them (release 0.4)."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("ix_acta_created", "acta", ["created_at", "base"], unique=False)
