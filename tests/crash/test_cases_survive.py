"""300 cases while web and worker are killed with SIGKILL at their commits and at random: nothing lost, nothing doubled."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import date
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import people
from engine.history.chain import verify_chain
from engine.history.replay import replay
from engine.indicators import Indicators, recount
from engine.mail.sink import MailSink
from engine.storage.tables import case, document, event, job, mail, matriz
from tests.support import doomed
from tests.support.case_office import CaseOffice

ROOT = Path(__file__).resolve().parents[2]
CASES = 150  # on each database
CHANCES = {"web": 0.015, "work": 0.001}  # of dying at a commit
KILLED = 0.015  # the chance that one of the two is killed, each tenth of a second
PROCESSES = get_context("forkserver")
WITHIN = 400  # seconds


class Mortal:
    """A process that is started again whenever it dies. Each is forked from one that has read the program and opened
    nothing: what dies is a whole process, and the next begins at once."""

    def __init__(self, kind: str, url: str, folder: Path, port: int) -> None:
        self.kind, self.arguments, self.lives = kind, (url, folder, port, CASES), 0
        self.process = self._begin()

    def _begin(self) -> ForkServerProcess:
        self.lives += 1
        chance = CHANCES[self.kind]
        process = PROCESSES.Process(target=doomed.live, args=(self.kind, *self.arguments, chance, self.lives))
        process.start()
        return process

    def look(self) -> bool:
        """True when it ended by itself, its work done."""
        ended = self.process.exitcode
        if ended is not None and ended != 0:
            assert ended == -9, f"{self.kind} ended with {ended}"
            self.process = self._begin()
        return ended == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


def test_300_cases_lose_nothing_and_double_nothing_while_processes_die(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # of the process that the others are forked from
    PROCESSES.set_forkserver_preload(["tests.support.doomed"])
    office = CaseOffice.open(database_url, tmp_path / "data", doomed.bundle())
    _the_one(office)
    chance, began = random.Random(7), time.monotonic()
    with MailSink(tmp_path / "mailbox") as sink:
        web, worker = (Mortal(kind, database_url, tmp_path / "data", sink.port) for kind in ("web", "work"))
        try:
            while not web.look():
                worker.look()
                assert time.monotonic() - began < WITHIN, Counter(
                    r.status for r in office.all(sa.select(case.c.status))
                )
                time.sleep(0.1)
                if chance.random() < KILLED:
                    chance.choice((web, worker)).kill()
        finally:
            web.kill()
            worker.kill()
    print(f"lives: web {web.lives}, worker {worker.lives}; {time.monotonic() - began:.0f} s")
    assert web.lives + worker.lives > 10, "they did not die enough to prove anything"
    _nothing_lost(office)
    _nothing_doubled(office, tmp_path / "mailbox")
    told = recount(
        office.app.database, Indicators(office.app).service_of, office.app.clock.now(), office.app.config.zone
    )
    assert (told.cases, told.differences) == (CASES, ())


def _the_one(office: CaseOffice) -> None:
    """Who files and completes everything."""
    with office.app.database.write() as conn:
        uno = people.create_person(
            conn,
            username="uno",
            given_names="Uno",
            family_names="Solo",
            email="uno@une.example",
            at=office.clock.now(),
        )
        for role in ("secretaria", "secretario_general"):
            people.grant_role(conn, uno, role, date(2024, 1, 1))


def _nothing_lost(office: CaseOffice) -> None:
    rows = office.all(sa.select(case.c.id, case.c.status, case.c.number))
    assert Counter(row.status for row in rows) == {"completed": CASES}
    assert sorted(row.number for row in rows)[-1].endswith(f"{CASES:06d}"), "the numbers have no gap"
    with office.app.database.read() as conn:
        for row in rows:
            assert verify_chain(conn, row.id).reason is None
        for row in rows[:40]:
            assert replay(conn, office.app.definitions, row.id, office.app.config.zone).identical
    for made in office.all(sa.select(document.c.sha256)):
        assert office.app.archive.get(made.sha256)


def _nothing_doubled(office: CaseOffice, mailbox: Path) -> None:
    assert office.one(sa.select(sa.func.count().label("n")).select_from(document)).n == CASES
    assert office.one(sa.select(sa.func.count().label("n")).select_from(matriz)).n == CASES
    assert office.one(sa.select(sa.func.count().label("n")).select_from(mail)).n == CASES
    assert office.one(sa.select(sa.func.count().label("n")).select_from(job)).n == 2 * CASES
    per_case = Counter(
        (row.case_id, row.element)
        for row in office.all(
            sa.select(event.c.case_id, event.c.element).where(event.c.kind.in_(("task_completed", "result_delivered")))
        )
    )
    assert set(per_case.values()) == {1}
    letters = Counter(
        line
        for file in mailbox.glob("*.eml")
        for line in file.read_bytes().splitlines()
        if line.startswith(b"Message-ID")
    )
    assert max(letters.values()) == 1, "no letter left twice"
    assert len(letters) >= CASES - 20, "only letters that a person judged may be missing"
