"""Open a mesa de examen: its students split into actas of 21, numbered in one libro, all in one transaction (R-28 …
R-30). Called by the operation that an enrolled list starts. The same job gives the same mesa and the same folios.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.account import accounts_of
from engine.actas.examen.acta import get_mesa, tribunal_of
from engine.actas.examen.elsewhere import already_enrolled, first_mesa
from engine.actas.examen.escala import escala
from engine.actas.examen.libro import allocate
from engine.actas.examen.once import insert_once
from engine.actas.examen.state import write_step
from engine.actas.examen.student import Student, not_written
from engine.actas.examen.tribunal_space import does_not_fit
from engine.errors import InvalidAnswers
from engine.storage.search import STROKED, search_text
from engine.storage.tables import acta, departamento, inscripcion, mesa_examen, person, tribunal

PER_ACTA = 21
LONGEST_COURSE = 300
MOST_PROFESSORS = 20
MOST_STUDENTS = 3_000  # as the exchange file; their actas are case data, which is small


@dataclass(frozen=True, slots=True)
class Professor:
    """Of the tribunal, as printed. ``person_id`` when registered here: then the registered address counts (R-41)."""

    name: str
    person_id: UUID | None = None
    email: str | None = None


class Named(Protocol):
    """A student, as a search finds him."""

    @property
    def apellidos(self) -> str: ...
    @property
    def nombres(self) -> str: ...
    @property
    def documento(self) -> str: ...
    @property
    def expediente(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NewMesa:
    curso: str  # full name
    codigo: str
    horas: int
    fecha: Day
    departamento: str
    docente_id: UUID  # the responsible one; the first of the tribunal when no other is given
    escala: str
    students: Sequence[Student]
    tribunal: Sequence[Professor] = ()
    exchange_ref: str | None = None
    case_id: UUID | None = None
    completes: UUID | None = None  # the mesa whose list lacked these students: but for them, all is as there


def open_mesa(
    conn: Connection, new: NewMesa, *, capacity: int, job_key: str, by: UUID | None, at: datetime, zone: ZoneInfo
) -> UUID:
    """Its id. Actas and their folios are written with it. Raises InvalidAnswers, NotFound, TooManyFolios."""
    if new.completes:  # whoever completes the same exam waits here, by whichever of its mesas
        first = first_mesa(conn, new.completes)
        conn.execute(sa.select(mesa_examen.c.id).where(mesa_examen.c.id == first).with_for_update())
    if made := mesa_of_job(conn, job_key):
        return made
    new = _checked(conn, _of_the_first(conn, new) if new.completes else new, at.astimezone(zone).date())
    mesa_id = uuid4()
    row = {
        "id": mesa_id, "case_id": new.case_id, "job_key": job_key, "curso": new.curso, "codigo": new.codigo,
        "horas": new.horas, "fecha": new.fecha, "departamento": new.departamento, "docente_id": new.docente_id,
        "escala": new.escala, "exchange_ref": new.exchange_ref, "completes_id": new.completes, "created_by": by,
        "created_at": at,
    }  # fmt: skip
    if not insert_once(conn, mesa_examen, row):
        return UUID(str(conn.scalar(sa.select(mesa_examen.c.id).where(mesa_examen.c.job_key == job_key))))
    for n, professor in enumerate(new.tribunal, 1):
        who = {"person_id": professor.person_id, "name": professor.name, "email": professor.email}
        conn.execute(tribunal.insert().values(mesa_id=mesa_id, n=n, **who))
    groups, known = list(split(in_order(new.students))), accounts_of(conn, new.students)
    folios = allocate(conn, at.astimezone(zone).year, len(groups), capacity, at)
    n = 0
    for k, (group, base) in enumerate(zip(groups, folios.bases(), strict=True)):
        acta_id, folio = uuid4(), folios.first + k
        conn.execute(
            acta.insert().values(
                id=acta_id, mesa_id=mesa_id, n=k + 1, libro_id=folios.libro_id, folio=folio, base=base, kind="normal",
                created_at=at, state="generada", state_at=at,
                search=acta_search(conn, mesa_id, base, group),
            )
        )  # fmt: skip
        conn.execute(
            inscripcion.insert(),
            [
                _student_row(student, known) | {"mesa_id": mesa_id, "n": n + fila, "acta_id": acta_id, "fila": fila}
                for fila, student in enumerate(group, 1)
            ],
        )
        n += len(group)
        write_step(conn, acta_id, None, "generada", job_key=f"{base} generada", by=by, at=at)
    return mesa_id


def mesa_of_job(conn: Connection, job_key: str) -> UUID | None:
    """What that job opened already."""
    found = conn.scalar(sa.select(mesa_examen.c.id).where(mesa_examen.c.job_key == job_key))
    return None if found is None else UUID(str(found))


def examiners_enrolled(
    conn: Connection, students: Sequence[Student], docente_id: UUID | None, professors: Iterable[Professor]
) -> list[str]:
    """Identities of students who have the account of somebody that examines them."""
    examiners = {docente_id, *(_registered(conn, one).person_id for one in professors)} - {None}
    return [identity for identity, holder in accounts_of(conn, students).items() if holder in examiners]


def split(students: Sequence[Student]) -> Iterator[Sequence[Student]]:
    """Groups of 21 and the rest (R-29)."""
    return (students[start : start + PER_ACTA] for start in range(0, len(students), PER_ACTA))


def in_order(students: Iterable[Student]) -> list[Student]:
    """By surname and name as a Spanish list goes: accents and strokes do not count, ñ comes after n."""
    return sorted(students, key=lambda one: (_collated(one.apellidos), _collated(one.nombres), one.documento))


def _collated(text: str) -> str:
    kept = unicodedata.normalize("NFC", text.casefold()).replace("ñ", "n~").translate(STROKED)
    return "".join(sign for sign in unicodedata.normalize("NFD", kept) if not unicodedata.combining(sign))


def acta_search(conn: Connection, mesa_id: UUID, base: str, students: Iterable[Named]) -> str:
    """What an acta is found by: course, code, department, docente, tribunal, libro, folio, students."""
    of = mesa_examen.c
    query = sa.select(of.curso, of.codigo, departamento.c.name, person.c.family_names, person.c.given_names)
    joined = query.join_from(mesa_examen, departamento).join(person, person.c.id == of.docente_id)
    facts = conn.execute(joined.where(of.id == mesa_id)).one()
    professors = conn.execute(sa.select(tribunal.c.name).where(tribunal.c.mesa_id == mesa_id)).scalars()
    named = (f"{one.apellidos} {one.nombres} {one.documento} {one.expediente}" for one in students)
    return f" {search_text([base, *facts, *professors, *named])} "


def _student_row(student: Student, known: dict[str, UUID]) -> dict[str, Any]:
    return {
        "expediente": student.expediente,
        "apellidos": plain(student.apellidos),
        "nombres": plain(student.nombres),
        "tipo": student.tipo,
        "documento": student.documento,
        "person_id": known.get(student.identity),
    }


def plain(text: str) -> str:
    """Composed, single spaces: the two Unicode forms of one name are one name."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _of_the_first(conn: Connection, new: NewMesa) -> NewMesa:
    """A mesa that completes another is that exam's: only its students are new."""
    first = get_mesa(conn, first_mesa(conn, new.completes or UUID(int=0)))
    if found := already_enrolled(conn, first.id, new.students):
        names = [f"«{one.name}» ({found[one.identity]})" for one in new.students if one.identity in found]
        told = f"Ya están en un acta de la mesa que la lista completa: {', '.join(names[:5])}."
        raise InvalidAnswers({"alumnos": told})
    same = {name: getattr(first, name) for name in ("curso", "codigo", "horas", "fecha", "departamento", "escala")}
    professors = [Professor(one.name, one.person_id, one.email) for one in tribunal_of(conn, first.id)]
    return replace(new, **same, docente_id=first.docente_id, tribunal=professors, completes=first.id)


def _checked(conn: Connection, new: NewMesa, today: Day) -> NewMesa:
    """The mesa as it will be kept. Raises InvalidAnswers, which names every fault at once."""
    faults: dict[str, str] = {}
    curso, codigo = plain(new.curso), plain(new.codigo)
    if not 3 <= len(curso) <= LONGEST_COURSE:
        faults["curso"] = f"Escriba el nombre completo del curso, en {LONGEST_COURSE} letras o menos."
    if not 1 <= len(codigo) <= 40:
        faults["codigo"] = "Escriba el código del curso, en 40 letras o menos."
    if not 1 <= new.horas <= 9_999:
        faults["horas"] = "Las horas del curso son un número entre 1 y 9999."
    if not 1900 < new.fecha.year <= today.year + 2:
        faults["fecha"] = f"Revise la fecha de la mesa: {new.fecha:%d/%m/%Y}."
    escala(new.escala)
    if conn.scalar(sa.select(departamento.c.active).where(departamento.c.code == new.departamento)) is not True:
        faults["departamento"] = f"No hay un Departamento «{new.departamento[:40]}» en uso: agréguelo al catálogo."
    docente = conn.execute(
        sa.select(person.c.given_names, person.c.family_names).where(person.c.id == new.docente_id, person.c.active)
    ).one_or_none()
    if docente is None:
        faults["docente"] = "El docente responsable debe estar registrado y activo: de su correo depende el acta."
    professors = tuple(_registered(conn, one) for one in new.tribunal if one.name.strip())
    if not professors and docente is not None:
        professors = (Professor(f"{docente.given_names} {docente.family_names}", new.docente_id),)
    names = [plain(one.name) for one in professors]
    if len(names) > MOST_PROFESSORS or any(len(one) > 200 for one in names):
        faults["tribunal"] = f"El tribunal tiene {MOST_PROFESSORS} profesores a lo sumo, con nombres de 200 letras."
    elif told := does_not_fit(names):
        faults["tribunal"] = told
    for name, what, text in (
        ("curso", "El curso", curso), ("codigo", "El código", codigo), ("tribunal", "El tribunal", " ".join(names)),
    ):  # fmt: skip
        if told := not_written(text):
            faults[name] = f"{what} {told}"
    if said := _about_students(new.students):
        faults["alumnos"] = said
    if faults:
        raise InvalidAnswers(faults)
    return replace(new, curso=curso, codigo=codigo, tribunal=professors)


def _registered(conn: Connection, one: Professor) -> Professor:
    """Whoever's registered address it is: then that person, whatever the address is later (R-41)."""
    email = (one.email or "").strip() or None
    if one.person_id is not None or email is None:
        return Professor(plain(one.name), one.person_id, email)
    theirs = sa.select(person.c.id).where(sa.func.lower(person.c.email) == email.lower(), person.c.active).limit(2)
    found = list(conn.execute(theirs).scalars())
    return Professor(plain(one.name), found[0] if len(found) == 1 else None, email)


def _about_students(students: Sequence[Student]) -> str | None:
    if not students:
        return "La lista no tiene ningún inscripto: un acta necesita al menos uno."
    if len(students) > MOST_STUDENTS:
        return f"La lista tiene {len(students)} inscriptos: divídala en mesas de {MOST_STUDENTS} o menos."
    seen: set[str] = set()
    for one in students:
        if one.identity in seen:
            return f"«{one.name}» ({one.tipo} {one.documento}) está dos veces en la lista: deje una sola fila."
        seen.add(one.identity)
    return None
