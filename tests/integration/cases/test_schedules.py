"""A process with a timer start begins by itself: at each instant once, and as its diagram says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from engine.definitions.schedule import parse_schedule
from engine.inbound.schedules import start_scheduled
from engine.storage.tables import case, event
from tests.support.case_office import MONDAY, CaseOffice
from tests.support.diagrams import Diagram, properties, timer

MANIFEST = """
[proceso]
id = "anual"
titulo = "Revisión anual"
descripcion = "Una prueba"
serie = "AN"
responsable = "Secretaría"
[carriles]
"Secretaría" = "secretaria"
"""
FORM = '{"type": "default", "id": "pedido", "components": [{"type": "textfield", "key": "mejora", "label": "¿Qué?"}]}'


def diagram(first: str = "2026-03-04T09:00:00-05:00", every: str = "P1Y") -> bytes:
    d = Diagram("anual", lane="Secretaría")
    ask = d.node("startEvent", "pedida", properties(formJsonSchemaFilename="pedido.json"))
    d.chain(ask, d.node("scriptTask", "anotar", "<bpmn:script>hay = mejora != None</bpmn:script>"))
    d.chain("anotar", d.node("userTask", "elaborar"), d.node("endEvent", "fin"))
    d.node("startEvent", "cada_ano", timer("timeCycle", f'"R/{first}/{every}"'))
    d.flow("cada_ano", "anotar", id="de_cada_ano")
    return d.xml()


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[CaseOffice]:
    opened = CaseOffice.open(database_url, tmp_path)
    opened.publish(
        {"proceso.bpmn": diagram(), "proceso.toml": MANIFEST.encode(), "forms/pedido.json": FORM.encode()}, "anual"
    )
    yield opened
    opened.app.close()


def cases(office: CaseOffice) -> list[sa.Row]:
    return office.all(sa.select(case).where(case.c.process == "anual").order_by(case.c.number))


def test_it_begins_at_its_instant_once_and_again_a_year_later(office: CaseOffice) -> None:
    assert start_scheduled(office.app) == []  # not yet
    office.clock.instant = MONDAY + timedelta(days=2, hours=1)
    assert start_scheduled(office.app) == ["AN-2026-000001"]
    assert start_scheduled(office.app) == []
    [begun] = cases(office)
    assert (begun.requester_id, begun.channel) == (None, "sistema")
    assert "elaborar" in office.open_tasks(begun.id)
    assert office.replayed(begun.id).identical
    [first] = office.all(sa.select(event).where(event.c.case_id == begun.id))
    assert first.element == "cada_ano"
    assert '"de_cada_ano"' in first.data
    assert first.actor is None
    office.clock.instant = MONDAY + timedelta(days=400)
    assert start_scheduled(office.app) == ["AN-2027-000001"]
    assert len(cases(office)) == 2


def test_two_workers_at_once_begin_one_case(office: CaseOffice) -> None:
    office.clock.instant = MONDAY + timedelta(days=3)
    workers = [Thread(target=start_scheduled, args=(office.app,)) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert [row.number for row in cases(office)] == ["AN-2026-000001"]


def test_a_process_that_cannot_begin_keeps_no_other_waiting(
    office: CaseOffice, caplog: pytest.LogCaptureFixture
) -> None:
    broken = diagram().replace(b'id="anual"', b'id="averiada"').replace(b"mejora != None", b"1 / 0 == mejora")
    manifest = MANIFEST.replace('"anual"', '"averiada"').replace('"AN"', '"AA"').replace("Revisión", "Avería")
    files = {"proceso.bpmn": broken, "proceso.toml": manifest.encode(), "forms/pedido.json": FORM.encode()}
    office.publish(files, "averiada")
    office.clock.instant = MONDAY + timedelta(days=2, hours=1)
    assert start_scheduled(office.app) == ["AN-2026-000001"]
    assert "«averiada» could not begin" in caplog.text
    assert [row.process for row in office.all(sa.select(case))] == ["anual"]


def test_an_instant_from_before_the_process_was_published_is_let_go(office: CaseOffice) -> None:
    office.publish(
        {
            "proceso.bpmn": diagram("2020-03-01T09:00:00-05:00").replace(b'id="anual"', b'id="vieja"'),
            "proceso.toml": MANIFEST.replace('"anual"', '"vieja"').encode(),
            "forms/pedido.json": FORM.encode(),
        },
        "vieja",
    )
    assert start_scheduled(office.app) == []


@pytest.mark.parametrize(
    ("text", "now", "last"),
    [
        ("R/2024-02-29T09:00:00+00:00/P1Y", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 2, 28, 9, tzinfo=UTC)),
        ("R/2024-01-31T09:00:00+00:00/P1M", datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 2, 29, 9, tzinfo=UTC)),
        ("R/2024-01-01T09:00:00+00:00/P2W", datetime(2024, 1, 16, tzinfo=UTC), datetime(2024, 1, 15, 9, tzinfo=UTC)),
        ("R/2030-01-01T09:00:00+00:00/P1D", datetime(2026, 1, 1, tzinfo=UTC), None),
    ],
)
def test_the_instants_of_a_schedule(text: str, now: datetime, last: datetime | None) -> None:
    assert parse_schedule("x", text).last(now) == last


@pytest.mark.parametrize(
    "text", ["", "R3/PT1H", "R/2027-02-27/P1Y", "R/2027-02-27T09:00:00-05:00/P0D", "R/2027-02-30T09:00:00-05:00/P1Y"]
)
def test_a_schedule_that_cannot_be_kept_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_schedule("x", text)
