"""A term that stands still: what stops meanwhile is not late for it, and what was late before stays late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.cases import FireTimers, fire_timers
from tests.support.counted import MONDAY, Counted, bundle

DAY = timedelta(days=1)


@pytest.mark.req("C-48")
@pytest.mark.parametrize("tres", ["negar", "desistir"])
def test_products_that_end_while_nobody_answers_are_not_late(counted: Counted, tres: str) -> None:
    files = bundle()
    silence, branch = b'sourceRef="silencio" targetRef="desistida"', f'sourceRef="silencio" targetRef="{tres}_tres"'
    assert silence in files["proceso.bpmn"]
    files["proceso.bpmn"] = files["proceso.bpmn"].replace(silence, branch.encode())
    counted.office.publish(files, "certificado_de_prueba")
    case_id = counted.start()
    counted.do(case_id, "revisar", decision="devolver")
    counted.office.clock.instant = MONDAY + 15 * DAY  # of ten business days to answer
    fire_timers(FireTimers(case_id, counted.office.clock.now()), counted.app.engine)
    for _ in range(2):  # while the case is open, and once it ended
        by_product = {one.product.code: one.figures for one in counted.board().products if one.product}
        assert (by_product["uno"].kept, by_product["uno"].late) == (1, 0), "ready within the pause"
        assert (by_product["tres"].kept, by_product["tres"].late) == (int(tres == "negar"), 0)
        assert counted.recount().agrees
        if counted.open(case_id, "entregar"):
            counted.do(case_id, "entregar")
    ended = counted.board()
    assert ended.total.delivered == 1
    assert {one.product.code: dict(one.figures.days) for one in ended.products if one.product} == {
        "uno": {0: 1},
        "tres": {0: 1} if tres == "negar" else {},
    }


@pytest.mark.req("C-48", "C-52")
def test_overdue_work_that_is_sent_back_stays_late(counted: Counted) -> None:
    case_id = counted.start()
    counted.office.clock.instant = MONDAY + 2 * DAY  # «uno» was due on Tuesday, «tres» is due on Thursday
    counted.do(case_id, "revisar", decision="devolver")
    counted.office.clock.instant = MONDAY + 20 * DAY
    board = counted.board()
    assert (board.total.late, board.total.kept) == (1, 0)
    assert (board.backlog.overdue, board.backlog.paused) == (1, 1)
    assert counted.recount().agrees
    counted.do(case_id, "corregir")
    counted.do(case_id, "revisar", decision="devolver")
    assert counted.board().total.late == 1
    assert counted.recount().agrees
    counted.do(case_id, "corregir")
    counted.deliver(case_id)
    ended = {one.product.code: one.figures for one in counted.board().products if one.product}
    assert (ended["uno"].late, ended["tres"].kept) == (1, 1)
    assert counted.recount().agrees


@pytest.mark.parametrize(("asks", "returned"), [("true", 1), ("false", 0)])
def test_what_only_asks_is_not_counted_as_sent_back(counted: Counted, asks: str, returned: int) -> None:
    files = bundle()
    pauses = b'name="pausaPlazo" value="true"/>'
    marked = pauses + f'<spiffworkflow:property name="esDevolucion" value="{asks}"/>'.encode()
    assert pauses in files["proceso.bpmn"]
    files["proceso.bpmn"] = files["proceso.bpmn"].replace(pauses, marked)
    counted.office.publish(files, "certificado_de_prueba")
    case_id = counted.start()
    counted.do(case_id, "revisar", decision="devolver")
    counted.do(case_id, "corregir")
    counted.deliver(case_id)
    assert counted.board().total.returned == returned
    assert counted.recount().agrees
