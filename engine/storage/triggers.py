"""The statements that make a table append-only, in the two dialects (R-5, R-51).

Used by ``migrate.create_schema`` and by the migrations, which name their tables themselves, so that an old migration
keeps its meaning. A refused statement raises ``sqlalchemy.exc.IntegrityError`` on both databases. SQLite's INSERT OR
REPLACE deletes without firing the delete trigger, so there a third trigger refuses a key that is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """What may not be done to ``table``. ``frozen`` names the columns that never change; none means every column.
    ``kept``: no row is deleted; without it, ``refusals`` says which."""

    table: str
    keys: tuple[tuple[str, ...], ...]  # the primary key and the unique ones, as the REPLACE trigger needs them
    frozen: tuple[str, ...] = ()
    kept: bool = True


GUARDS: Sequence[Guard] = (
    Guard("event", keys=(("case_id", "n"), ("request_id",))),
    Guard("seal", keys=(("n",),)),
    Guard("feriado_change", keys=(("id",),)),
    Guard("read_log", keys=(("id",),)),
    Guard("matriz", keys=(("id",), ("number",), ("job_key",))),
    Guard("carta_edition", keys=(("id",), ("number",), ("job_key",))),
    Guard("satisfaction", keys=(("case_id",),)),
    Guard("acta_reserva", keys=(("id",),)),
    Guard(
        "acta_sesion",
        keys=(("id",), ("body", "year", "number")),
        frozen=(  # all but its reservation, which changes by its own act, and ``search``, an index of the rest
            "id",
            "body",
            "year",
            "number",
            "date",
            "kind",
            "title",
            "keywords",
            "pages",
            "signed_by",
            "custody",
            "status",
            "approved_on",
            "sha256",
            "imported_by",
            "imported_at",
        ),
    ),
    Guard(
        "document",  # its kind, title, case and release change, each by its own act
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
    Guard("original", keys=(("sha256",),), frozen=("sha256", "size", "media_type", "stored_at")),
    Guard(
        "definition_version",
        keys=(("id",), ("hash",), ("process", "number")),
        frozen=("id", "process", "number", "hash", "bundle", "library_version", "at"),
    ),
    Guard("past_address", keys=(("id",),)),
    Guard("person_change", keys=(("id",),)),
    Guard("norma_nota", keys=(("id",), ("job_key",))),
    Guard(
        "received_mail",
        keys=(("id",), ("account", "identity")),
        frozen=(
            "id",
            "account",
            "identity",
            "message_id",
            "sender",
            "sender_name",
            "recipients",
            "subject",
            "date",
            "received_at",
            "raw_sha256",
            "size",
            "whole",
            "attachments",
            "auth",
            "at",
        ),
    ),
    Guard("libro", keys=(("id",), ("year", "number")), frozen=("id", "year", "number", "capacity", "opened_at")),
    Guard(
        "mesa_examen",
        keys=(("id",), ("job_key",)),
        frozen=(  # all but who is responsible for it
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
    Guard(
        "acta",  # its state says what else may change: engine.storage.refusals
        keys=(("id",), ("base",), ("job_key",), ("libro_id", "folio"), ("mesa_id", "n")),
        frozen=(
            "id",
            "mesa_id",
            "n",
            "libro_id",
            "folio",
            "base",
            "kind",
            "about_id",
            "reason",
            "case_id",
            "job_key",
            "created_at",
        ),
    ),
    Guard("docente_cambio", keys=(("id",), ("job_key",))),
    Guard("acta_renglon", keys=(("acta_id", "fila"), ("acta_id", "mesa_id", "n"))),
    Guard("acta_paso", keys=(("id",), ("acta_id", "n"), ("job_key",))),
    Guard("acta_carga", keys=(("id",), ("job_key",))),
    Guard("historia_academica", keys=(("id",), ("acta_id", "fila"), ("replaces_id",))),
    Guard("acta_ejemplar", keys=(("id",), ("job_key",))),
    Guard(
        "acta_digitalizada",
        keys=(("id",), ("base", "n")),
        frozen=(  # all but where the paper is
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

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION cartulario_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
    MESSAGE = TG_OP || ' on ' || TG_TABLE_NAME || ' is refused: its rows are kept as they were written';
END $$
"""


def statements(dialect: str, guards: Sequence[Guard] = GUARDS) -> Iterator[str]:
    """The DDL for ``dialect`` ("sqlite" or "postgresql"), in order."""
    if dialect == "postgresql":
        yield _POSTGRESQL_FUNCTION
    writers: Mapping[str, type[_Sqlite] | type[_Postgresql]] = {"sqlite": _Sqlite, "postgresql": _Postgresql}
    for guard in guards:
        yield from writers[dialect].statements(guard)


def _of(guard: Guard) -> str:
    return f" OF {', '.join(guard.frozen)}" if guard.frozen else ""


class _Sqlite:
    @staticmethod
    def statements(guard: Guard) -> Iterator[str]:
        table = guard.table
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: its rows are kept as they were written'); END"
        yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{_of(guard)} ON {table} {refuse}"
        if guard.kept:
            yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"
        same = (" AND ".join(f"{column} = NEW.{column}" for column in key) for key in guard.keys)
        taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {condition})" for condition in same)  # noqa: S608 - our own names
        yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}"


class _Postgresql:
    @staticmethod
    def statements(guard: Guard) -> Iterator[str]:
        table = guard.table
        call = "EXECUTE FUNCTION cartulario_refuse()"
        yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{_of(guard)} ON {table} FOR EACH ROW {call}"
        if guard.kept:
            yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}"
        yield f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}"
