"""What must hold of exam actas after whatever happened to them: read from the database alone (R-7, R-29, R-30, R-48,
R-50, R-55). Used by the test that tries any order of events.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actas import examen
from engine.storage.tables import acta, calificacion, document, historia_academica, inscripcion, libro, mesa_examen
from engine.storage.unit_of_work import Database
from tests.unit.actas.examen.test_publication import SCHEDULE

SIGNED = examen.CIRCUIT[examen.CIRCUIT.index("firmada") :]


class Laws:
    database: Database
    now: datetime
    enrolled: Counter[UUID]
    sealed: dict[UUID, Any]  # locked actas as they were when they were locked

    def all_holds(self) -> None:
        self.each_student_is_in_one_acta_of_at_most_21()
        self.folios_follow_one_another_and_a_mesa_has_one_libro()
        self.no_grade_without_a_signed_acta()
        self.each_grade_is_the_one_of_the_accepted_statement()
        self.nothing_is_visible_before_its_publication()
        self.a_locked_acta_is_as_it_was()
        self.a_row_is_put_right_by_one_rectificativa_only()
        self.what_a_student_sees_is_what_was_put_right_last()

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
        named = sa.and_(document.c.id == acta.c.final_document_id, document.c.name == acta.c.base + ".pdf")
        good = sa.and_(document.c.kind == "issued", document.c.signatures.is_not(None))
        signed = sa.select(acta.c.id).join_from(acta, document, sa.and_(named, good))
        with self.database.read() as conn:
            have = set(conn.scalars(signed))
            beyond = set(conn.scalars(sa.select(acta.c.id).where(acta.c.state.in_(SIGNED))))
            graded = set(conn.scalars(sa.select(calificacion.c.acta_id)))
        assert beyond <= have, "an acta is signed from «firmada» on"
        assert graded <= beyond

    def each_grade_is_the_one_of_the_accepted_statement(self) -> None:
        with self.database.read() as conn:
            graded = sa.select(calificacion.c.acta_id).distinct()
            for acta_id, carga_id in conn.execute(sa.select(acta.c.id, acta.c.carga_id).where(acta.c.id.in_(graded))):
                said = {row.n: row.nota for row in examen.get_load(conn, carga_id).rows}
                assert {one.fila: one.nota for one in examen.grades_of(conn, acta_id)} == said

    def nothing_is_visible_before_its_publication(self) -> None:
        of = historia_academica.c
        query = sa.select(of.acta_id, of.fila, of.nota, of.letras, of.published_at, acta.c.locked_at, acta.c.state)
        with self.database.read() as conn:
            for row in conn.execute(query.join(acta, acta.c.id == of.acta_id)):
                assert row.state == "publicada"
                assert row.locked_at <= due(row.locked_at) <= row.published_at <= self.now
                grade = {one.fila: (one.nota, one.letras) for one in examen.grades_of(conn, row.acta_id)}[row.fila]
                assert grade == (row.nota, row.letras), "what is shown is what the acta says"
            published = conn.execute(sa.select(acta.c.id, acta.c.kind).where(acta.c.state == "publicada")).all()
            for acta_id, kind in published:
                shown = conn.scalar(sa.select(sa.func.count()).where(of.acta_id == acta_id))
                whole = len(examen.students_of(conn, acta_id))
                assert shown <= whole if kind == "reconstruida" else shown == whole

    def a_locked_acta_is_as_it_was(self) -> None:
        with self.database.read() as conn:
            for acta_id in conn.execute(sa.select(acta.c.id).where(acta.c.state.in_(examen.LOCKED))).scalars():
                now = (examen.acta_data(conn, acta_id) | {"estado": ""}, examen.grades_of(conn, acta_id))
                assert self.sealed.setdefault(acta_id, now) == now
            locked = set(conn.execute(sa.select(acta.c.id).where(acta.c.state.in_(examen.LOCKED))).scalars())
        assert set(self.sealed) <= locked

    def a_row_is_put_right_by_one_rectificativa_only(self) -> None:
        with self.database.read() as conn:
            rectified: Counter[tuple[UUID, int]] = Counter()
            rebuilt: Counter[UUID] = Counter()
            for acta_id in conn.execute(sa.select(acta.c.id).where(acta.c.state != examen.ANNULLED)).scalars():
                for one in standing(conn, acta_id):
                    if one.kind == "rectificativa":
                        line = examen.origin_of(conn, acta_id)
                        rectified.update((line, student.n) for student in examen.students_of(conn, one.id))
                    else:
                        rebuilt[acta_id] += 1
        assert max(rectified.values(), default=1) == 1, "else one of them would undo what the other says"
        assert max(rebuilt.values(), default=1) == 1, "else two would be in one place"

    def what_a_student_sees_is_what_was_put_right_last(self) -> None:
        """Whatever was rebuilt, and whenever: the line of the last published rectificativa of that student holds."""
        of = historia_academica.c
        with self.database.read() as conn:
            later = sa.select(of.replaces_id).where(of.replaces_id.is_not(None))
            holding: dict[tuple[UUID, int], list[UUID]] = {}
            for row in conn.execute(sa.select(of.acta_id, of.fila, acta.c.mesa_id).join(acta, acta.c.id == of.acta_id).where(of.id.not_in(later))):  # fmt: skip
                (n,) = (one.n for one in examen.students_of(conn, row.acta_id) if one.fila == row.fila)
                holding.setdefault((row.mesa_id, n), []).append(row.acta_id)
            for (mesa_id, n), seen in holding.items():
                assert len(seen) == 1, "one grade of a course holds"
                assert examen.origin_of(conn, seen[0]) == _last_word(conn, mesa_id, n)


def due(locked_at: datetime) -> datetime:
    """The first publication that is not before: counted day by day, as a person with a calendar."""
    day = SCHEDULE.first
    while (instant := datetime.combine(day, SCHEDULE.at, SCHEDULE.zone)) < locked_at:
        day += timedelta(days=10)
    return instant


def _last_word(conn: sa.Connection, mesa_id: UUID, n: int) -> UUID:
    """The first acta of the line that says what holds of that student: down the published rectificativas."""
    actas = {one.id: one for one in examen.actas_of_mesa(conn, mesa_id) if one.state == "publicada"}
    has = {one for one in actas if any(row.n == n for row in examen.students_of(conn, one))}
    (holds,) = (one for one in has if actas[one].kind == "normal")
    while True:
        following = [
            one for one in has
            if actas[one].kind == "rectificativa"
            and examen.origin_of(conn, actas[one].about_id) == holds  # type: ignore[arg-type]
        ]  # fmt: skip
        if not following:
            return holds
        (holds,) = following


def standing(conn: sa.Connection, acta_id: UUID) -> list[examen.Acta]:
    """The later actas about it that were not annulled."""
    return [one for one in examen.actas_about(conn, acta_id) if one.state != examen.ANNULLED]
