"""Commands on both databases: what each writes, what it refuses, and that every case replays to the same state."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.cases import (
    CompleteTask,
    FailJob,
    FireTimers,
    IncidentClosed,
    OnlyRetried,
    RescheduleTerms,
    ResolveIncident,
    RetryIncident,
    StartCase,
    WithdrawCase,
    complete_task,
    fail_job,
    fire_timers,
    reschedule_terms,
    resolve_incident,
    retry_incident,
    start_case,
    withdraw_case,
)
from engine.errors import (
    CaseClosed,
    InvalidAnswers,
    NotAllowed,
    NotFound,
    RequestReused,
    TaskNotOpen,
)
from engine.history.chain import verify_chain
from engine.history.replay import replay, replay_sample
from engine.storage.tables import event, incident, job, task, wait
from tests.support.banco import files
from tests.support.case_office import CaseOffice


def whole(office: CaseOffice) -> uuid.UUID:
    receipt = office.start()
    office.complete(receipt.opened[0], "maria")
    office.complete(office.open_tasks()["comprobar"])
    office.run_jobs()
    for element in ("legal", "finanzas"):
        office.complete(office.open_tasks()[element])
    office.complete(office.open_tasks()["firmar"], "elena")
    office.run_jobs()
    return receipt.case_id


@pytest.mark.req("R-5")
def test_a_case_goes_from_start_to_end_and_replays_to_the_same_state(office: CaseOffice) -> None:
    case_id = whole(office)
    row = office.case(case_id)
    assert (row.status, row.outcome, row.number) == ("completed", "fin", "BM-2026-000001")
    assert row.facts == {"motivo": "Cambio de universidad, con los documentos completos"}
    assert office.replayed(case_id).verdict == "identical"
    assert not office.all(sa.select(wait))
    assert office.kinds(case_id)[0] == "case_started"


def test_a_sample_of_the_cases_replays_whole(office: CaseOffice) -> None:
    cases = {office.case(whole(office)).number, office.case(office.start().case_id).number}
    with office.app.database.read() as conn:
        found = replay_sample(conn, office.app.definitions, office.app.config.zone, 10)
    assert {one.number for one in found} == cases
    assert all(one.identical for one in found)


@pytest.mark.req("R-5")
def test_a_replay_names_the_first_event_that_differs(office: CaseOffice) -> None:
    case_id = whole(office)
    recorded = office.one(sa.select(event).where(event.c.case_id == case_id, event.c.n == 2))
    data = json.loads(recorded.data)
    data["answers"]["motivo"] = "otra cosa"
    with office.app.database.write() as conn:  # somebody with the database's password
        if conn.dialect.name == "sqlite":
            for (name,) in conn.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
            ).fetchall():
                conn.exec_driver_sql(f'DROP TRIGGER "{name}"')
        else:
            conn.exec_driver_sql("ALTER TABLE event DISABLE TRIGGER USER")
        mine = (event.c.case_id == case_id) & (event.c.n == 2)
        conn.execute(event.update().where(mine).values(data=json.dumps(data)))
    with office.app.database.read() as conn:
        again = replay(conn, office.app.definitions, case_id, office.app.config.zone)
        assert (again.identical, again.differs_at) == (False, 2)
        assert verify_chain(conn, case_id).reason is not None


def test_a_repeated_request_changes_nothing_and_answers_the_same(office: CaseOffice) -> None:
    request = uuid.uuid4()
    first, second = office.start(request), office.start(request)
    assert first == second
    done = uuid.uuid4()
    one = office.complete(first.opened[0], "maria", done)
    two = office.complete(first.opened[0], "maria", done)
    assert (one.event, one.opened, one.status) == (two.event, two.opened, two.status)
    assert office.kinds(first.case_id) == ["case_started", "task_completed"]


def test_a_request_id_serves_one_command_only(office: CaseOffice) -> None:
    request = uuid.uuid4()
    first = office.start(request)
    with pytest.raises(RequestReused):
        office.complete(first.opened[0], "maria", request)


def test_answers_are_checked_by_the_form_and_nothing_is_written(office: CaseOffice) -> None:
    receipt = office.start()
    with pytest.raises(InvalidAnswers) as refused:
        complete_task(
            CompleteTask(receipt.opened[0], office.maria, {"motivo": "x", "intruso": 1}, uuid.uuid4()),
            office.app.engine,
        )
    assert set(refused.value.errors) >= {"intruso"}
    assert office.kinds(receipt.case_id) == ["case_started"]


def test_somebody_elses_task_does_not_exist_for_them(office: CaseOffice) -> None:
    receipt = office.start()
    with pytest.raises(NotFound):
        office.complete(receipt.opened[0], "rosa")  # the requester's own
    office.complete(receipt.opened[0], "maria")
    with pytest.raises(NotFound):
        office.complete(office.open_tasks()["comprobar"], "elena")  # another role
    with pytest.raises(NotFound):
        complete_task(CompleteTask(uuid.uuid4(), office.maria, {}, uuid.uuid4()), office.app.engine)


def test_a_completed_task_says_who_completed_it(office: CaseOffice) -> None:
    receipt = office.start()
    office.complete(receipt.opened[0], "maria")
    comprobar = office.open_tasks()["comprobar"]
    office.complete(comprobar, "rosa")
    with pytest.raises(TaskNotOpen, match="Rosa Güemes"):
        office.complete(comprobar, "tadeo")


def test_a_process_that_is_not_published_and_a_profile_that_it_does_not_serve_are_refused(office: CaseOffice) -> None:
    with pytest.raises(NotFound):
        start_case(StartCase("no_existe", office.maria, {}, uuid.uuid4()), office.app.engine)
    with pytest.raises(NotAllowed):
        start_case(
            StartCase("banco", office.maria, {}, uuid.uuid4(), filed_by=office.people["elena"]), office.app.engine
        )
    filed = start_case(
        StartCase("banco", office.maria, {}, uuid.uuid4(), filed_by=office.people["rosa"]), office.app.engine
    )
    assert office.case(filed.case_id).requester_id == office.maria


def test_a_timer_fires_once_and_only_when_due(office: CaseOffice) -> None:
    receipt = office.start()
    office.complete(receipt.opened[0], "maria")
    due = office.one(sa.select(wait.c.due_at)).due_at
    assert fire_timers(FireTimers(receipt.case_id, office.clock.now()), office.app.engine).event is None
    office.clock.instant = due
    fired = fire_timers(FireTimers(receipt.case_id, due), office.app.engine)
    assert fired.event == 3
    assert fire_timers(FireTimers(receipt.case_id, due), office.app.engine).event is None
    assert list(office.open_tasks()) == ["comprobar"], "it does not interrupt"
    assert office.replayed(receipt.case_id).identical


def test_the_requester_withdraws_and_everything_open_closes(office: CaseOffice) -> None:
    receipt = office.start()
    office.complete(receipt.opened[0], "maria")
    with pytest.raises(InvalidAnswers):
        withdraw_case(WithdrawCase(receipt.case_id, office.maria, " ", uuid.uuid4()), office.app.engine)
    with pytest.raises(NotFound):
        withdraw_case(WithdrawCase(receipt.case_id, office.people["rosa"], "No", uuid.uuid4()), office.app.engine)
    gone = withdraw_case(WithdrawCase(receipt.case_id, office.maria, "Ya no", uuid.uuid4()), office.app.engine)
    assert (gone.status, gone.outcome) == ("withdrawn", "retirada")
    assert office.open_tasks() == {}
    assert not office.all(sa.select(wait))
    assert office.replayed(receipt.case_id).identical
    with pytest.raises(CaseClosed):
        withdraw_case(WithdrawCase(receipt.case_id, office.maria, "Otra vez", uuid.uuid4()), office.app.engine)


def _broken(office: CaseOffice) -> tuple[uuid.UUID, str, uuid.UUID]:
    receipt = office.start()
    office.complete(receipt.opened[0], "maria")
    office.complete(office.open_tasks()["comprobar"])
    key = office.one(sa.select(job.c.key)).key
    fail_job(FailJob(key, "El sistema académico no responde", False, 5), office.app.engine)
    return receipt.case_id, key, office.one(sa.select(incident.c.id)).id


def test_a_failed_job_becomes_an_incident_that_a_person_retries(office: CaseOffice) -> None:
    case_id, key, opened = _broken(office)
    assert office.one(sa.select(incident)).cause == "El sistema académico no responde"
    retry_incident(RetryIncident(opened, office.people["rosa"], "Ya volvió", uuid.uuid4()), office.app.engine)
    row = office.one(sa.select(job).where(job.c.key == key))
    assert (row.status, row.attempts, row.round) == ("queued", 0, 1)
    office.run_jobs()
    assert set(office.open_tasks()) == {"legal", "finanzas"}
    assert "incident_retried" in office.kinds(case_id)
    assert office.replayed(case_id).identical


def test_another_incident_is_not_told_retried_because_an_earlier_one_was(office: CaseOffice) -> None:
    _case, key, opened = _broken(office)
    first = RetryIncident(opened, office.people["rosa"], "Ya volvió", uuid.uuid4())
    assert retry_incident(first, office.app.engine) == retry_incident(first, office.app.engine)
    fail_job(FailJob(key, "Otra vez no responde", False, 5), office.app.engine)
    second = office.one(sa.select(incident.c.id).where(incident.c.status == "open")).id
    with pytest.raises(RequestReused):
        retry_incident(replace(first, incident_id=second), office.app.engine)


def test_an_incident_is_resolved_by_giving_the_result(office: CaseOffice) -> None:
    case_id, key, opened = _broken(office)
    with pytest.raises(NotFound):
        resolve_incident(ResolveIncident(opened, office.maria, {}, "Yo", uuid.uuid4()), office.app.engine)
    command = ResolveIncident(opened, office.people["rosa"], {"promedio": 9}, "Está en los libros", uuid.uuid4())
    with pytest.raises(OnlyRetried):
        resolve_incident(command, office.app.engine)
    resolve_incident(command, replace(office.app.engine, by_hand={"fetch": dict}))
    assert office.one(sa.select(job).where(job.c.key == key)).result == {"promedio": 9}
    assert office.replayed(case_id).identical
    with pytest.raises(IncidentClosed):
        resolve_incident(ResolveIncident(opened, office.people["tadeo"], {}, "Tarde", uuid.uuid4()), office.app.engine)


def test_an_incident_of_a_case_that_was_withdrawn_is_obsolete(office: CaseOffice) -> None:
    case_id, key, _ = _broken(office)
    withdraw_case(WithdrawCase(case_id, office.maria, "Ya no", uuid.uuid4()), office.app.engine)
    assert office.one(sa.select(incident)).status == "obsolete"
    assert office.one(sa.select(job).where(job.c.key == key)).status == "cancelled"


def test_a_running_case_keeps_the_version_it_began_with(office: CaseOffice) -> None:
    receipt = office.start()
    changed = {**files(), "proceso.toml": files()["proceso.toml"].replace(b"Proceso de medida", b"Otro proceso")}
    office.publish(changed)
    office.complete(receipt.opened[0], "maria")
    assert office.case(receipt.case_id).version_id != office.case(office.start().case_id).version_id
    assert office.replayed(receipt.case_id).identical


def test_rescheduling_a_case_without_dates_of_the_calendar_writes_nothing(office: CaseOffice) -> None:
    receipt = office.start()
    assert reschedule_terms(RescheduleTerms(receipt.case_id, None, "feriado"), office.app.engine).event is None


def test_the_request_is_numbered_without_gaps_when_one_is_refused(office: CaseOffice) -> None:
    office.start()
    with pytest.raises(InvalidAnswers):
        office.start(intruso=1)
    assert office.case(office.start().case_id).number == "BM-2026-000002"


def test_time_between_events_does_not_change_the_replay(office: CaseOffice) -> None:
    receipt = office.start()
    office.clock.advance(timedelta(days=40, microseconds=123))
    office.complete(receipt.opened[0], "maria")
    assert office.replayed(receipt.case_id).identical
    assert office.one(sa.select(task.c.opened_at).where(task.c.element == "comprobar")).opened_at == office.clock.now()
