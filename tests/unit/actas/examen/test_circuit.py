"""The states of an acta: the circuit, its steps back with reasons, and a record that only grows (R-15, R-42, R-49)."""

from itertools import pairwise, product
from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine.actas.examen import (
    ANNULLED,
    CIRCUIT,
    LOCKED,
    STATES,
    grades_of,
    may_move,
    move_acta,
    read_base,
    steps_of,
)
from engine.actas.examen.state import step
from engine.documents import find_by_code, get_document
from engine.errors import Conflict, InvalidAnswers, NotFound
from engine.storage.tables import acta
from tests.support.examen import AT, actas, bring, go, open_mesa, read_acta, signed_document

BACK = {("en_control", "en_carga")} | {
    (origin, "en_control") for origin in ("a_firma", "recibida", "validada", "con_notas")
}


@pytest.fixture
def backend():
    return "sqlite"  # nothing here is the database's: what is, is proved on both beside this


@pytest.fixture
def one(database):
    (made,) = actas(database, open_mesa(database, 2))
    return made.id


def move(database, acta_id, to, **given):
    with database.write() as conn:
        move_acta(conn, acta_id, to, **{"job_key": str(uuid4()), "by": None, "at": AT} | given)


@pytest.mark.req("R-15")
def test_the_circuit_has_exactly_the_moves_that_the_resolution_has():
    forward = set(pairwise(CIRCUIT))
    annulled = {(state, ANNULLED) for state in CIRCUIT if state not in LOCKED}
    assert {pair for pair in product(STATES, STATES) if may_move(*pair)} == forward | BACK | annulled


@pytest.mark.req("R-15")
def test_an_acta_goes_the_whole_way_and_each_step_is_on_record(database, one):
    bring(database, one, "bloqueada")
    with database.read() as conn:
        steps = steps_of(conn, one)
    assert [row.to for row in steps] == list(CIRCUIT[:-1])
    assert [row.origin for row in steps] == [None, *CIRCUIT[:-2]]
    assert [row.n for row in steps] == list(range(1, len(CIRCUIT)))


def test_a_move_repeated_with_its_key_is_one_move(database, one):
    move(database, one, "enviada", job_key="envío")
    move(database, one, "enviada", job_key="envío")
    bring(database, one, "en_carga")
    move(database, one, "enviada", job_key="envío")
    assert read_acta(database, one).state == "en_carga"
    with database.read() as conn:
        assert len(steps_of(conn, one)) == 3


def test_a_key_is_not_lent_to_another_move(database, one):
    move(database, one, "enviada", job_key="envío")
    with pytest.raises(Conflict, match="otra cosa"):
        move(database, one, "en_carga", job_key="envío")


@pytest.mark.parametrize("to", ["cargada", "con_notas", "bloqueada", "publicada"])
def test_what_a_state_means_is_done_by_its_own_act_and_not_by_a_move(database, one, to):
    bring(database, one, CIRCUIT[CIRCUIT.index(to) - 1])
    with pytest.raises(Conflict, match="se llega con"):
        move(database, one, to)


def test_a_state_cannot_be_skipped(database, one):
    with pytest.raises(Conflict, match="no puede pasar"):
        move(database, one, "en_carga")
    with pytest.raises(NotFound):
        move(database, uuid4(), "enviada")


@pytest.mark.req("R-42", "R-49")
@pytest.mark.parametrize(("origin", "to"), sorted(BACK))
@pytest.mark.parametrize("note", [None, "", "   "])
def test_a_step_back_states_at_least_one_defect(database, one, origin, to, note):
    bring(database, one, origin)
    with pytest.raises(InvalidAnswers):
        move(database, one, to, note=note)
    assert read_acta(database, one).state == origin
    move(database, one, to, note="La fila 2 dice otra fecha.")
    with database.read() as conn:
        assert steps_of(conn, one)[-1].note == "La fila 2 dice otra fecha."


@pytest.mark.req("R-42")
def test_back_to_the_docente_it_has_no_accepted_grades_and_takes_new_ones(database, one):
    bring(database, one, "en_control", mark="2")
    move(database, one, "en_carga", note="Faltó la recuperación.")
    back = read_acta(database, one)
    assert (back.carga_id, back.fecha) == (None, None)
    bring(database, one, "con_notas", mark="9")
    with database.read() as conn:
        assert {row.nota for row in grades_of(conn, one)} == {"9"}


@pytest.mark.req("R-7", "R-49")
def test_back_to_control_its_signature_and_what_was_loaded_from_it_are_gone(database, one):
    bring(database, one, "con_notas")
    move(database, one, "en_control", note="El certificado se revocó.")
    assert read_acta(database, one).final_document_id is None
    with database.read() as conn:
        assert grades_of(conn, one) == []
    bring(database, one, "bloqueada")
    assert read_acta(database, one).state == "bloqueada"


@pytest.mark.req("R-7", "R-49")
@pytest.mark.parametrize("to", ["en_control", ANNULLED])
def test_a_signed_document_that_was_sent_back_or_annulled_is_no_longer_one_of_ours(database, one, to):
    bring(database, one, "a_firma")
    with database.write() as conn:
        signed = signed_document(conn, read_acta(database, one).base, code="7K3M-Q9PX-2B4H")
        assert find_by_code(conn, "7K3M-Q9PX-2B4H").id == signed
    move(database, one, "firmada", document_id=signed)
    bring(database, one, "validada")
    move(database, one, to, note="La firma es de otra persona.")
    with database.read() as conn:
        assert find_by_code(conn, "7K3M-Q9PX-2B4H") is None
        assert get_document(conn, signed).kind == "withdrawn"


@pytest.mark.req("R-7", "R-43")
def test_an_acta_is_not_signed_without_a_signed_document(database, one):
    bring(database, one, "a_firma")
    with database.write() as conn:
        base = read_acta(database, one).base
        unsigned, anothers = signed_document(conn, base, signatures=None), signed_document(conn, "2026-L0001-F0099")
        received = signed_document(conn, base, kind="attachment")
    for paper in (None, unsigned, anothers, received, uuid4()):
        with pytest.raises(Conflict, match="no está firmada"):
            move(database, one, "firmada", document_id=paper)


@pytest.mark.parametrize("state", [state for state in CIRCUIT if state not in LOCKED])
def test_it_is_annulled_before_the_lock_with_a_reason_and_then_goes_nowhere(database, one, state):
    bring(database, one, state)
    with pytest.raises(InvalidAnswers):
        move(database, one, ANNULLED)
    move(database, one, ANNULLED, note="La mesa se suspendió.")
    with pytest.raises(Conflict):
        move(database, one, "enviada")


def test_an_annulled_acta_keeps_its_folio(database, one):
    move(database, one, ANNULLED, note="La mesa se suspendió.")
    (after,) = actas(database, open_mesa(database, 1))
    assert read_base(after.base) == (2026, 1, 2)


@pytest.mark.req("R-48")
def test_a_locked_acta_is_not_annulled_nor_sent_back(database, one):
    bring(database, one, "bloqueada")
    for to in (ANNULLED, "en_control", "enviada"):
        with pytest.raises(Conflict):
            move(database, one, to, note="Una nota está mal.")


def test_an_unknown_state_is_no_state(database, one):
    with pytest.raises(Conflict):
        move(database, one, "perdida")
    with database.read() as conn:
        row = conn.execute(sa.select(acta).where(acta.c.id == one)).one()
        with pytest.raises(Conflict):
            step(conn, row, "", job_key="x", by=None, at=AT)


def test_each_act_repeated_with_its_key_changes_nothing(database, one):
    for to in CIRCUIT[1:-1]:
        for _ in range(2):
            with database.write() as conn:
                if to == "firmada" and read_acta(database, one).state == "firmada":
                    move_acta(conn, one, to, job_key=to, by=None, at=AT)
                else:
                    _again(conn, one, to)
    with database.read() as conn:
        assert [row.to for row in steps_of(conn, one)] == list(CIRCUIT[:-1])


def _again(conn, acta_id, to):
    state = conn.scalar(sa.select(acta.c.state).where(acta.c.id == acta_id))
    if state == to == "cargada":
        return  # its repetition is proved with the statements
    go(conn, acta_id, to, job_key=to)
