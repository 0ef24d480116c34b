"""The questions of the archive and of internal control, on both databases (R-22, R-24, R-53)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.actas.examen import (
    CopyQuery,
    accept_grades,
    control_of,
    count_copies,
    inventory,
    move_acta,
    notes,
    record_copy,
    record_load,
    take_note,
)
from engine.mail.incoming import count_by_status
from engine.storage.tables import norma_nota
from tests.support.examen import AT, ZONE, actas, bring, open_mesa, prepare, statement

DAY = timedelta(days=1)


@pytest.mark.req("R-53")
def test_the_inventory_tells_the_last_place_and_the_last_count(database):
    first, second = actas(database, open_mesa(database, 22))
    for acta in (first, second):
        bring(database, acta.id, "bloqueada")
    done = (("printed", None), ("shelved", "Estante 4"), ("inventoried", "Estante 4"), ("transferred", "Caja 9%"))
    for n, (what, place) in enumerate(done):
        with database.write() as conn:
            record_copy(conn, first.id, what, job_key=what, by=None, at=AT + n * DAY, place=place)
    with database.read() as conn:
        known, bare = inventory(conn)
        assert (known.place, known.inventoried_at, known.printed_at) == ("Caja 9%", AT + 2 * DAY, AT)
        assert (bare.place, bare.printed_at, bare.base) == (None, None, second.base)
        assert [one.base for one in inventory(conn, limit=1, after=first.base)] == [second.base]
        found = {
            "caja 9%": 1, "estante": 0, "%": 1, first.base.lower(): 1, "": 2,
        }  # fmt: skip
        assert {text: count_copies(conn, CopyQuery(text)) for text in found} == found
        assert count_copies(conn, CopyQuery(missing=True)) == 1
        assert count_copies(conn, CopyQuery(year=first.year + 1)) == 0
        assert [count_copies(conn, CopyQuery(before=AT + n * DAY)) for n in (2, 3)] == [1, 2]


@pytest.mark.req("R-22")
def test_the_figures_of_a_period_are_those_of_its_steps(database):
    first, second = actas(database, open_mesa(database, 22))
    bring(database, first.id, "bloqueada", at=AT + 2 * DAY)
    with database.write() as conn:
        move_acta(conn, second.id, "anulada", job_key="x", by=None, at=AT + 3 * DAY, note="La mesa no se hizo.")
    with database.read() as conn:
        found = control_of(conn, AT, AT + 9 * DAY, AT + 5 * DAY)
        assert found.by_state == {"bloqueada": 1, "anulada": 1}
        longest = [(one.base, one.state, one.days) for one in found.longest["sgpyec"]]
        assert longest == [(second.base, "generada", 3), (first.base, "generada", 2)]  # a locked one waits for nobody
        assert [(one.was, one.to, one.note) for one in found.sent_back] == [
            ("generada", "anulada", "La mesa no se hizo.")
        ]
        assert (found.signed_inside, found.signed_outside) == (1, 0)
        assert count_by_status(conn, accounts=["actas"], statuses=["held"], since=AT, until=AT + DAY) == {}


@pytest.mark.req("R-24")
def test_who_took_note_is_on_record_once_and_for_ever(database):
    with database.write() as conn:
        person = prepare(conn)
        for at in (AT, AT + DAY):
            take_note(conn, "departamento:quimica", person, {"autoridad_departamental:quimica"}, at)
        (note,) = notes(conn)
    assert (note.role, note.at) == ("autoridad_departamental:quimica", AT)
    for change in (norma_nota.update().values(at=AT + DAY), norma_nota.delete()):
        with pytest.raises(IntegrityError), database.write() as conn:
            conn.execute(change)
    with database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(norma_nota)) == 1


@pytest.mark.req("R-22", "R-32")
def test_actas_that_the_departamento_loaded_for_the_docente_are_told(database):
    first, second = actas(database, open_mesa(database, 22))
    bring(database, second.id, "cargada")
    bring(database, first.id, "en_carga")
    with database.write() as conn:
        told = statement(conn, first.id)
        load = record_load(conn, first.id, source="mano", by=prepare(conn), at=AT, **told)
        accept_grades(conn, first.id, load.id, job_key="a-mano", by=None, at=AT, zone=ZONE)
        found = control_of(conn, AT, AT + DAY, AT + DAY)
        assert [(one.base, one.document_id) for one in found.by_hand] == [(first.base, None)]
        assert found.by_hand_count == 1
        assert control_of(conn, AT + DAY, AT + 2 * DAY, AT + DAY).by_hand == []
