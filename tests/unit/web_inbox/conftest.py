"""The staff of an office over the real service, with requests already filed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.inbox import Filters
from engine.storage.tables import task
from tests.support.face import House, Visitor, run_jobs
from tests.unit.web.conftest import furnished, house, maria, smtp, visitor  # noqa: F401 - fixtures


@dataclass
class Staff:
    house: House
    rosa: Visitor
    ana: Visitor  # head of the office
    numbers: list[str]

    def task(self, number: str | None = None) -> UUID:
        """The open task of a case that is the staff's."""
        viewer = self.house.app.inbox.viewer(self.house.people["ana"])
        page = self.house.app.inbox.list_tasks(viewer, Filters(tab="todas", q=number or self.numbers[0]))
        return page.rows[0].id

    def row(self, task_id: UUID):
        with self.house.app.database.read() as conn:
            return conn.execute(sa.select(task).where(task.c.id == task_id)).one()

    def open(self, task_id: UUID, tab: str = "formulario", who: Visitor | None = None):
        return (who or self.rosa).open(f"/bandeja/{task_id}?bandeja=grupos&pestana={tab}")


@pytest.fixture
def office(house: House, maria: Visitor) -> House:  # noqa: F811
    house.person("ana", "Ana Lucía", "Villacís Arteaga", "secretaria", "jefe_secretaria")
    house.person("teo", "Teodoro", "Villacís Sagñay", "auditor")
    house.person("general", "Fiorella", "D'Angelo", "secretario_general")
    return house


@pytest.fixture
def staff(office: House, maria: Visitor) -> Staff:  # noqa: F811
    numbers = [maria.file() for _ in range(2)]
    run_jobs(office)
    return Staff(office, office.enter("rosa"), office.enter("ana"), numbers)
