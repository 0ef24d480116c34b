"""What an acta de examen's state forbids, said by the database itself (R-7, R-47, R-48, R-51), in the two dialects.

Used by ``migrate.create_schema`` and by the migration, like ``triggers``, which refuses without conditions. A locked
acta never changes again but to be published, nor do its students and its tribunal; a grade is written only from a
signed acta whose signature was found valid, and never rewritten. Refused statements raise ``IntegrityError``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LOCKED = "('bloqueada', 'publicada')"
ENDED = "('bloqueada', 'publicada', 'anulada')"
VALID = "('validada', 'con_notas')"
KEPT = ("carga_id", "fecha", "final_document_id", "original_sha256", "locked_at", "search")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Refuse ``event`` (INSERT, UPDATE or DELETE) on ``table`` where ``condition`` holds. ``a DIFFERS b`` compares
    NULL as a value, which each dialect words its own way."""

    name: str
    table: str
    event: str
    condition: str
    because: str


def _changed(columns: Sequence[str]) -> str:
    return " OR ".join(f"NEW.{column} DIFFERS OLD.{column}" for column in columns)


def _state(acta: str, states: str) -> str:
    return f"EXISTS (SELECT 1 FROM acta WHERE acta.id = {acta} AND acta.state IN {states})"  # noqa: S608 - constants of this file


def _mesa(mesa: str) -> str:
    return f"EXISTS (SELECT 1 FROM acta WHERE acta.mesa_id = {mesa} AND acta.state IN {LOCKED})"  # noqa: S608 - constants of this file


_OPEN = f"EXISTS (SELECT 1 FROM acta WHERE acta.mesa_id = NEW.id AND acta.state NOT IN {ENDED})"  # noqa: S608 - constants of this file
_LATER = "EXISTS (SELECT 1 FROM acta WHERE acta.id = NEW.acta_id AND acta.kind <> 'normal' AND acta.state = 'generada')"


_HELD = "EXISTS (SELECT 1 FROM calificacion held WHERE held.acta_id = NEW.acta_id AND held.fila = NEW.fila)"
_LOCK = "a locked acta never changes"
_LOADED = "a grade is loaded once, from a signed acta that was found valid"
REFUSALS: Sequence[Refusal] = (
    Refusal("document_filed", "document", "DELETE", "OLD.case_id IS NOT NULL", "what was filed is kept"),
    Refusal(
        "acta_locked",
        "acta",
        "UPDATE",
        f"OLD.state IN {ENDED} AND (OLD.state <> 'bloqueada' OR NEW.state <> 'publicada' OR {_changed(KEPT)})",
        _LOCK,
    ),
    Refusal(
        "acta_lock",
        "acta",
        "UPDATE",
        "NEW.state = 'bloqueada' AND OLD.state <> 'bloqueada' AND (OLD.state <> 'con_notas'"
        " OR NEW.original_sha256 IS NULL OR NEW.carga_id IS NULL OR NEW.final_document_id IS NULL"
        " OR NEW.locked_at IS NULL)",
        "an acta is locked with its grades and its signed original",
    ),
    Refusal(
        "acta_published",
        "acta",
        "UPDATE",
        "NEW.state = 'publicada' AND OLD.state <> 'publicada'"
        " AND (OLD.state <> 'bloqueada' OR NEW.published_at IS NULL)",
        "only a locked acta is published",
    ),
    Refusal("acta_begins", "acta", "INSERT", "NEW.state <> 'generada'", "an acta begins as «generada»"),
    Refusal(
        "calificacion_load",
        "calificacion",
        "INSERT",
        f"NOT {_state('NEW.acta_id', VALID)} OR {_HELD}",
        _LOADED,
    ),
    Refusal("calificacion_change", "calificacion", "UPDATE", "1 = 1", _LOADED),
    Refusal("calificacion_drop", "calificacion", "DELETE", _state("OLD.acta_id", LOCKED), _LOCK),
    Refusal("inscripcion_enrol", "inscripcion", "INSERT", _state("NEW.acta_id", ENDED), _LOCK),
    Refusal(
        "inscripcion_change",
        "inscripcion",
        "UPDATE",
        f"{_state('OLD.acta_id', LOCKED)} OR {_state('NEW.acta_id', LOCKED)}",
        _LOCK,
    ),
    Refusal("inscripcion_drop", "inscripcion", "DELETE", "1 = 1", "who was enrolled stays on record"),
    Refusal("tribunal_add", "tribunal", "INSERT", _mesa("NEW.mesa_id"), _LOCK),
    Refusal("tribunal_change", "tribunal", "UPDATE", f"{_mesa('OLD.mesa_id')} OR {_mesa('NEW.mesa_id')}", _LOCK),
    Refusal("tribunal_drop", "tribunal", "DELETE", _mesa("OLD.mesa_id"), _LOCK),
    Refusal(
        "acta_renglon_add",
        "acta_renglon",
        "INSERT",
        f"NOT {_LATER}",
        "a later acta says whom it is about when it begins",
    ),
    Refusal(
        "mesa_examen_docente",
        "mesa_examen",
        "UPDATE",
        f"NEW.docente_id DIFFERS OLD.docente_id AND {_mesa('NEW.id')} AND NOT {_OPEN}",
        _LOCK,
    ),
    Refusal(
        "historia_academica_unlocked",
        "historia_academica",
        "INSERT",
        f"NOT {_state('NEW.acta_id', LOCKED)}",
        "only a locked acta's grades are published",
    ),
)
EMPTIED = ("calificacion", "inscripcion", "tribunal")  # tables that PostgreSQL's TRUNCATE may not empty either


def refusals(dialect: str, listed: Sequence[Refusal] = REFUSALS, emptied: Sequence[str] = EMPTIED) -> Iterator[str]:
    """The DDL for ``dialect`` ("sqlite" or "postgresql"), in order; after ``triggers.statements``."""
    for one in listed:
        yield from _sqlite(one) if dialect == "sqlite" else _postgresql(one)
    for table in emptied if dialect == "postgresql" else ():
        yield (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION cartulario_refuse()"
        )


def _sqlite(one: Refusal) -> Iterator[str]:
    condition = one.condition.replace("DIFFERS", "IS NOT")
    message = f"{one.table}: {one.because}".replace("'", "''")
    yield (
        f"CREATE TRIGGER {one.name} BEFORE {one.event} ON {one.table} WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgresql(one: Refusal) -> Iterator[str]:
    condition = one.condition.replace("DIFFERS", "IS DISTINCT FROM")
    message = f"{one.table}: {one.because}".replace("'", "''")
    yield (
        f"CREATE OR REPLACE FUNCTION {one.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {condition} THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',"
        f" MESSAGE = '{message}'; END IF;"
        f" RETURN {'OLD' if one.event == 'DELETE' else 'NEW'}; END $$"
    )
    yield f"CREATE TRIGGER {one.name} BEFORE {one.event} ON {one.table} FOR EACH ROW EXECUTE FUNCTION {one.name}()"
