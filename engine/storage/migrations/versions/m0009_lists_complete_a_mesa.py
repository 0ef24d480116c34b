"""A list of those who were left out says which mesa it completes; and four ways more into a locked acta are refused
(release 0.4)."""

# ruff: noqa: E501 - a trigger's condition is one line

import sqlalchemy as sa
from alembic import op

from engine.storage.refusals import Refusal, refusals
from engine.storage.triggers import Guard, statements

revision = "0009"
down_revision = "0008"

GUARDS = (
    Guard(
        table="mesa_examen",
        keys=(("id",), ("job_key",)),
        frozen=(
            "id",
            "case_id",
            "job_key",
            "curso",
            "codigo",
            "horas",
            "fecha",
            "departamento",
            "escala",
            "exchange_ref",
            "completes_id",
            "created_by",
            "created_at",
        ),
    ),
)
REFUSALS = (
    Refusal(
        "inscripcion_change",
        "inscripcion",
        "UPDATE",
        "EXISTS (SELECT 1 FROM acta WHERE acta.id = OLD.acta_id AND acta.state IN ('bloqueada', 'publicada')) OR EXISTS (SELECT 1 FROM acta WHERE acta.id = NEW.acta_id AND acta.state IN ('bloqueada', 'publicada'))",
        "a locked acta never changes",
    ),
    Refusal(
        "tribunal_change",
        "tribunal",
        "UPDATE",
        "EXISTS (SELECT 1 FROM acta WHERE acta.mesa_id = OLD.mesa_id AND acta.state IN ('bloqueada', 'publicada')) OR EXISTS (SELECT 1 FROM acta WHERE acta.mesa_id = NEW.mesa_id AND acta.state IN ('bloqueada', 'publicada'))",
        "a locked acta never changes",
    ),
    Refusal(
        "acta_renglon_add",
        "acta_renglon",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM acta WHERE acta.id = NEW.acta_id AND acta.kind <> 'normal' AND acta.state = 'generada')",
        "a later acta says whom it is about when it begins",
    ),
    Refusal(
        "mesa_examen_docente",
        "mesa_examen",
        "UPDATE",
        "NEW.docente_id DIFFERS OLD.docente_id AND EXISTS (SELECT 1 FROM acta WHERE acta.mesa_id = NEW.id AND acta.state IN ('bloqueada', 'publicada')) AND NOT EXISTS (SELECT 1 FROM acta WHERE acta.mesa_id = NEW.id AND acta.state NOT IN ('bloqueada', 'publicada', 'anulada'))",
        "a locked acta never changes",
    ),
)
CHANGED = ("inscripcion_change", "tribunal_change")


def upgrade() -> None:
    conn = op.get_bind()
    sqlite = conn.dialect.name == "sqlite"
    gone = [
        (f"mesa_examen_no_{what}", "mesa_examen") for what in ("update", "delete", "replace" if sqlite else "truncate")
    ]
    gone += [(one.name, one.table) for one in REFUSALS if one.name in CHANGED]
    for name, table in gone:
        conn.exec_driver_sql(f"DROP TRIGGER {name}{'' if sqlite else f' ON {table}'}")
    op.add_column("mesa_examen", sa.Column("completes_id", sa.Uuid(), nullable=True))
    op.create_index("ix_mesa_examen_completes", "mesa_examen", ["completes_id"], unique=False)
    for statement in [*statements(conn.dialect.name, GUARDS), *refusals(conn.dialect.name, REFUSALS, ())]:
        conn.exec_driver_sql(statement)
