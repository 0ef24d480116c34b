"""Any list, any order of events, tried by a machine: what must hold of exam actas holds after each (R-7, R-29, R-30,
R-48, R-50)."""

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
from engine.storage.tables import (
    acta,
    acta_renglon,
    calificacion,
    document,
    historia_academica,
    inscripcion,
    libro,
    mesa_examen,
)
from engine.storage.unit_of_work import Database
from tests.support.examen import AT, ZONE, go, open_mesa, signed_document, statement, student
from tests.unit.actas.examen.test_publication import SCHEDULE

CAPACITY = 5
NAMES = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=1, max_size=40)
SIZES = st.sampled_from([0, 1, 1, 21, 22, 43, 43])
LISTS = st.one_of(
    SIZES.map(lambda count: [student(n) for n in range(count)]),
    st.lists(NAMES, max_size=4).map(lambda names: [student(n, apellidos=name) for n, name in enumerate(names)]),
)
COURSE = (*examen.CIRCUIT[1:-1], *["bloqueada"] * 8)
MOVING = examen.CIRCUIT[:-2]


class Office:
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
            signed = signed_document(conn) if to == "firmada" else None
            how = {"job_key": self._key(), "by": None, "at": self.now, "note": note, "document_id": signed}
            examen.move_acta(conn, acta_id, to, **how)

        self._try(which, move)

    def runs_its_course(self, which: int, to: str, mark: str) -> None:
        def forward(conn: sa.Connection, acta_id: UUID) -> None:
            while examen.get_acta(conn, acta_id).state not in (to, *examen.LOCKED, examen.ANNULLED):
                self._forward(conn, acta_id, mark)

        self._try(which, forward, among=MOVING)

    def is_stated(self, which: int, mark: str) -> None:
        def state(conn: sa.Connection, acta_id: UUID) -> None:
            said = statement(conn, acta_id)
            said["rows"][0] |= {"nota": mark}
            load = examen.record_load(conn, acta_id, source="correo", by=None, at=self.now, **said)
            examen.accept_grades(conn, acta_id, load.id, job_key=self._key(), by=None, at=self.now)

        self._try(which, state)

    def is_loaded_or_locked(self, which: int, act: str) -> None:
        self._try(which, lambda conn, acta_id: go(conn, acta_id, act, at=self.now))

    def is_rectified_or_rebuilt(self, which: int, rebuilt: bool) -> None:
        def begin(conn: sa.Connection, acta_id: UUID) -> None:
            how = {"reason": "Nota", "capacity": CAPACITY, "by": None, "at": self.now, "zone": ZONE}
            if rebuilt:
                examen.open_reconstruction(conn, acta_id, job_key=self._key(), **how)
            else:
                examen.open_rectification(conn, acta_id, job_key=self._key(), filas=[1], **how)

        self._try(which, begin, among=examen.LOCKED)

    def is_published(self, which: int) -> None:
        publish = lambda conn, acta_id: examen.publish(conn, [acta_id], SCHEDULE, self.now)  # noqa: E731
        self._try(which, publish, among=examen.LOCKED)

    def all_is_published(self, batch: int) -> None:
        examen.publish_due(self.database, SCHEDULE, self.now, batch=batch)

    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def power_fails(self, which: int) -> None:
        """In the middle of a transaction, after a good step."""

        def fail(conn: sa.Connection, acta_id: UUID) -> None:
            self._forward(conn, acta_id, "7")
            raise CartularioError("La luz se fue.")

        self._try(which, fail)

    def all_holds(self) -> None:
        self.each_student_is_in_one_acta_of_at_most_21()
        self.folios_follow_one_another_and_a_mesa_has_one_libro()
        self.no_grade_without_a_signed_acta()
        self.nothing_is_visible_before_its_publication()
        self.a_locked_acta_is_as_it_was()
        self.a_row_is_changed_by_one_later_acta_only()

    # --- what must hold ----------------------------------------------------------------------------------------------

    def each_student_is_in_one_acta_of_at_most_21(self) -> None:
        with self.database.read() as conn:
            rows = conn.execute(sa.select(inscripcion.c.mesa_id, inscripcion.c.acta_id, inscripcion.c.documento)).all()
            mesas = set(conn.execute(sa.select(mesa_examen.c.id)).scalars())
        assert Counter(row.mesa_id for row in rows) == self.enrolled
        assert mesas == set(self.enrolled)
        assert max(Counter((row.mesa_id, row.documento) for row in rows).values(), default=1) == 1
        assert max(Counter(row.acta_id for row in rows).values(), default=1) <= examen.PER_ACTA

    def folios_follow_one_another_and_a_mesa_has_one_libro(self) -> None:
        with self.database.read() as conn:
            given = conn.execute(
                sa.select(libro.c.number, acta.c.folio, acta.c.mesa_id, acta.c.n, acta.c.kind).join_from(acta, libro)
            ).all()
        books: dict[int, list[int]] = {}
        mesas: dict[UUID, list[tuple[int, int, int]]] = {}
        for row in given:
            books.setdefault(row.number, []).append(row.folio)
            if row.kind == "normal":
                mesas.setdefault(row.mesa_id, []).append((row.n, row.number, row.folio))
        assert all(sorted(folios) == list(range(1, len(folios) + 1)) for folios in books.values())
        assert sorted(books) == list(range(1, len(books) + 1))
        with self.database.read() as conn:
            taken = conn.execute(sa.select(libro.c.number, libro.c.next_folio)).all()
        assert {row.number: row.next_folio - 1 for row in taken} == {n: len(folios) for n, folios in books.items()}
        for of in mesas.values():
            first = min(of)
            assert sorted(of) == [(n, first[1], first[2] + n - 1) for n in range(1, len(of) + 1)]

    def no_grade_without_a_signed_acta(self) -> None:
        signed = sa.select(document.c.id).where(document.c.signatures.is_not(None))
        bad = sa.or_(acta.c.final_document_id.is_(None), acta.c.final_document_id.not_in(signed))
        with self.database.read() as conn:
            unsigned = sa.select(calificacion.c.acta_id).join(acta, acta.c.id == calificacion.c.acta_id).where(bad)
            assert conn.execute(unsigned).all() == []

    def nothing_is_visible_before_its_publication(self) -> None:
        of = historia_academica.c
        query = sa.select(of.acta_id, of.fila, of.nota, of.letras, of.published_at, acta.c.locked_at, acta.c.state)
        with self.database.read() as conn:
            for row in conn.execute(query.join(acta, acta.c.id == of.acta_id)):
                assert row.state == "publicada"
                assert row.locked_at <= SCHEDULE.on_or_after(row.locked_at) <= row.published_at <= self.now
                grade = {one.fila: (one.nota, one.letras) for one in examen.grades_of(conn, row.acta_id)}[row.fila]
                assert grade == (row.nota, row.letras), "what is shown is what the acta says"
            published = conn.execute(sa.select(acta.c.id).where(acta.c.state == "publicada")).scalars()
            for acta_id in published:
                shown = sa.select(sa.func.count()).where(of.acta_id == acta_id)
                assert conn.scalar(shown) == len(examen.students_of(conn, acta_id))

    def a_locked_acta_is_as_it_was(self) -> None:
        with self.database.read() as conn:
            for acta_id in conn.execute(sa.select(acta.c.id).where(acta.c.state.in_(examen.LOCKED))).scalars():
                now = (examen.acta_data(conn, acta_id) | {"estado": ""}, examen.grades_of(conn, acta_id))
                assert self.sealed.setdefault(acta_id, now) == now
            locked = set(conn.execute(sa.select(acta.c.id).where(acta.c.state.in_(examen.LOCKED))).scalars())
        assert set(self.sealed) <= locked

    def a_row_is_changed_by_one_later_acta_only(self) -> None:
        counted = sa.and_(acta.c.id == acta_renglon.c.acta_id, acta.c.state != examen.ANNULLED)
        with self.database.read() as conn:
            query = sa.select(acta.c.about_id, acta_renglon.c.n).join_from(acta_renglon, acta, counted)
            changed = Counter(map(tuple, conn.execute(query)))
        assert max(changed.values(), default=1) == 1, "else one of them would undo what the other says"

    # --- how it is done ----------------------------------------------------------------------------------------------

    def _try(
        self, which: int, act: Callable[[sa.Connection, UUID], Any], among: Collection[str] = examen.STATES
    ) -> None:
        """On one of the actas in those states; when there is none, on any: then it must be refused."""
        with self.database.read() as conn:
            rows = conn.execute(sa.select(acta.c.id, acta.c.state, acta.c.kind).order_by(acta.c.base)).all()
        self.reached.update(f"{row.kind} {row.state}" for row in rows)
        known = [row.id for row in rows if row.state in among] or [row.id for row in rows]
        if known:
            with suppress(CartularioError), self.database.write() as conn:
                act(conn, known[which % len(known)])

    def _forward(self, conn: sa.Connection, acta_id: UUID, mark: str) -> None:
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
        st.tuples(st.just(Office.runs_its_course), which, st.sampled_from(COURSE), st.sampled_from(["0", "4", "10"])),
        st.tuples(st.just(Office.is_stated), which, st.sampled_from(["1", "11", "", "siete"])),
        st.tuples(st.just(Office.is_loaded_or_locked), which, st.sampled_from(["con_notas", "bloqueada"])),
        st.tuples(st.just(Office.is_rectified_or_rebuilt), which, st.booleans()),
        st.tuples(st.just(Office.is_published), which),
        st.tuples(st.just(Office.all_is_published), st.integers(1, 3)),
        st.tuples(st.just(Office.time_goes_by), st.sampled_from([1, 30, 24 * 9, 24 * 11])),
        st.tuples(st.just(Office.power_fails), which),
    )
    return st.lists(event, min_size=15, max_size=40)


@pytest.mark.req("R-7", "R-29", "R-30", "R-48", "R-50")
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
        finally:
            office.database.close()

    try_them()
    far = {"normal publicada", "normal anulada", "rectificativa bloqueada", "reconstruida bloqueada"}
    assert far <= set(reached), "they did not get far enough to prove anything"
