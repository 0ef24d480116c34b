"""Events read as sentences: all for the audit, milestones only for the requester."""

import pytest

from engine.history.timeline import entries, milestones
from tests.unit.history.conftest import MONDAY, STEPS


@pytest.fixture
def case_id(office):
    case_id = office.open_case("SG-1")
    office.append(
        case_id,
        "case_started",
        {"passed": ["solicitud"], "changes": {"motivo": [None, "beca"]}, "state": "s1"},
        element="solicitud",
        actor=office.maria,
    )
    office.append(
        case_id,
        "task_completed",
        {
            "passed": ["revisar"],
            "opened": [{"task": "t", "element": "corregir"}],
            "changes": {"decision": ["no", "sí"]},
        },
        element="revisar",
        actor=office.rosa,
    )
    return case_id


def test_an_entry_says_who_did_what_and_what_changed(office, case_id):
    started, reviewed = entries(office.conn, case_id, STEPS)
    assert (started.who, started.what) == ("Ñáñez de la Cruz, María José", "Presentó la solicitud")
    assert reviewed.what == "Completó «Revisar la solicitud»"
    assert [(c.name, c.old, c.new) for c in reviewed.changes] == [("decision", "no", "sí")]
    assert reviewed.opened == ("Corregir la solicitud",)


def test_an_event_of_the_system_has_nobody(office, case_id):
    office.append(case_id, "result_delivered", {"passed": ["render"]})
    assert (entries(office.conn, case_id, STEPS)[-1].who, entries(office.conn, case_id, STEPS)[-1].what) == (
        None,
        "Terminó «Redactar borrador»",
    )


def test_a_step_of_another_version_is_named_by_its_id(office, case_id):
    office.append(case_id, "task_completed", {}, element="desaparecido")
    assert entries(office.conn, case_id, STEPS)[-1].what == "Completó «desaparecido»"


def test_an_unknown_kind_is_still_shown(office, case_id):
    office.append(case_id, "case_migrated", {"reason": "versión nueva"})
    last = entries(office.conn, case_id, STEPS)[-1]
    assert (last.what, last.detail) == ("Registró un hecho", "versión nueva")


def test_the_requester_reads_milestones_and_nobodys_name(office, case_id):
    office.open_task(case_id, "revisar")
    lines = milestones(office.conn, case_id, STEPS)
    assert [(m.state, m.text) for m in lines] == [
        ("done", "Presentó la solicitud por el portal"),
        ("done", "Revisamos su solicitud"),
        ("now", "La estamos revisando"),
    ]
    assert lines[-1].detail == "Mire su correo."


def test_of_a_task_without_words_of_its_own_what_is_around_it_speaks_once(office, case_id):
    for element in ("firmar", "controlar"):
        office.open_task(case_id, element)
    now = [(m.text, m.detail) for m in milestones(office.conn, case_id, STEPS) if m.state == "now"]
    assert now == [("Está en su circuito", "Avanza.")]


def test_a_task_of_the_requester_waits_and_can_be_answered(office, case_id):
    task_id = office.open_task(case_id, "corregir", role="solicitante", paused=True)
    last = milestones(office.conn, case_id, STEPS)[-1]
    assert (last.state, last.text, last.task_id) == ("wait", "Falta que usted corrija", task_id)


def test_a_moved_promise_shows_the_old_date_and_why(office, case_id):
    data = {
        "terms": [["certificado", "2026-11-03T04:59:59+00:00", "2026-11-06T04:59:59+00:00"]],
        "reason": "Feriado nuevo",
    }
    office.append(case_id, "terms_rescheduled", data)
    moved = milestones(office.conn, case_id, STEPS)[-2]
    assert (moved.text, moved.detail) == ("Cambió la fecha comprometida", "Feriado nuevo")
    assert (moved.was.day, moved.due.day) == (3, 6)


def test_a_case_that_waits_for_nobody_says_that_it_goes_on(office, case_id):
    last = milestones(office.conn, case_id, STEPS)[-1]
    assert (last.state, last.text, last.at) == ("now", "Su trámite está en marcha", MONDAY)
