"""The worker's clock: what is due fires once, whoever looks, and a broken case holds up no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.app import Cartulario
from engine.clock import FixedClock
from engine.definitions import Bundle, publish
from engine.inbound.timers import run_timers, tick
from engine.storage.tables import case, event
from tests.support.one_job import DIAGRAM, MANIFEST, PROCESS, open_office, requester, start, wait_until

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
SERVICE = DIAGRAM[DIAGRAM.index("    <bpmn:serviceTask") : DIAGRAM.index("    <bpmn:endEvent")]
TIMER = """    <bpmn:intermediateCatchEvent id="anotar" name="Una hora"><bpmn:incoming>a</bpmn:incoming>
      <bpmn:outgoing>b</bpmn:outgoing><bpmn:timerEventDefinition id="reloj">
        <bpmn:timeDuration xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
          xsi:type="bpmn:tFormalExpression">"PT1H"</bpmn:timeDuration>
      </bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
"""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def office(database_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data", clock)
    bundle = Bundle(
        PROCESS, {"proceso.toml": MANIFEST.encode(), "proceso.bpmn": DIAGRAM.replace(SERVICE, TIMER).encode()}
    )
    with app.database.write() as conn:
        publish(conn, bundle, None, NOON, app.operations)
    yield app
    app.close()


def _status(app: Cartulario, case_id: UUID) -> str:
    with app.database.read() as conn:
        return str(conn.scalar(sa.select(case.c.status).where(case.c.id == case_id)))


def _break(app: Cartulario, case_id: UUID) -> None:
    with app.database.write() as conn:
        conn.execute(case.update().where(case.c.id == case_id).values(state="damaged"))


def test_a_timer_fires_when_it_is_due_and_not_before(office: Cartulario, clock: FixedClock) -> None:
    waiting = start(office, requester(office)).case_id
    clock.advance(HOUR - timedelta(minutes=1))
    assert tick(office) == (0, [])
    assert _status(office, waiting) == "open"
    clock.advance(timedelta(minutes=1))
    assert tick(office) == (1, [])
    assert _status(office, waiting) == "completed"
    assert tick(office) == (0, [])


def test_a_case_that_cannot_go_on_holds_up_no_other(office: Cartulario, clock: FixedClock) -> None:
    who = requester(office)
    broken, sound = start(office, who).case_id, start(office, who).case_id
    _break(office, broken)
    clock.advance(HOUR)
    assert tick(office) == (1, [broken])
    assert _status(office, sound) == "completed"


def test_two_workers_fire_a_timer_once(office: Cartulario, clock: FixedClock) -> None:
    waiting = start(office, requester(office)).case_id
    clock.advance(HOUR)
    together = Barrier(2)

    def look() -> None:
        together.wait()
        tick(office)

    threads = [Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with office.database.read() as conn:
        fired = conn.scalars(sa.select(event.c.n).where(event.c.case_id == waiting, event.c.kind == "timers_fired"))
        assert len(fired.all()) == 1


def test_the_loop_lets_a_broken_case_rest_and_stops_when_told(office: Cartulario, clock: FixedClock) -> None:
    who = requester(office)
    broken, sound = start(office, who).case_id, start(office, who).case_id
    _break(office, broken)
    clock.advance(HOUR)
    stop = Event()
    thread = Thread(target=run_timers, args=(office, stop))
    thread.start()
    wait_until(lambda: _status(office, sound) == "completed")
    stop.set()
    thread.join(timeout=5)
    assert not thread.is_alive()
