"""Any list, any order of events, tried by a machine: what must hold of exam actas holds after each (R-7, R-29, R-30,
R-48, R-50, R-55)."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.actas import examen
from engine.errors import CartularioError
from engine.storage.tables import acta
from engine.storage.unit_of_work import Database
from tests.support.examen import AT, ZONE, go, open_mesa, signed_document, statement, student
from tests.unit.actas.examen.laws import Laws, due, standing
from tests.unit.actas.examen.test_publication import SCHEDULE

CAPACITY = 5
NAMES = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=1, max_size=40)
SIZES = st.sampled_from([0, 1, 1, 21, 22, 43, 43])
LISTS = st.one_of(
    SIZES.map(lambda count: [student(n) for n in range(count)]),
    st.lists(NAMES, max_size=4).map(lambda names: [student(n, apellidos=name) for n, name in enumerate(names)]),
)
MARKS = st.sampled_from(["0", "10", None, None])  # of every student; none: one row's is not the next one's
COURSE = (*examen.CIRCUIT[1:-1], *["bloqueada"] * 8)
MOVING = examen.CIRCUIT[:-2]


class Office(Laws):
    """Acts are tried whether they may be or not: a refusal is an answer, and must leave nothing behind."""

    def __init__(self, file: Path, reached: Counter[str]) -> None:
        self.database, self.reached = Database(f"sqlite:///{file}"), reached
        self.now = AT
        self.keys = 0
        self.enrolled: Counter[UUID] = Counter()
        self.sealed: dict[UUID, Any] = {}  # locked actas as they were when they were locked

    def opens(self, listed: list[examen.Student]) -> None:
        with suppress(CartularioError):
            mesa = open_mesa(self.database, listed, capacity=CAPACITY, at=self.now, job_key=self._key())
            self.enrolled[mesa] = len(listed)

    def is_moved(self, which: int, to: str, note: str | None) -> None:
        def move(conn: sa.Connection, acta_id: UUID) -> None:
            signed = signed_document(conn, examen.get_acta(conn, acta_id).base) if to == "firmada" else None
            how = {"job_key": self._key(), "by": None, "at": self.now, "note": note, "document_id": signed}
            examen.move_acta(conn, acta_id, to, **how)

        self._try(which, move)

    def is_signed(self, which: int, what: str) -> None:
        """Whatever comes in place of its signed PDF."""

        def sign(conn: sa.Connection, acta_id: UUID) -> None:
            self._until(conn, acta_id, "a_firma", "7")
            base = examen.get_acta(conn, acta_id).base
            odd = {"unsigned": {"signatures": None}, "withdrawn": {"kind": "withdrawn"}}.get(what, {})
            given = signed_document(conn, "2099-L0001-F0001" if what == "another's" else base, **odd)
            how = {"job_key": self._key(), "by": None, "at": self.now}
            examen.move_acta(conn, acta_id, "firmada", document_id=given, **how)
            self.reached[f"firmada: {what}"] += 1

        self._try(which, sign, among=examen.CIRCUIT[:6])

    def comes_back(self, which: int, to: str, mark: str | None) -> None:
        """Rejected from wherever it is after its signature, and loaded again with other grades."""

        def reject(conn: sa.Connection, acta_id: UUID) -> None:
            if examen.get_acta(conn, acta_id).state not in ("validada", "con_notas"):
                self._until(conn, acta_id, "recibida", "10")
            how = {"job_key": self._key(), "by": None, "at": self.now, "note": "Falta la fecha."}
            examen.move_acta(conn, acta_id, "en_control", **how)
            if to == "en_carga":
                examen.move_acta(conn, acta_id, to, **how | {"job_key": self._key()})
            self._until(conn, acta_id, "con_notas", mark)
            self.reached["came back and was loaded again"] += 1

        self._try(which, reject, among=MOVING)

    def runs_its_course(self, which: int, to: str, mark: str | None) -> None:
        self._try(which, lambda conn, acta_id: self._until(conn, acta_id, to, mark), among=MOVING)

    def is_stated(self, which: int, mark: str) -> None:
        def state(conn: sa.Connection, acta_id: UUID) -> None:
            said = statement(conn, acta_id)
            said["rows"][0] |= {"nota": mark}
            load = examen.record_load(conn, acta_id, source="correo", by=None, at=self.now, **said)
            examen.accept_grades(conn, acta_id, load.id, job_key=self._key(), by=None, at=self.now, zone=ZONE)

        self._try(which, state)

    def is_loaded_or_locked(self, which: int, act: str) -> None:
        self._try(which, lambda conn, acta_id: go(conn, acta_id, act, at=self.now))

    def is_rectified_or_rebuilt(self, which: int, rebuilt: bool) -> None:
        def begin(conn: sa.Connection, acta_id: UUID) -> None:
            how = {"reason": "Nota", "capacity": CAPACITY, "by": None, "at": self.now, "zone": ZONE}
            if rebuilt:
                rectified = any(one.kind == "rectificativa" for one in standing(conn, acta_id))
                examen.open_reconstruction(conn, acta_id, job_key=self._key(), **how)
                self.reached["rebuilt after it was rectified"] += rectified
            else:
                examen.open_rectification(conn, acta_id, job_key=self._key(), filas=[1], **how)

        self._try(which, begin, among=examen.LOCKED)

    def is_rectified_lost_and_rebuilt(self, which: int, mark: str, order: str) -> None:
        """A locked acta, its rectificativa and its reconstruida, which come to their lock in either order."""

        def begin(conn: sa.Connection, acta_id: UUID) -> None:
            how = {"reason": "Nota", "capacity": CAPACITY, "by": None, "at": self.now, "zone": ZONE}
            made = examen.open_rectification(conn, acta_id, job_key=self._key(), filas=[1], **how)
            again = examen.open_reconstruction(conn, acta_id, job_key=self._key(), **how)
            self.reached["rebuilt after it was rectified"] += 1
            for one, stated in ((made, mark), (again, "6"))[:: 1 if order == "rectified" else -1]:
                while examen.get_acta(conn, one).state not in examen.LOCKED:
                    self._forward(conn, one, stated)

        self._try(which, begin, among=examen.LOCKED)

    def is_published(self, which: int) -> None:
        publish = lambda conn, acta_id: examen.publish(conn, [acta_id], SCHEDULE, self.now)  # noqa: E731
        self._try(which, publish, among=examen.LOCKED)

    def all_is_published(self, batch: int) -> None:
        examen.publish_due(self.database, SCHEDULE, self.now, batch=batch)

    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def publication_comes(self, hours: int) -> None:
        """The next one, or some hours before or after it: what is due is published."""
        self.now = max(self.now, due(self.now) + timedelta(hours=hours))
        self.all_is_published(2)
        self._actas()

    def power_fails(self, which: int) -> None:
        """In the middle of a transaction, after a good step."""

        def fail(conn: sa.Connection, acta_id: UUID) -> None:
            self._forward(conn, acta_id, "7")
            raise CartularioError("La luz se fue.")

        self._try(which, fail)

    # --- how it is done ----------------------------------------------------------------------------------------------

    def _try(
        self, which: int, act: Callable[[sa.Connection, UUID], Any], among: Collection[str] = examen.STATES
    ) -> None:
        """On one of the actas in those states; when there is none, on any: then it must be refused."""
        rows = self._actas()
        known = [row.id for row in rows if row.state in among] or [row.id for row in rows]
        if known:
            with suppress(CartularioError), self.database.write() as conn:
                act(conn, known[which % len(known)])

    def _actas(self) -> list[Any]:
        with self.database.read() as conn:
            rows = conn.execute(sa.select(acta.c.id, acta.c.state, acta.c.kind).order_by(acta.c.base)).all()
        self.reached.update(f"{row.kind} {row.state}" for row in rows)
        return list(rows)

    def _until(self, conn: sa.Connection, acta_id: UUID, to: str, mark: str | None) -> None:
        while examen.get_acta(conn, acta_id).state not in (to, *examen.LOCKED, examen.ANNULLED):
            self._forward(conn, acta_id, mark)

    def _forward(self, conn: sa.Connection, acta_id: UUID, mark: str | None) -> None:
        now = examen.get_acta(conn, acta_id).state
        if now in examen.CIRCUIT[:-2]:
            following = examen.CIRCUIT[examen.CIRCUIT.index(now) + 1]
            go(conn, acta_id, following, at=self.now, job_key=self._key(), mark=mark)

    def _key(self) -> str:
        self.keys += 1
        return f"act {self.keys}"


def events() -> st.SearchStrategy[list[tuple[Any, ...]]]:
    which, note = st.integers(0, 50), st.sampled_from([None, "Falta la fecha."])
    event = st.one_of(
        st.tuples(st.just(Office.opens), LISTS),
        st.tuples(st.just(Office.is_moved), which, st.sampled_from((*examen.STATES, *[examen.ANNULLED] * 5)), note),
        st.tuples(st.just(Office.runs_its_course), which, st.sampled_from(COURSE), MARKS),
        st.tuples(st.just(Office.is_signed), which, st.sampled_from(["signed", "unsigned", "another's", "withdrawn"])),
        st.tuples(st.just(Office.comes_back), which, st.sampled_from(["en_control", "en_carga"]), MARKS),
        st.tuples(st.just(Office.is_stated), which, st.sampled_from(["1", "11", "", "siete"])),
        st.tuples(st.just(Office.is_loaded_or_locked), which, st.sampled_from(["con_notas", "bloqueada"])),
        st.tuples(st.just(Office.is_rectified_or_rebuilt), which, st.booleans()),
        st.tuples(
            st.just(Office.is_rectified_lost_and_rebuilt),
            which,
            st.sampled_from(["0", "10"]),
            st.sampled_from(["rectified", "rebuilt"]),
        ),
        st.tuples(st.just(Office.is_published), which),
        st.tuples(st.just(Office.all_is_published), st.integers(1, 3)),
        st.tuples(st.just(Office.time_goes_by), st.sampled_from([1, 30, 24 * 9, 24 * 11])),
        st.tuples(st.just(Office.publication_comes), st.sampled_from([-1, 0, 3])),
        st.tuples(st.just(Office.power_fails), which),
    )
    return st.lists(event, min_size=15, max_size=40)


@pytest.mark.req("R-7", "R-29", "R-30", "R-48", "R-50", "R-55")
def test_whatever_the_lists_and_the_order_of_events(sqlite_template: Path, tmp_path: Path) -> None:
    reached: Counter[str] = Counter()  # over all tries: that they did get somewhere
    files = (tmp_path / f"{number}.db" for number in count())

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(events())
    def try_them(happened: list[tuple[Any, ...]]) -> None:
        office = Office(shutil.copy(sqlite_template, next(files)), reached)
        try:
            office.opens([student(1)])
            for act, *how in happened:
                act(office, *how)
                office.all_holds()
            office.publication_comes(0)
            office.all_holds()
        finally:
            office.database.close()

    try_them()
    far = {"normal publicada", "normal anulada", "rectificativa bloqueada", "reconstruida bloqueada"}
    far |= {"rectificativa publicada", "reconstruida publicada", "rebuilt after it was rectified"}
    far |= {"firmada: signed", "came back and was loaded again"}
    assert far <= set(+reached), "they did not get far enough to prove anything"
    assert not {"firmada: unsigned", "firmada: another's", "firmada: withdrawn"} & set(+reached)
