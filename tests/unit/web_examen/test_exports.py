"""The grades of a mesa as files: for SGPyEC, once they are published, and for nobody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.support import examen
from tests.support.face import House

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
PATHS = ("calificaciones.json", "calificaciones.csv")


@pytest.mark.req("R-8", "R-50")
def test_published_grades_are_downloaded_by_the_postgraduate_office_alone(house: House) -> None:
    first, second = examen.actas(house.app.database, examen.open_mesa(house.app.database, 22))
    examen.bring(house.app.database, first.id, "bloqueada")
    office = house.enter("jefa")
    assert [office.open(f"/examenes/{first.base}/{path}").status_code for path in PATHS] == [404, 404]
    _publish(house)
    office = house.enter("jefa")
    answer = office.open(f"/examenes/{second.base}/calificaciones.json")
    assert [one["nombre"] for one in json.loads(answer.data)["actas"]] == [first.base]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(office.open(f"/examenes/{first.base}/calificaciones.csv").data.splitlines()) == 22
    for who in ("quimica", "docente", "maria"):
        visitor = house.enter(who)
        assert [visitor.open(f"/examenes/{first.base}/{path}").status_code for path in PATHS] == [404, 404]


def _publish(house: House) -> None:
    """On a day on which its instant has come."""
    schedule = examen.examen.Schedule.of(house.app.config)
    later = examen.AT + timedelta(days=400)
    assert examen.examen.publish_due(house.app.database, schedule, later).grades == 21
    house.clock.advance(max(later - house.clock.now(), timedelta(0)))
