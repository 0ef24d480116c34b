"""The printed copy of an acta: where it is, and everything that was done with it (R-52, R-53)."""

import pytest

from engine.actas.examen import copies_of, record_copy
from engine.errors import Conflict, InvalidAnswers
from tests.support.examen import AT, actas, bring, open_mesa


@pytest.fixture
def backend():
    return "sqlite"  # that its record is append-only is proved on both


@pytest.fixture
def locked(database):
    (made,) = actas(database, open_mesa(database, 1))
    bring(database, made.id, "bloqueada")
    return made.id


def note(database, acta_id, what, place=None, key=None):
    with database.write() as conn:
        record_copy(conn, acta_id, what, job_key=key or f"{what} {place}", by=None, at=AT, place=place)


@pytest.mark.req("R-52", "R-53")
def test_its_way_from_the_printer_to_the_shelf_is_kept_whole(database, locked):
    note(database, locked, "printed")
    for _ in range(2):
        note(database, locked, "shelved", " Estante 3,  caja 12 ")
    note(database, locked, "transferred", "Archivo General, legajo 7")
    with database.read() as conn:
        assert [(one.what, one.place) for one in copies_of(conn, locked)] == [
            ("printed", None), ("shelved", "Estante 3, caja 12"), ("transferred", "Archivo General, legajo 7"),
        ]  # fmt: skip


@pytest.mark.req("R-53")
@pytest.mark.parametrize(
    ("what", "place"), [("shelved", None), ("inventoried", " "), ("burnt", "x"), ("shelved", "x" * 201)]
)
def test_a_note_without_its_place_is_refused(database, locked, what, place):
    with pytest.raises(InvalidAnswers):
        note(database, locked, what, place)


@pytest.mark.req("R-52")
def test_there_is_no_copy_of_what_is_not_an_original(database):
    (made,) = actas(database, open_mesa(database, 1))
    with pytest.raises(Conflict, match="no está bloqueada"):
        note(database, made.id, "printed")
