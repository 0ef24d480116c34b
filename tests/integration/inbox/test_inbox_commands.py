"""Claim, release, assign, snooze, draft and comment, on both databases."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from engine import people
from engine.errors import InvalidAnswers, NotAllowed, NotFound, TaskNotOpen, TaskTaken, TooLarge, TooMany
from engine.inbox import Filters
from engine.storage.tables import event
from tests.support.office import NOW, Office


def events(office: Office, case_id: UUID) -> list[tuple[str, dict[str, object]]]:
    with office.database.read() as conn:
        rows = conn.execute(event.select().where(event.c.case_id == case_id).order_by(event.c.n))
        return [(row.kind, json.loads(row.data)) for row in rows]


def test_claiming_makes_the_task_mine_and_is_on_record(office: Office) -> None:
    task_id = office.open_task()
    office.inbox.claim(office.viewer(office.rosa), task_id)
    row = office.task(task_id)
    assert (row.assignee_id, row.claimed_at) == (office.rosa, NOW)
    assert events(office, row.case_id) == [("task_claimed", {"task": str(task_id)})]


def test_claiming_again_what_is_mine_changes_nothing(office: Office) -> None:
    task_id = office.open_task()
    for _ in range(2):
        office.inbox.claim(office.viewer(office.rosa), task_id)
    assert len(events(office, office.task(task_id).case_id)) == 1


def test_the_second_to_claim_is_told_who_was_first(office: Office) -> None:
    task_id = office.open_task()
    office.inbox.claim(office.viewer(office.rosa), task_id)
    with pytest.raises(TaskTaken, match="Rosa Elvira Peñafiel Güemes tomó esta tarea antes"):
        office.inbox.claim(office.viewer(office.segundo), task_id)
    assert office.task(task_id).assignee_id == office.rosa


def test_a_task_of_another_role_does_not_exist_for_me(office: Office) -> None:
    task_id = office.open_task(role="secretario_general")
    viewer = office.viewer(office.rosa)
    for attempt in (
        lambda: office.inbox.claim(viewer, task_id),
        lambda: office.inbox.release(viewer, task_id),
        lambda: office.inbox.assign(viewer, task_id, office.rosa),
        lambda: office.inbox.snooze(viewer, task_id, NOW + timedelta(days=1)),
        lambda: office.inbox.save_draft(viewer, task_id, {"a": 1}),
        lambda: office.inbox.get_task(viewer, task_id),
        lambda: office.inbox.list_assignable(viewer, task_id),
        lambda: office.inbox.claim(viewer, uuid4()),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert events(office, office.task(task_id).case_id) == []


def test_the_head_of_the_office_sees_a_task_but_may_not_do_it(office: Office) -> None:
    task_id = office.open_task()
    with pytest.raises(NotAllowed):
        office.inbox.claim(office.viewer(office.jefa), task_id)


def test_a_closed_task_can_no_longer_be_claimed(office: Office) -> None:
    task_id = office.open_task(status="completed", closed_at=NOW)
    with pytest.raises(TaskNotOpen):
        office.inbox.claim(office.viewer(office.rosa), task_id)


def test_who_has_a_task_gives_it_back_and_nobody_else_but_the_head_of_the_office(office: Office) -> None:
    task_id = office.open_task(assignee_id=office.rosa, snoozed_until=NOW + timedelta(days=1))
    with pytest.raises(NotAllowed, match="Rosa Elvira"):
        office.inbox.release(office.viewer(office.segundo), task_id)
    office.inbox.release(office.viewer(office.rosa), task_id)
    assert (office.task(task_id).assignee_id, office.task(task_id).snoozed_until) == (None, None)
    office.inbox.claim(office.viewer(office.rosa), task_id)
    office.inbox.release(office.viewer(office.jefa), task_id)
    assert office.task(task_id).assignee_id is None
    kinds = [kind for kind, _ in events(office, office.task(task_id).case_id)]
    assert kinds == ["task_released", "task_claimed", "task_released"]


def test_a_superior_assigns_and_a_holder_hands_over_within_the_role(office: Office) -> None:
    task_id = office.open_task()
    office.inbox.assign(office.viewer(office.jefa), task_id, office.rosa, note="Reparto del lunes")
    office.inbox.assign(office.viewer(office.rosa), task_id, office.segundo)
    assert office.task(task_id).assignee_id == office.segundo
    with pytest.raises(NotAllowed):
        office.inbox.assign(office.viewer(office.rosa), task_id, office.rosa)
    with pytest.raises(InvalidAnswers, match="datos que corregir"):
        office.inbox.assign(office.viewer(office.jefa), task_id, office.general)
    (_, first), (_, second) = events(office, office.task(task_id).case_id)
    assert first == {"task": str(task_id), "from": None, "to": str(office.rosa), "note": "Reparto del lunes"}
    assert second == {"task": str(task_id), "from": str(office.rosa), "to": str(office.segundo)}


def test_a_task_may_be_assigned_to_those_who_act_in_its_role_found_by_name(office: Office) -> None:
    task_id = office.open_task()
    found = office.inbox.list_assignable(office.viewer(office.jefa), task_id)
    assert [person.sort_name for person in found] == ["Peñafiel Güemes, Rosa Elvira", "Sagñay, Segundo Manuel"]
    assert [p.id for p in office.inbox.list_assignable(office.viewer(office.jefa), task_id, "sagnay")] == [
        office.segundo
    ]


def test_only_who_has_a_task_snoozes_it_and_only_into_the_future(office: Office) -> None:
    task_id = office.open_task()
    viewer = office.viewer(office.rosa)
    with pytest.raises(NotAllowed):
        office.inbox.snooze(viewer, task_id, NOW + timedelta(days=1))
    office.inbox.claim(viewer, task_id)
    for bad in (NOW, NOW - timedelta(days=1), NOW + timedelta(days=400)):
        with pytest.raises(InvalidAnswers):
            office.inbox.snooze(viewer, task_id, bad)
    office.inbox.snooze(viewer, task_id, NOW + timedelta(days=1))
    office.inbox.snooze(viewer, task_id, None)
    assert office.task(task_id).snoozed_until is None
    assert [kind for kind, _ in events(office, office.task(task_id).case_id)][1:] == ["task_snoozed", "task_snoozed"]


def test_a_draft_is_kept_with_the_task_and_is_there_on_reopening(office: Office) -> None:
    task_id = office.open_task()
    answers = {"defectos": ["Ñáñez"], "nota": 7.5}
    assert office.inbox.save_draft(office.viewer(office.rosa), task_id, answers) == NOW
    detail = office.inbox.get_task(office.viewer(office.segundo), task_id)
    assert (detail.draft, detail.draft_at) == (answers, NOW)
    assert office.inbox.list_tasks(office.viewer(office.rosa), Filters(tab="grupos")).rows[0].has_draft
    office.inbox.save_draft(office.viewer(office.rosa), task_id, {})
    assert office.inbox.get_task(office.viewer(office.rosa), task_id).draft is None
    assert events(office, office.task(task_id).case_id) == []


def test_the_requester_keeps_a_draft_of_their_own_answer_and_nobody_elses(office: Office) -> None:
    task_id = office.open_task(office.open_case(office.maria), role="solicitante", paused=True)
    office.inbox.save_draft(office.viewer(office.maria), task_id, {"respuesta": "sí"})
    assert office.inbox.get_task(office.viewer(office.maria), task_id).draft == {"respuesta": "sí"}
    with pytest.raises(NotFound):
        office.inbox.save_draft(office.viewer(office.tadeo), task_id, {"respuesta": "no"})
    with pytest.raises(NotAllowed):
        office.inbox.save_draft(office.viewer(office.jefa), task_id, {"respuesta": "no"})
    with pytest.raises(NotAllowed):
        office.inbox.release(office.viewer(office.jefa), task_id)
    with pytest.raises(NotAllowed):
        office.inbox.assign(office.viewer(office.jefa), task_id, office.rosa)


@pytest.mark.parametrize("bad", [{"a": float("nan")}, {"a": object()}, {"a": "x\0y"}, {"a\0": 1}, {"a": "\ud800"}])
def test_a_draft_that_is_no_small_json_is_refused(office: Office, bad: dict[str, object]) -> None:
    task_id = office.open_task()
    with pytest.raises(InvalidAnswers):
        office.inbox.save_draft(office.viewer(office.rosa), task_id, bad)
    with pytest.raises(TooLarge):
        office.inbox.save_draft(office.viewer(office.rosa), task_id, {"a": "ñ" * 33_000})


def test_a_draft_is_not_written_over_by_somebody_who_does_not_have_the_task(office: Office) -> None:
    task_id = office.open_task(assignee_id=office.rosa)
    with pytest.raises(TaskTaken):
        office.inbox.save_draft(office.viewer(office.segundo), task_id, {"a": 1})


def test_in_bulk_what_can_be_done_is_done_and_each_refusal_says_why(office: Office) -> None:
    free, taken = office.open_task(), office.open_task(assignee_id=office.segundo)
    closed, hidden = office.open_task(status="cancelled"), office.open_task(role="archivo")
    viewer = office.viewer(office.rosa)
    report = office.inbox.bulk_claim(viewer, [free, taken, closed, hidden, free])
    assert report.done == (free,)
    assert [(refusal.task_id, refusal.code) for refusal in report.refused] == [
        (taken, "task_taken"),
        (closed, "task_not_open"),
        (hidden, "not_found"),
    ]
    assert report.refused[0].reason == "Segundo Manuel Sagñay tomó esta tarea antes."
    assert office.inbox.bulk_release(viewer, [free]).done == (free,)
    assigned = office.inbox.bulk_assign(office.viewer(office.jefa), [free, taken], office.rosa)
    assert set(assigned.done) == {free, taken}
    with pytest.raises(TooMany):
        office.inbox.bulk_claim(viewer, [uuid4() for _ in range(201)])


def test_comments_are_for_staff_counted_in_the_list_and_on_record(office: Office) -> None:
    case_id = office.open_case(office.maria)
    task_id = office.open_task(case_id)
    office.inbox.add_comment(office.viewer(office.rosa), case_id, "  Falta la cédula\r\nde Ñáñez ")
    office.clock.advance(timedelta(seconds=1))
    office.inbox.add_comment(office.viewer(office.jefa), case_id, "Visto")
    assert office.inbox.list_tasks(office.viewer(office.rosa), Filters(tab="grupos")).rows[0].comments == 2
    comments = office.inbox.get_task(office.viewer(office.rosa), task_id).comments
    assert [(comment.text, comment.author.sort_name if comment.author else "") for comment in comments] == [
        ("Falta la cédula\nde Ñáñez", "Peñafiel Güemes, Rosa Elvira"),
        ("Visto", "Villacís Arteaga, Ana Lucía"),
    ]
    for stranger in (office.maria, office.tadeo, office.general, office.auditora):
        with pytest.raises(NotFound):
            office.inbox.add_comment(office.viewer(stranger), case_id, "hola")
    for bad in ("", "   ", "x" * 4001, "a\0b"):
        with pytest.raises(InvalidAnswers):
            office.inbox.add_comment(office.viewer(office.rosa), case_id, bad)
    assert [kind for kind, _ in events(office, case_id)] == ["comment_added", "comment_added"]


def test_the_detail_tells_what_the_viewer_may_do(office: Office) -> None:
    task_id = office.open_task(office.open_case(office.maria))

    def rights(person_id: UUID) -> set[str]:
        detail = office.inbox.get_task(office.viewer(person_id), task_id)
        kinds = ("complete", "claim", "release", "assign", "snooze")
        return {kind for kind in kinds if getattr(detail, f"can_{kind}")}

    assert rights(office.rosa) == {"complete", "claim"}
    assert rights(office.jefa) == {"assign"}
    office.inbox.claim(office.viewer(office.rosa), task_id)
    assert rights(office.rosa) == {"complete", "release", "assign", "snooze"}
    assert rights(office.segundo) == set()
    assert rights(office.jefa) == {"assign", "release"}


def test_views_are_saved_under_a_name_and_are_their_owners(office: Office) -> None:
    viewer, other = office.viewer(office.rosa), office.viewer(office.segundo)
    office.inbox.save_filter(viewer, "Con apostilla", Filters(tab="todas", q="apostilla", after="x"))
    kept = office.inbox.save_filter(viewer, "Con  apostilla", Filters(tab="grupos", q="apostilla"))
    assert [(view.name, view.query) for view in office.inbox.list_filters(viewer)] == [
        ("Con apostilla", "bandeja=grupos&q=apostilla")
    ]
    assert office.inbox.list_filters(other) == []
    with pytest.raises(NotFound):
        office.inbox.delete_filter(other, kept.id)
    office.inbox.delete_filter(viewer, kept.id)
    assert office.inbox.list_filters(viewer) == []
    with pytest.raises(InvalidAnswers):
        office.inbox.save_filter(viewer, " ", Filters())


def test_a_closed_account_has_no_inbox(office: Office) -> None:
    office.open_task(assignee_id=None)
    with office.database.write() as conn:
        people.set_active(conn, office.rosa, False)
    assert office.inbox.list_tasks(office.viewer(office.rosa), Filters(tab="grupos")).rows == ()


def test_staff_look_at_the_answer_they_wait_for_but_cannot_touch_it(office: Office) -> None:
    case_id = office.open_case(office.maria)
    office.open_task(case_id, status="completed")
    task_id = office.open_task(case_id, role="solicitante", paused=True, draft={"a": "a medias"}, draft_at=NOW)
    detail = office.inbox.get_task(office.viewer(office.rosa), task_id)
    assert (detail.can_complete, detail.can_claim, detail.can_release, detail.draft) == (False, False, False, None)
    for stranger in (office.general, office.tadeo):
        with pytest.raises(NotFound):
            office.inbox.get_task(office.viewer(stranger), task_id)
    with pytest.raises(NotFound):
        office.inbox.claim(office.viewer(office.rosa), task_id)
