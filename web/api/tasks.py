"""Tasks: the inbox and everything that is done to a task, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from engine.cases import CompleteTask, catalogues_of, complete_task
from engine.cases.task_data import task_data
from engine.documents import read_document
from engine.errors import NotFound
from engine.inbound.sign_outside import ReturnSigned, return_signed
from engine.inbound.sign_task import SignTask, sign_and_complete
from engine.inbox import Filters
from engine.inbox.viewer import REQUESTER
from web.api import schemas as s
from web.api import schemas_work as w
from web.api.auth import auth, person, viewer
from web.api.documents import require_document
from web.current import cartulario
from web.inbox.pane import undecided

tasks = APIBlueprint("tasks", __name__, tag="Tareas")


@tasks.get("/tasks")
@tasks.auth_required(auth)
@tasks.input(w.TaskQuery, location="query")
@tasks.output(w.TaskList)
@tasks.doc(summary="La bandeja")
def list_tasks(query_data: w.TaskQuery) -> w.TaskList:
    spoken = {
        "tab": "bandeja",
        "process": "proceso",
        "due": "vence",
        "role": "funcion",
        "sort": "orden",
        "after": "desde",
    }
    asked = {spoken.get(name, name): value for name, value in query_data.model_dump().items() if value}
    page = cartulario().inbox.list_tasks(viewer(), Filters.parse(asked))
    following = page.next.after if page.next else None
    return w.TaskList(items=[w.TaskLine.model_validate(row) for row in page.rows], next=following)


@tasks.get("/tasks/counts")
@tasks.auth_required(auth)
@tasks.output(w.Counts)
@tasks.doc(summary="Cuántas hay en cada bandeja")
def counts() -> w.Counts:
    found = cartulario().inbox.counts(viewer())
    return w.Counts(**{tab: w.CountOut.model_validate(count) for tab, count in found.items()})


@tasks.get("/tasks/<uuid:task_id>")
@tasks.auth_required(auth)
@tasks.output(w.TaskOut)
@tasks.doc(summary="Una tarea y las reglas de su formulario")
def get(task_id: UUID) -> w.TaskOut:
    app = cartulario()
    task = app.inbox.get_task(viewer(), task_id)
    if task.gone:
        raise NotFound()
    definition = app.definitions.get(task.version_id)
    form, properties = definition.form_of(task.element), definition.spec.elements[task.element].properties
    if task.role != REQUESTER:
        app.inbox.log_read(viewer(), task.case_id, f"Abrió la tarea «{task.name}»")
    asked: dict[str, Any] = {"form": None, "values": None, "signs": "firma" in properties}
    if form is not None and task.status == "open":
        with app.database.read() as conn:
            data = task_data(conn, task_id, app.engine)
            data |= catalogues_of(conn, app.engine, form, viewer().person_id, task.process, app.clock.now())
        asked |= {"form": form.json_schema(data), "values": form.defaults(undecided(data))}
    names = {name: getattr(task, name) for name in w.TaskOut.model_fields if name not in asked}
    return w.TaskOut.model_validate(names | asked)


@tasks.post("/tasks/<uuid:task_id>/claim")
@tasks.auth_required(auth)
@tasks.output({}, status_code=204)
@tasks.doc(summary="Tomarla")
def claim(task_id: UUID) -> str:
    cartulario().inbox.claim(viewer(), task_id)
    return ""


@tasks.post("/tasks/<uuid:task_id>/release")
@tasks.auth_required(auth)
@tasks.output({}, status_code=204)
@tasks.doc(summary="Soltarla")
def release(task_id: UUID) -> str:
    cartulario().inbox.release(viewer(), task_id)
    return ""


@tasks.post("/tasks/<uuid:task_id>/assign")
@tasks.auth_required(auth)
@tasks.input(w.Assignment)
@tasks.output({}, status_code=204)
@tasks.doc(summary="Asignarla a otra persona")
def assign(task_id: UUID, json_data: w.Assignment) -> str:
    cartulario().inbox.assign(viewer(), task_id, json_data.to, json_data.note)
    return ""


@tasks.post("/tasks/<uuid:task_id>/snooze")
@tasks.auth_required(auth)
@tasks.input(w.Snooze)
@tasks.output({}, status_code=204)
@tasks.doc(summary="Posponerla; su plazo sigue corriendo")
def snooze(task_id: UUID, json_data: w.Snooze) -> str:
    cartulario().inbox.snooze(viewer(), task_id, json_data.until)
    return ""


@tasks.put("/tasks/<uuid:task_id>/draft")
@tasks.auth_required(auth)
@tasks.input(w.Draft)
@tasks.output(w.Saved)
@tasks.doc(summary="Guardar lo que se lleva escrito")
def save_draft(task_id: UUID, json_data: w.Draft) -> w.Saved:
    return w.Saved(at=cartulario().inbox.save_draft(viewer(), task_id, json_data.answers))


@tasks.post("/tasks/<uuid:task_id>/completion")
@tasks.auth_required(auth)
@tasks.input(w.Completion)
@tasks.output(s.Receipt)
@tasks.doc(
    summary="Completarla",
    description="Si pide firma, con el PIN del certificado de quien la completa, o con el archivo que firmó fuera.",
)
def complete(task_id: UUID, json_data: w.Completion) -> s.Receipt:
    app, actor, answers, key = cartulario(), person().id, json_data.answers, json_data.request_id
    if json_data.signed is not None:
        require_document(json_data.signed)
        with app.database.read() as conn:
            brought, data = read_document(conn, app.archive, json_data.signed)
        command = ReturnSigned(task_id, actor, brought.name, data, answers, request_id=key)
        return s.Receipt.model_validate(return_signed(command, app))
    if json_data.pin is not None:
        return s.Receipt.model_validate(
            sign_and_complete(SignTask(task_id, actor, json_data.pin, answers, request_id=key), app)
        )
    return s.Receipt.model_validate(complete_task(CompleteTask(task_id, actor, answers, key), app.engine))
