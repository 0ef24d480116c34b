"""How each product of a case ended (release 0.3): a request may have some delivered and some refused.

Terms of before have none: what was ready and is still open will be called delivered when its case ends.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("term", sa.Column("result", sa.String(length=12), nullable=True))
