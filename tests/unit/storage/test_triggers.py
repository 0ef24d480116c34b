"""What was written stays as it was written, whoever asks the database (R-5, R-51)."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.storage.tables import acta_sesion, definition_version, metadata, original
from engine.storage.triggers import GUARDS

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROWS = {
    "event": {"case_id": uuid4(), "n": 1, "kind": "case_started", "at": AT, "data": "{}", "previous": "", "hash": "a"},
    "seal": {"n": 1, "at": AT, "cases": 1, "events": 1, "heads": "{}", "previous": "", "hash": "a"},
    "feriado_change": {"id": uuid4(), "day": date(2026, 5, 1), "reason": "Decreto", "at": AT},
    "read_log": {"id": uuid4(), "person_id": uuid4(), "case_id": uuid4(), "what": "expediente", "at": AT},
    "matriz": {
        "id": uuid4(), "number": "MCD-2026-000001", "job_key": "a", "case_id": uuid4(), "document_id": uuid4(),
        "product": "certificado_institucional", "holder": "Ana", "code": "7K3M-Q9PX-2B4H", "at": AT,
    },
    "original": {"sha256": "a" * 64, "size": 1, "media_type": "application/pdf", "stored_at": AT},
    "definition_version": {
        "id": uuid4(), "process": "p", "number": 1, "hash": "a", "title": "P", "bundle": b"", "library_version": "1",
        "state": "published", "at": AT,
    },
    "carta_edition": {
        "id": uuid4(), "number": 1, "code": "CS", "date": date(2024, 2, 27), "text": {}, "hash": "a", "published_at": AT,
    },
    "satisfaction": {"case_id": uuid4(), "score": 5, "at": AT},
    "acta_sesion": {
        "id": uuid4(), "body": "CGA", "year": 2026, "number": 7, "date": date(2026, 2, 27), "kind": "ordinaria",
        "title": "Distributivo", "pages": 3, "status": "approved", "sha256": "a" * 64, "imported_at": AT,
        "search": " distributivo ", "reserved": "none",
    },
    "acta_reserva": {"id": uuid4(), "acta_id": uuid4(), "kind": "whole", "reason": "LOTAIP", "at": AT},
    "norma_nota": {
        "id": uuid4(), "norma": "CSU-142/21", "office": "personal", "role": "personal", "person_id": uuid4(), "at": AT,
        "job_key": "a",
    },
    "past_address": {"id": uuid4(), "person_id": uuid4(), "address": "a@une.example", "until": AT},
    "person_change": {
        "id": uuid4(), "person_id": uuid4(), "at": AT, "operator": "root", "what": "give", "detail": {},
    },
    "received_mail": {
        "id": uuid4(), "account": "actas", "identity": "a" * 64, "message_id": "<1@une.example>",
        "sender": "a@une.example", "sender_name": "Ana", "recipients": {}, "subject": "Acta", "received_at": AT,
        "raw_sha256": "a" * 64, "size": 1, "whole": True, "attachments": [], "auth": {}, "at": AT, "status": "new",
    },
    "libro": {"id": uuid4(), "year": 2026, "number": 1, "capacity": 500, "next_folio": 1, "opened_at": AT},
    "mesa_examen": {
        "id": uuid4(), "job_key": "a", "curso": "Redes", "codigo": "P-1", "horas": 60, "fecha": date(2026, 3, 1),
        "departamento": "quimica", "docente_id": uuid4(), "escala": "uns", "created_at": AT,
    },
    "docente_cambio": {
        "id": uuid4(), "mesa_id": uuid4(), "from_id": uuid4(), "to_id": uuid4(), "reason": "Licencia", "at": AT,
        "job_key": "a",
    },
    "acta": {
        "id": uuid4(), "mesa_id": uuid4(), "n": 1, "libro_id": uuid4(), "folio": 1, "base": "2026-L0001-F0001",
        "kind": "normal", "created_at": AT, "state": "generada", "state_at": AT, "search": " redes ",
    },
    "acta_renglon": {"acta_id": uuid4(), "fila": 1, "mesa_id": uuid4(), "n": 1},
    "acta_paso": {"id": uuid4(), "acta_id": uuid4(), "n": 1, "to": "generada", "at": AT, "job_key": "a"},
    "acta_carga": {
        "id": uuid4(), "acta_id": uuid4(), "source": "web", "at": AT, "rows": [], "sha256": "a" * 64, "job_key": "a",
    },
    "historia_academica": {
        "id": uuid4(), "documento": "25174940", "tipo": "DNI", "acta_id": uuid4(), "fila": 1, "curso": "Redes",
        "codigo": "P-1", "letras": "ausente", "ausente": True, "fecha": date(2026, 3, 1), "condicion": "ausente",
        "published_at": AT,
    },
    "acta_ejemplar": {"id": uuid4(), "acta_id": uuid4(), "what": "printed", "at": AT, "job_key": "a"},
    "document": {
        "id": uuid4(), "case_id": uuid4(), "kind": "issued", "name": "a.pdf", "title": "A", "sha256": "a" * 64,
        "media_type": "application/pdf", "size": 1, "code": "7K3M-Q9PX-2B4H", "facts": [["Titular", "Ana"]],
        "job_key": "a", "created_at": AT,
    },
    "acta_digitalizada": {
        "id": uuid4(), "base": "2015-L0003-F0012", "n": 1, "curso": "Redes", "fecha": date(2015, 3, 1), "articulo": 3,
        "texto": False, "document_id": uuid4(), "sha256": "a" * 64, "certificate_id": uuid4(), "search": " redes ",
        "at": AT,
    },
}  # fmt: skip
CHANGES = {
    "event": {"data": '{"otro":1}'},
    "seal": {"heads": "[]"},
    "feriado_change": {"reason": "otro"},
    "read_log": {"what": "otro"},
    "matriz": {"holder": "Otra"},
    "original": {"size": 2},
    "definition_version": {"bundle": b"otro"},
    "carta_edition": {"text": {"mision": "otra"}},
    "satisfaction": {"score": 1},
    "acta_sesion": {"sha256": "b" * 64},
    "acta_reserva": {"reason": "otra"},
    "norma_nota": {"office": "otra"},
    "past_address": {"address": "b@une.example"},
    "person_change": {"what": "end"},
    "received_mail": {"sender": "b@une.example"},
    "libro": {"capacity": 9},
    "mesa_examen": {"curso": "Otro"},
    "docente_cambio": {"reason": "Otra"},
    "acta": {"folio": 2},
    "acta_renglon": {"n": 2},
    "acta_paso": {"to": "enviada"},
    "acta_carga": {"rows": [{"n": 1}]},
    "historia_academica": {"letras": "diez", "nota": "10"},
    "acta_ejemplar": {"place": "Otro"},
    "document": {"facts": [["Titular", "Otra"]]},
    "acta_digitalizada": {"sha256": "b" * 64},
}
REFUSED = r"kept as they were written|what was filed is kept"
GUARDED = pytest.mark.parametrize("table", [metadata.tables[name] for name in ROWS], ids=str)


@pytest.fixture
def filled(database):
    """One row in each guarded table, put there by a connection that does not look at foreign keys."""
    unchecked = sa.create_engine(database.url)  # a plain one: on SQLite it has them off
    with unchecked.begin() as conn:
        if not database.is_sqlite:
            conn.exec_driver_sql("SET session_replication_role = replica")
        else:
            for looks_at_the_acta in ("historia_academica_unlocked", "acta_renglon_add"):  # which is not there
                conn.exec_driver_sql(f"DROP TRIGGER {looks_at_the_acta}")
        for name, row in ROWS.items():
            conn.execute(metadata.tables[name].insert().values(row))
    unchecked.dispose()
    return database


def test_every_guarded_table_is_tried_here():
    assert {guard.table for guard in GUARDS} == set(ROWS) == set(CHANGES)


@pytest.mark.req("R-5")
@GUARDED
def test_a_kept_row_cannot_be_changed(filled, table):
    with (
        pytest.raises(IntegrityError, match=REFUSED),
        filled.write() as conn,
    ):
        conn.execute(table.update().values(CHANGES[table.name]))


@pytest.mark.req("R-5")
@GUARDED
def test_a_kept_row_cannot_be_deleted(filled, table):
    with (
        pytest.raises(IntegrityError, match=REFUSED),
        filled.write() as conn,
    ):
        conn.execute(table.delete())


@pytest.mark.req("R-5")
@GUARDED
def test_a_kept_row_cannot_be_replaced_by_another_with_its_key(filled, table):
    other = table.insert().values({**ROWS[table.name], **CHANGES[table.name]})
    with pytest.raises(IntegrityError), filled.write() as conn:
        conn.execute(other.prefix_with("OR REPLACE") if filled.is_sqlite else other)


@pytest.mark.req("R-5")
@GUARDED
def test_a_kept_table_cannot_be_emptied_at_once(filled, table):
    if filled.is_sqlite:
        return  # SQLite has no TRUNCATE; its DELETE without WHERE is tried above
    with (
        pytest.raises(IntegrityError, match=REFUSED),
        filled.write() as conn,
    ):
        conn.exec_driver_sql(f"TRUNCATE {table.name} CASCADE")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("body", "OCAS"),
        ("year", 2025),
        ("number", 8),
        ("date", date(2026, 2, 28)),
        ("kind", "solemne"),
        ("title", "Otro"),
        ("keywords", "otras"),
        ("pages", 2),
        ("signed_by", "Otra persona"),
        ("custody", "Otra caja"),
        ("status", "draft"),
        ("approved_on", date(2026, 3, 1)),
        ("imported_by", uuid4()),
        ("imported_at", datetime(2026, 3, 3, tzinfo=UTC)),
    ],
)
def test_what_an_acta_of_a_session_says_of_itself_never_changes(filled, column, value):
    with (
        pytest.raises(IntegrityError, match=REFUSED),
        filled.write() as conn,
    ):
        conn.execute(acta_sesion.update().values({column: value}))


def test_the_reservation_of_an_acta_changes_by_its_act(filled):
    reserved = {"reserved": "partial", "reserved_pages": [[2, 2]], "reserved_reason": "LOPDP, art. 26"}
    with filled.write() as conn:
        conn.execute(acta_sesion.update().values(**reserved, reserved_until=date(2027, 1, 1), search=" otra "))
        assert conn.scalar(sa.select(acta_sesion.c.reserved)) == "partial"


def test_the_archive_may_still_note_that_it_checked_an_original(filled):
    with filled.write() as conn:
        conn.execute(original.update().values(checked_at=AT, fixity="intact"))


def test_a_version_may_still_be_retired(filled):
    with filled.write() as conn:
        conn.execute(definition_version.update().values(state="retired"))
        assert conn.scalar(sa.select(definition_version.c.state)) == "retired"
