"""What each person finds in the inbox, on both databases."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from engine import people
from engine.inbox import Filters, Page
from tests.support.office import NOW, Office


def names(page: Page) -> list[str]:
    return [row.case_number for row in page.rows]


def ids(page: Page) -> list[UUID]:
    return [row.id for row in page.rows]


def test_the_tabs_tell_mine_my_groups_all_and_snoozed_apart(office: Office) -> None:
    mine = office.open_task(assignee_id=office.rosa)
    free = office.open_task()
    others = office.open_task(assignee_id=office.segundo)
    asleep = office.open_task(assignee_id=office.rosa, snoozed_until=NOW + timedelta(days=3))
    office.open_task(role="secretario_general")
    office.open_task(status="completed")
    viewer = office.viewer(office.rosa)
    pages = {
        tab: office.inbox.list_tasks(viewer, Filters(tab=tab)) for tab in ("mias", "grupos", "todas", "pospuestas")
    }
    assert set(ids(pages["mias"])) == {mine}
    assert set(ids(pages["grupos"])) == {free}
    assert set(ids(pages["todas"])) == {mine, free, others}
    assert set(ids(pages["pospuestas"])) == {asleep}
    assert {tab: count.text for tab, count in pages["mias"].counts.items()} == {
        "mias": "1",
        "grupos": "1",
        "todas": "3",
        "pospuestas": "1",
    }


def test_a_snoozed_task_comes_back_when_its_moment_has_passed(office: Office) -> None:
    task_id = office.open_task(assignee_id=office.rosa, snoozed_until=NOW + timedelta(hours=1))
    viewer = office.viewer(office.rosa)
    assert ids(office.inbox.list_tasks(viewer, Filters())) == []
    office.clock.advance(timedelta(hours=2))
    assert ids(office.inbox.list_tasks(viewer, Filters())) == [task_id]


def test_nobody_sees_the_tasks_of_a_role_they_do_not_hold(office: Office) -> None:
    office.open_task(role="secretario_general")
    office.open_task(role="secretario_general", assignee_id=office.general)
    for tab in ("mias", "grupos", "todas"):
        assert ids(office.inbox.list_tasks(office.viewer(office.rosa), Filters(tab=tab))) == []
    assert ids(office.inbox.list_tasks(office.viewer(office.maria), Filters(tab="todas"))) == []


def test_the_head_of_the_office_sees_the_tasks_of_every_role(office: Office) -> None:
    wanted = {office.open_task(), office.open_task(role="secretario_general"), office.open_task(role="archivo")}
    assert set(ids(office.inbox.list_tasks(office.viewer(office.jefa), Filters(tab="todas")))) == wanted


@pytest.mark.req("C-24")
def test_a_role_lent_for_one_process_shows_that_process_only_and_only_in_its_dates(office: Office) -> None:
    other = office.publish("acta_examen", "Acta de examen")
    lent = office.open_task(office.open_case())
    office.open_task(office.open_case(process="acta_examen", version_id=other))
    with office.database.write() as conn:
        span = (date(2025, 11, 1), date(2025, 11, 30))
        people.delegate(
            conn, office.rosa, office.general, "secretaria", *span, "Licencia", NOW, process="solicitar_certificacion"
        )
    for tab in ("grupos", "todas"):
        assert ids(office.inbox.list_tasks(office.viewer(office.general), Filters(tab=tab))) == [lent]
    office.clock.instant = datetime(2025, 12, 1, 15, tzinfo=UTC)
    assert ids(office.inbox.list_tasks(office.viewer(office.general), Filters(tab="grupos"))) == []


def test_a_task_kept_after_losing_its_role_stays_under_mine_and_all(office: Office) -> None:
    kept = office.open_task(role="archivo", assignee_id=office.rosa)
    viewer = office.viewer(office.rosa)
    assert ids(office.inbox.list_tasks(viewer, Filters())) == [kept]
    assert ids(office.inbox.list_tasks(viewer, Filters(tab="todas"))) == [kept]


def test_rows_are_grouped_by_term_with_what_is_paused_last(office: Office) -> None:
    late = office.open_task(assignee_id=office.rosa, due_at=NOW - timedelta(days=1))
    today = office.open_task(assignee_id=office.rosa, due_at=office.calendar.end_of(date(2025, 11, 19)))
    later = office.open_task(assignee_id=office.rosa, due_at=office.calendar.end_of(date(2025, 11, 20)))
    none = office.open_task(assignee_id=office.rosa, due_at=None)
    case_id = office.open_case()
    office.open_task(case_id, status="completed")
    waiting = office.open_task(case_id, role="solicitante", paused=True, due_at=NOW + timedelta(days=7))
    page = office.inbox.list_tasks(office.viewer(office.rosa), Filters(tab="todas"))
    found = [(group.key, [row.id for row in group.rows], group.rows[0].chip.text) for group in page.groups]
    assert found == [
        ("vencidas", [late], "Venció ayer"),
        ("hoy", [today], "Vence hoy"),
        ("proximas", [later], "jue 20 nov"),
        ("pausa", [waiting], "Responde hasta 26 nov"),
        ("sin_plazo", [none], "Sin plazo"),
    ]
    assert [row.id for row in page.rows] == [late, today, later, waiting, none]
    assert not page.rows[3].can_do


def test_the_requesters_answer_is_awaited_in_the_list_only_of_those_who_worked_on_the_case(office: Office) -> None:
    case_id = office.open_case()
    office.open_task(case_id, status="completed")
    office.open_task(case_id, role="solicitante", paused=True)
    assert len(office.inbox.list_tasks(office.viewer(office.segundo), Filters(tab="todas")).rows) == 1
    assert office.inbox.list_tasks(office.viewer(office.general), Filters(tab="todas")).rows == ()


@pytest.mark.parametrize(
    "sort", ["vence", "-vence", "abierta", "-numero", "solicita,-numero", "dato.copias,vence", "tarea"]
)
def test_pages_by_keyset_go_forth_and_back_over_every_row_once(office: Office, sort: str) -> None:
    for n in range(13):
        case_id = office.open_case(
            office.maria if n % 2 else office.tadeo, facts={"copias": str(n % 3)} if n % 4 else {}
        )
        due = None if n % 5 == 0 else NOW + timedelta(days=n % 4)
        office.open_task(case_id, assignee_id=office.rosa, due_at=due, opened_at=NOW - timedelta(hours=n % 6))
    viewer, filters = office.viewer(office.rosa), Filters.parse({"orden": sort})
    whole = [row.id for row in _page(office, viewer, filters, 50).rows]
    assert len(set(whole)) == 13
    forth: list[UUID] = []
    pages = [_page(office, viewer, filters, 4)]
    while pages[-1].next:
        pages.append(_page(office, viewer, Filters.parse(pages[-1].next.query()), 4))
    for page in pages:
        forth += ids(page)
    assert sorted(forth) == sorted(whole)
    assert pages[0].previous is None
    back = pages[-1]
    for earlier in reversed(pages[:-1]):
        assert back.previous is not None
        back = _page(office, viewer, back.previous, 4)
        assert ids(back) == ids(earlier)
    assert back.previous is None


def _page(office: Office, viewer: object, filters: Filters, size: int) -> Page:
    from engine.inbox.page import list_tasks

    with office.database.read() as conn:
        return list_tasks(conn, viewer, filters, now=NOW, people=people, days=office.calendar, size=size)  # type: ignore[arg-type]


def test_a_cursor_that_is_not_one_starts_from_the_beginning(office: Office) -> None:
    task_id = office.open_task(assignee_id=office.rosa)
    viewer = office.viewer(office.rosa)
    for bad in ("x", "W10", "WzEsMl0", "%%%", "ñ", "W251bGwsIngiXQ", "WyIyMDI1LTExLTE5IiwgMV0"):
        assert ids(office.inbox.list_tasks(viewer, Filters(after=bad))) == [task_id]


def test_filters_by_process_due_role_and_a_fact_of_the_case(office: Office) -> None:
    abroad = office.open_task(office.open_case(facts={"destino": "exterior"}), due_at=NOW - timedelta(hours=1))
    home = office.open_task(office.open_case(facts={"destino": "país"}), due_at=NOW + timedelta(days=30))
    other = office.publish("acta_examen", "Acta de examen")
    acta = office.open_task(office.open_case(process="acta_examen", version_id=other), due_at=None)
    viewer = office.viewer(office.rosa)

    def found(query: str) -> set[UUID]:
        return set(ids(office.inbox.list_tasks(viewer, Filters.parse("bandeja=grupos&" + query))))

    assert found("dato.destino=exterior") == {abroad}
    assert found("dato.destino=pa%C3%ADs") == {home}
    assert found("proceso=acta_examen") == {acta}
    assert found("vence=vencidas") == {abroad}
    assert found("vence=sin_plazo") == {acta}
    assert found("vence=semana") == {abroad}
    assert found("funcion=archivo") == set()


def test_after_completing_a_task_the_next_of_the_list_follows_and_from_the_end_the_first(office: Office) -> None:
    tasks = [office.open_task(assignee_id=office.rosa, due_at=NOW + timedelta(days=n)) for n in range(3)]
    viewer = office.viewer(office.rosa)
    assert office.inbox.next_task(viewer, Filters(), tasks[0]) == tasks[1]
    assert office.inbox.next_task(viewer, Filters(), tasks[2]) == tasks[0]
    alone = office.viewer(office.segundo)
    assert office.inbox.next_task(alone, Filters(), tasks[0]) is None


def test_counts_stop_at_999(office: Office) -> None:
    case_id = office.open_case()
    from engine.storage.tables import task

    template = dict(office.task(office.open_task(case_id))._mapping)
    import uuid

    with office.database.write() as conn:
        conn.execute(task.insert(), [template | {"id": uuid.uuid4()} for _ in range(1005)])
    counts = office.inbox.counts(office.viewer(office.rosa))
    assert counts["grupos"].text == "999+"
    assert counts["mias"].text == "0"
