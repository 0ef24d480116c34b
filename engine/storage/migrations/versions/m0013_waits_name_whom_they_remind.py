"""A timer names the task that it reminds, and how its person is told of it (release 0.4)."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("wait", sa.Column("watches", sa.Uuid(), nullable=True))
    op.add_column("wait", sa.Column("notice", sa.String(length=12), nullable=True))
