"""Exam actas for programs: the register, one acta with its statements, a docente's statement, one's own history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from sqlalchemy import Connection

from engine.actas.examen import (
    ESCALAS,
    Acta,
    ActaQuery,
    Escala,
    NotAGrade,
    Scope,
    acta_by_base,
    acta_data,
    actas_about,
    check_load,
    escala,
    find_actas,
    get_acta,
    get_mesa,
    historia_of,
    loads_of,
    require_in_scope,
    scope_of,
    steps_of,
)
from engine.inbound.grade_task import StateGrades, state_grades
from engine.people import roles_of
from web.api import schemas_exams as e
from web.api.auth import auth, person, viewer
from web.api.schemas import Receipt
from web.current import cartulario

PROCESS = "acta_examen"
exams = APIBlueprint("exams", __name__, tag="Actas de examen")


def scope(conn: Connection) -> Scope:
    """Raises NotFound for who has nothing to do with exam actas."""
    return scope_of(person().id, roles_of(conn, person().id, viewer().on, PROCESS))


def own_acta(conn: Connection, base: str) -> Acta:
    """Raises NotFound, also for what is not the caller's to see."""
    mine = scope(conn)
    acta = acta_by_base(conn, base)
    require_in_scope(conn, acta, mine)
    return acta


@exams.get("/exam-records")
@exams.auth_required(auth)
@exams.input(e.ExamRecordQuery, location="query")
@exams.output(e.ExamRecordList)
@exams.doc(summary="Buscar actas de examen", description="Las que están al alcance de quien pregunta.")
def search(query_data: e.ExamRecordQuery) -> e.ExamRecordList:
    asked = ActaQuery(
        query_data.q.strip(),
        query_data.state,
        query_data.department,
        query_data.year,
        query_data.waiting,
        query_data.after,
        query_data.limit,
    )
    with cartulario().database.read() as conn:
        page = find_actas(conn, asked, scope(conn))
    renamed = {"course": "curso", "code": "codigo", "department": "departamento", "teacher": "docente"}
    lines = [
        e.ExamRecordLine(**{name: getattr(one, renamed.get(name, name)) for name in e.ExamRecordLine.model_fields})
        for one in page.actas
    ]
    return e.ExamRecordList(items=lines, next=page.next)


@exams.get("/exam-records/<base:base>")
@exams.auth_required(auth)
@exams.output(e.ExamRecordOut)
@exams.doc(summary="Un acta de examen", description="La lectura queda registrada.")
def get(base: str) -> e.ExamRecordOut:
    with cartulario().database.read() as conn:
        acta = own_acta(conn, base)
        data, steps = acta_data(conn, acta.id, cartulario().config), steps_of(conn, acta.id)
        about = get_acta(conn, acta.about_id).base if acta.about_id else None
        later = [one.base for one in actas_about(conn, acta.id)]
    _log(acta, f"Leyó el acta {acta.base} por la API")
    of_acta = ("base", "kind", "state", "state_at", "year", "folio", "original_sha256", "locked_at", "published_at")
    of_data = {
        "course": "curso",
        "code": "codigo",
        "hours": "horas",
        "date": "fecha",
        "department": "departamento",
        "teacher": "docente",
        "board": "tribunal",
        "enrolled": "inscriptos",
        "examined": "examinados",
    }
    return e.ExamRecordOut(
        **{name: getattr(acta, name) for name in of_acta},
        **{name: data[spanish] for name, spanish in of_data.items()},
        book=acta.libro,
        about=about,
        later=later,
        rows=[_row(row) for row in data["filas"]],
        steps=[e.ExamStep.model_validate(step) for step in steps],
    )


def _row(row: dict[str, Any]) -> e.ExamRow:
    return e.ExamRow(
        n=row["n"],
        file=row["expediente"],
        name=row["nombre"],
        document_type=row["tipo"],
        document=row["documento"],
        grade=row["calificacion"],
        words=row["letras"],
        absent=row["ausente"],
        date=row["fecha"],
    )


def _log(acta: Acta, what: str) -> None:
    if acta.case_id is not None:
        cartulario().inbox.log_read(viewer(), acta.case_id, what)


@exams.get("/exam-records/<base:base>/statements")
@exams.auth_required(auth)
@exams.output(e.StatementList)
@exams.doc(summary="Lo que se declaró de un acta, por cualquiera de las tres vías")
def statements(base: str) -> e.StatementList:
    with cartulario().database.read() as conn:
        acta = own_acta(conn, base)
        zone, loads = cartulario().config.zone, loads_of(conn, acta.id)
        found = [(load, [str(fault) for fault in check_load(conn, load, zone)]) for load in loads]
    _log(acta, f"Leyó por la API las cargas del acta {acta.base}")
    return e.StatementList(
        items=[
            e.StatementOut(
                id=load.id,
                source=load.source,  # type: ignore[arg-type]  # one of the three, as the table keeps it
                by=load.by,
                at=load.at,
                date=load.fecha,
                enrolled=load.inscriptos,
                examined=load.examinados,
                sha256=load.sha256,
                accepted=load.id == acta.carga_id,
                faults=faults,
                rows=[
                    e.StatementRow(n=row.n, grade=row.nota, words=row.letras, absent=row.ausente, date=row.fecha)
                    for row in load.rows
                ],
            )
            for load, faults in found
        ]
    )


@exams.post("/tasks/<uuid:task_id>/grades")
@exams.auth_required(auth)
@exams.input(e.GradesIn)
@exams.output(Receipt)
@exams.doc(
    summary="Declarar las calificaciones de un acta",
    description="Completa la tarea de quien califica. Lo incompleto no se guarda y se dice, fila por fila.",
)
def grade(task_id: UUID, json_data: e.GradesIn) -> Receipt:
    with cartulario().database.read() as conn:
        acta = own_acta(conn, json_data.base)
        scale = escala(get_mesa(conn, acta.mesa_id).escala)
    command = StateGrades(
        task_id,
        acta.id,
        person().id,
        [_stated(row, scale) for row in json_data.rows],
        json_data.date,
        json_data.enrolled,
        json_data.examined,
        request_id=json_data.request_id,
    )
    return Receipt.model_validate(state_grades(command, cartulario()))


def _stated(row: e.GradeIn, scale: Escala) -> dict[str, Any]:
    words = row.words
    if words is None and row.grade and not row.absent:
        try:
            words = scale.letters(scale.read(row.grade))
        except NotAGrade:  # told with the row
            words = ""
    return {"n": row.n, "nota": row.grade, "letras": words or "", "ausente": row.absent, "fecha": row.date}


@exams.get("/academic-history")
@exams.auth_required(auth)
@exams.output(e.HistoryOut)
@exams.doc(summary="Mi historia académica", description="Desde la publicación de cada acta; antes, nada.")
def history() -> e.HistoryOut:
    app = cartulario()
    with app.database.read() as conn:
        entries = historia_of(conn, person().id, app.clock.now(), replaced=True)
    printed = next(iter(ESCALAS.values())).printed
    return e.HistoryOut(
        items=[
            e.HistoryEntry(
                course=one.curso,
                code=one.codigo,
                hours=one.horas,
                grade=printed(one.nota) if one.nota is not None else None,
                words=one.letras,
                absent=one.ausente,
                condition=one.condicion,
                date=one.fecha,
                base=one.base,
                kind=one.kind,
                published_at=one.published_at,
                replaced=one.replaced,
                replaced_by=one.replaced_by,
            )
            for one in entries
        ]
    )
