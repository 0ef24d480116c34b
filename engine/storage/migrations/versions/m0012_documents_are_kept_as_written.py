"""What a document says of itself, and which bytes it has, is kept as it was written; what was filed is not deleted
(release 0.4)."""

from alembic import op

from engine.storage.refusals import Refusal, refusals
from engine.storage.triggers import Guard, statements

revision = "0012"
down_revision = "0011"

GUARDS = (
    Guard(
        table="document",
        keys=(("id",), ("job_key", "name")),
        frozen=(
            "id",
            "name",
            "media_type",
            "sha256",
            "size",
            "code",
            "facts",
            "signatures",
            "job_key",
            "created_by",
            "created_at",
        ),
        kept=False,
    ),
)
REFUSALS = (Refusal("document_filed", "document", "DELETE", "OLD.case_id IS NOT NULL", "what was filed is kept"),)


def upgrade() -> None:
    conn = op.get_bind()
    for statement in [*statements(conn.dialect.name, GUARDS), *refusals(conn.dialect.name, REFUSALS, ())]:
        conn.exec_driver_sql(statement)
