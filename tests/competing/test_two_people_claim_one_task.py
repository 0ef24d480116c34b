"""Two people press «Tomar» at the same moment: one has it, the other is told who."""

from threading import Barrier, Thread
from uuid import UUID

from engine.errors import CartularioError
from engine.storage.tables import event
from engine.storage.unit_of_work import Database
from tests.support.office import Office


def test_of_two_claims_at_once_one_wins_and_the_other_is_told_who_was_first(database: Database) -> None:
    office = Office(database)
    for _ in range(5):
        task_id = office.open_task()
        outcomes = _race(office, task_id, office.rosa, office.segundo)
        winner = office.task(task_id).assignee_id
        loser = office.segundo if winner == office.rosa else office.rosa
        name = "Rosa Elvira Peñafiel Güemes" if winner == office.rosa else "Segundo Manuel Sagñay"
        assert outcomes == {winner: None, loser: f"{name} tomó esta tarea antes."}
        with database.read() as conn:
            kinds = conn.execute(event.select().where(event.c.case_id == office.task(task_id).case_id)).all()
        assert [row.kind for row in kinds] == ["task_claimed"]


def _race(office: Office, task_id: UUID, *people: UUID) -> dict[UUID, str | None]:
    start = Barrier(len(people))
    outcomes: dict[UUID, str | None] = {}

    def attempt(person: UUID) -> None:
        viewer = office.viewer(person)
        start.wait(timeout=10)
        try:
            office.inbox.claim(viewer, task_id)
            outcomes[person] = None
        except CartularioError as error:
            outcomes[person] = error.message

    threads = [Thread(target=attempt, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes
