"""What is shown of cases that were run, on both databases, reckoned by hand beside each."""

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from engine.calendar import set_feriado
from engine.cases import FireTimers, fire_timers, reschedule_open_cases
from engine.inbound.sums import run_sums
from engine.indicators import compact, compact_all
from engine.storage.tables import indicator_delta, indicator_month
from tests.support.counted import MONDAY, Counted

DAY = timedelta(days=1)


@pytest.mark.req("C-51", "C-16")
def test_what_is_delivered_refused_and_late_is_counted_where_it_belongs(counted: Counted) -> None:
    soon, late, refused, open_late = (counted.start() for _ in range(4))
    counted.deliver(soon)  # the same day: both products on time, 0 days
    counted.do(refused, "revisar", decision="rechazar")
    counted.office.clock.instant = MONDAY + 2 * DAY  # Wednesday: the product of one day was due on Tuesday
    counted.deliver(late)
    board = counted.board()
    line = next(one for one in board.services if one.offer.code == "B1")
    figures = line.figures
    assert (figures.received, figures.delivered, figures.refused, figures.ended) == (4, 2, 1, 3)
    assert (figures.kept, figures.late) == (2 + 2 + 1, 1 + 1)  # «uno» of the late one, «uno» of the open one
    assert figures.days == {0: 2, 2: 1}
    assert (figures.median, figures.p90) == (0, 2)
    assert (line.backlog.open, line.backlog.overdue, line.backlog.oldest) == (1, 1, 2)
    assert {one.code: one.now for one in board.headlines}["B1"] == 2
    waits = {one.product.code: (one.backlog.open, one.backlog.overdue) for one in board.products if one.product}
    assert waits == {"uno": (1, 1), "tres": (1, 0)}
    by_product = {one.product.code: one.figures for one in board.products if one.product}
    assert (by_product["uno"].kept, by_product["uno"].late, by_product["uno"].on_time) == (2, 2, 50.0)
    assert (by_product["tres"].kept, by_product["tres"].late) == (3, 0)
    assert counted.open(open_late, "revisar") is not None
    assert counted.recount().agrees


def test_days_on_which_the_requester_is_awaited_are_nobodys(counted: Counted) -> None:
    returned = counted.start()
    counted.do(returned, "revisar", decision="devolver")
    counted.office.clock.instant = MONDAY + 9 * DAY  # Wednesday of the week after
    assert counted.board().total.late == 0  # its terms stand still
    counted.do(returned, "corregir")
    counted.deliver(returned)
    total = counted.board().total
    assert (total.kept, total.late, total.returned, total.return_rate) == (2, 0, 1, 100.0)
    assert total.days == {0: 1}
    assert counted.recount().agrees


def test_who_gives_up_in_time_counts_neither_way_and_too_late_counts_as_late(counted: Counted) -> None:
    in_time, too_late, silent = (counted.start() for _ in range(3))
    counted.withdraw(in_time)
    counted.do(silent, "revisar", decision="devolver")
    counted.office.clock.instant = MONDAY + 2 * DAY
    counted.withdraw(too_late)  # «uno» was due on Tuesday
    counted.office.clock.instant = MONDAY + 20 * DAY
    fire_timers(FireTimers(silent, counted.office.clock.now()), counted.app.engine)
    total = counted.board().total
    assert (total.withdrawn, total.abandoned) == (2, 1)
    assert (total.kept, total.late) == (0, 1)
    assert total.days == {}
    assert counted.recount().agrees


def test_a_month_is_the_institutions_own(counted: Counted) -> None:
    counted.office.clock.instant = datetime(2026, 4, 1, 4, 30, tzinfo=UTC)  # 23:30 of 31 March in Guayaquil
    counted.deliver(counted.start())
    assert counted.board(202603, 202603).total.delivered == 1
    assert counted.board(202604, 202604).total.delivered == 0
    assert counted.board(202604, 202604).headlines[0].before == 1


def test_a_service_without_cases_has_lines_and_no_shares(counted: Counted) -> None:
    board = counted.board()
    assert board.empty
    assert [line.offer.code for line in board.services] == ["B1"]
    assert board.total.on_time is None
    assert board.total.median is None
    assert counted.recount().agrees


def test_filters_leave_out_what_they_say(counted: Counted) -> None:
    counted.deliver(counted.start())
    counted.deliver(counted.start(channel="lote"))
    assert counted.board(channel="lote").total.delivered == 1
    assert counted.board(product="uno").total.delivered == 2
    assert counted.board(product="uno", channel="lote").total.kept == 1
    compact_all(counted.app.database)
    assert counted.board(product="uno", channel="lote").total.kept == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_any_history_is_recounted_from_its_events(counted: Counted, seed: int) -> None:
    """Starts, decisions, waits, withdrawals, silence, a calendar edited, sums made in between: always the same."""
    dice, living = random.Random(seed), [counted.start()]
    for n in range(30):
        counted.office.clock.instant += timedelta(hours=dice.choice([1, 9, 26]))
        case_id = dice.choice(living)
        match dice.choice(["start", "start", "work", "work", "work", "withdraw", "clock", "sum", "calendar"]):
            case "start":
                living.append(counted.start(dice.choice(["portal", "lote"])))
            case "work":
                _work(counted, case_id, dice)
            case "withdraw" if counted.open(case_id, "revisar"):
                counted.withdraw(case_id)
            case "clock" if counted.open(case_id, "corregir"):
                counted.office.clock.instant += 15 * DAY
                fire_timers(FireTimers(case_id, counted.office.clock.now()), counted.app.engine)
            case "sum":
                compact(counted.app.database, limit=dice.randrange(1, 9))
            case "calendar" if n % 3 == 0:
                _rest_on(counted, counted.office.clock.now().date() + DAY)
    found = counted.recount()
    assert found.cases == len(living)
    assert found.agrees, [str(one) for one in found.differences]
    compact_all(counted.app.database)
    assert counted.recount().agrees


def _work(counted: Counted, case_id: object, dice: random.Random) -> None:
    for element in ("revisar", "corregir", "entregar"):
        if counted.open(case_id, element):  # type: ignore[arg-type]
            decision = dice.choice(["seguir", "negar", "desistir", "devolver", "rechazar"])
            counted.do(case_id, element, **({"decision": decision} if element == "revisar" else {}))  # type: ignore[arg-type]
            return


def _rest_on(counted: Counted, day: date) -> None:
    with counted.app.database.write() as conn:
        set_feriado(conn, day, "Asueto", "local", "prueba", None, counted.office.clock.now())
    reschedule_open_cases(counted.app.engine, None, "prueba")


def test_a_sum_that_somebody_changed_is_named(counted: Counted) -> None:
    counted.deliver(counted.start())
    compact_all(counted.app.database)
    with counted.app.database.write() as conn:
        wrong = (indicator_month.c.measure == "delivered") & (indicator_month.c["product"] == "uno")
        conn.execute(indicator_month.update().where(wrong).values(count=7))
    found = counted.recount()
    assert len(found.differences) == 1
    assert "2026-03, delivered de certificado_de_prueba, uno" in str(found.differences[0])
    assert "se muestran 7 y los eventos dicen 1" in str(found.differences[0])


def test_a_sum_that_is_interrupted_loses_nothing_and_counts_nothing_twice(counted: Counted) -> None:
    for _ in range(3):
        counted.deliver(counted.start())
    before = counted.board().total
    with pytest.raises(KeyboardInterrupt):  # what a worker's last moment leaves
        _die_while_summing(counted)
    assert counted.board().total == before
    while compact(counted.app.database, limit=5):
        assert counted.board().total == before
    with counted.app.database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(indicator_delta)) == 0
    assert counted.recount().agrees


def test_the_worker_sums_until_it_is_told_to_stop(counted: Counted) -> None:
    counted.deliver(counted.start())
    stop = Event()
    worker = Thread(target=run_sums, args=(counted.app, stop, 0.02))
    worker.start()
    for _ in range(200):
        with counted.app.database.read() as conn:
            if not conn.scalar(sa.select(sa.func.count()).select_from(indicator_delta)):
                break
        time.sleep(0.05)
    stop.set()
    worker.join(10)
    with counted.app.database.read() as conn:
        assert conn.scalar(sa.select(sa.func.sum(indicator_month.c["count"]))) > 0
        assert conn.scalar(sa.select(sa.func.count()).select_from(indicator_delta)) == 0
    assert counted.recount().agrees


def _die_while_summing(counted: Counted) -> None:
    with counted.app.database.write() as conn:
        conn.execute(indicator_delta.delete())
        raise KeyboardInterrupt
