"""The audit room: every event with its proof; the case as it was; seals that show what was touched."""

import csv
import io
import json

import pytest
import sqlalchemy as sa

from engine.storage.tables import case
from tests.support.face import complete


@pytest.fixture
def teo(staff):
    complete(
        staff.house, staff.numbers[0], "revisar_admisibilidad", "rosa", admision="admitir", fuente_registro="libros"
    )
    return staff.house.enter("teo")


def test_only_auditors_enter(staff):
    assert staff.rosa.open("/auditoria").status_code == 403
    assert staff.rosa.open(f"/auditoria/{staff.numbers[0]}").status_code == 403
    assert staff.rosa.open(f"/auditoria/{staff.numbers[0]}/eventos.csv").status_code == 403


def test_every_case_is_found(staff, teo):
    page = teo.open("/auditoria?q=ñáñez").text
    assert all(number in page for number in staff.numbers)


def test_events_tell_who_when_and_what_changed_before_and_after(staff, teo):
    page = teo.open(f"/auditoria/{staff.numbers[0]}").text
    assert "Peñafiel Güemes, Rosa Elvira" in page
    assert "<code>admision</code>" in page
    assert "vacío" in page
    assert "Cadena íntegra" in page


def test_the_case_is_shown_as_it_was_at_an_event(staff, teo):
    page = teo.open(f"/auditoria/{staff.numbers[0]}?evento=1").text
    card = page[page.index('id="en-el-evento"') :]
    assert "En el evento 1" in card
    assert "admision" not in card


@pytest.mark.parametrize("query", ["evento=0", "evento=99999", "evento=x", "ver=cambios", "ver=otro"])
def test_an_odd_event_still_opens(staff, teo, query):
    assert teo.open(f"/auditoria/{staff.numbers[0]}?{query}").status_code == 200


def test_a_case_is_replayed_on_demand(staff, teo):
    assert "Idéntica" in teo.send(f"/auditoria/{staff.numbers[0]}/repeticion").text


@pytest.mark.req("R-5")
def test_a_state_that_was_touched_is_told_by_the_replay(staff, teo):
    with staff.house.app.database.write() as conn:
        conn.execute(sa.update(case).where(case.c.number == staff.numbers[0]).values(state="{}"))
    assert "Distinta" in teo.send(f"/auditoria/{staff.numbers[0]}/repeticion").text


def test_events_leave_as_json_and_csv(staff, teo):
    exported = json.loads(teo.open(f"/auditoria/{staff.numbers[0]}/eventos.json").text)
    rows = list(
        csv.DictReader(io.StringIO(teo.open(f"/auditoria/{staff.numbers[0]}/eventos.csv").text.lstrip("\ufeff")))
    )
    assert len(exported["events"]) == len(rows) > 1


def test_a_seal_is_made_kept_and_compared(staff, teo):
    teo.send("/auditoria/sellos")
    held = teo.open("/auditoria/sellos/1.json").data
    page = teo.send("/auditoria/sellos/comparar", {"sello": (io.BytesIO(held), "sello-1.json")})
    assert "Coincide" in page.text
    assert teo.open("/auditoria/sellos/9.json").status_code == 404


@pytest.mark.parametrize("junk", [b"", b"{}", b"\xff\xfe", b"x" * 5000])
def test_what_is_no_seal_is_refused_in_words(staff, teo, junk):
    answer = teo.send("/auditoria/sellos/comparar", {"sello": (io.BytesIO(junk), "sello.json")})
    assert answer.status_code == 422
    assert "no es un sello" in answer.text
