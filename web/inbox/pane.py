"""The task beside the list: what its tabs show, read in as few transactions as they need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from markupsafe import Markup

from engine.cases import catalogues_of, document_id, wants_signature
from engine.cases.drafts import unfiled_uploads
from engine.cases.task_data import task_data
from engine.definitions import Definition
from engine.documents import Document, get_document
from engine.errors import NotFound
from engine.forms import Form, Shown
from engine.forms.describe import NOTHING
from engine.history.path import read_path
from engine.history.timeline import Entry, entries
from engine.inbound.grade_task import BACKING, SHEET
from engine.inbox import Filters, TaskDetail
from engine.inbox.documents import DocumentLine
from engine.people import Person
from engine.signing import StoredKey, key_of
from web.cases.file import what_was_asked
from web.cases.reader import viewer
from web.current import cartulario, today
from web.diagram.drawing import Drawing, drawing_of
from web.forms import render_fields
from web.inbox.cotejo import shows_cotejo
from web.inbox.instructions import fill_in
from web.requests.draft import named_files
from web.requests.uploads import Received

TABS = ("formulario", "historia", "diagrama", "documentos", "comentarios")
_DECIDED = re.compile(r"decision(_\w+)?|admision|conforme|alcanza|aparecio|nada_que_reconstruir")


@dataclass(frozen=True)
class Signature:
    """What a task that signs shows: the document, the signer's certificate, whether this answer signs at all."""

    document: Document | None
    key: StoredKey | None
    always: bool  # False: it depends on the answer


@dataclass
class Pane:
    task: TaskDetail
    definition: Definition
    tab: str
    filters: Filters
    data: dict[str, Any] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)  # whom it may be given to
    entries: list[Entry] = field(default_factory=list)
    drawing: Drawing | None = None
    signature: Signature | None = None
    fields: Markup | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""  # of the signature or of the whole form
    outside: bool = False  # the error is of a file that was signed outside
    request_id: str = ""

    @property
    def asked(self) -> list[Shown]:
        """What the case was opened with, unanswered questions apart."""
        shown = what_was_asked(self.definition, self.data, self.task.documents) if self.data else []
        return [one for one in shown if one.value != NOTHING]

    @property
    def internal(self) -> bool:
        """A process of the office itself, or a case that the system opened: nobody asked the office for anything."""
        return bool(self.definition.manifest.process.starters) or self.task.requester is None

    @property
    def form(self) -> Form | None:
        return self.definition.form_of(self.task.element)

    @property
    def documents(self) -> list[DocumentLine]:
        """What the task is about, newest of each name: the drafts or, of one of several actas, all that is its own."""
        task = self.task
        named: dict[str, DocumentLine] = {}
        own = [line for line in task.documents if task.instance and line.name.startswith(task.instance)]
        for line in own or [line for line in task.documents if line.kind == "draft"]:
            named.setdefault(line.name, line)
        return [*self.backing, *named.values()]

    @property
    def backing(self) -> list[DocumentLine]:
        """The file in which somebody else stated what is loaded here, when it is one."""
        variable = self.definition.spec.elements[self.task.element].properties.get(BACKING)
        named = named_files({BACKING: self.data.get(variable)}) if variable else []
        return [line for line in self.task.documents if str(line.id) in map(str, named)]

    @property
    def cotejo(self) -> bool:
        """Whether the task shows two documents side by side."""
        return shows_cotejo(self.definition.spec.elements[self.task.element].properties, self.data)

    @property
    def sheet(self) -> bool:
        """Whether the task is done in the grid of an acta, on a page of its own."""
        return SHEET in self.definition.spec.elements[self.task.element].properties

    @property
    def instructions(self) -> list[str]:
        return fill_in(self.definition.spec.elements[self.task.element].instructions or "", self.data)


def pane_to_complete(task_id: UUID, filters: Filters) -> Pane:
    """Only what reading the answers needs: the command reads the rest under its lock. Raises NotFound."""
    app, who = cartulario(), viewer()
    task = app.inbox.get_task(who, task_id)
    if not who.is_staff:
        raise NotFound()
    return Pane(task, app.definitions.get(task.version_id), "formulario", filters)


def open_pane(task_id: UUID, filters: Filters, tab: str = "formulario") -> Pane:
    """Raises NotFound, also for what is not the viewer's."""
    app, pane = cartulario(), pane_to_complete(task_id, filters)
    task, pane.tab = pane.task, tab if tab in TABS else "formulario"
    if task.gone:
        raise NotFound()
    with app.database.read() as conn:
        if task.status == "open":
            pane.data = task_data(conn, task_id, app.engine)
        if pane.tab == "historia":
            pane.entries = entries(conn, task.case_id, pane.definition.spec.elements)[::-1]
        elif pane.tab == "diagrama":
            pane.drawing = drawing_of(read_path(conn, task.case_id), pane.definition)
        elif pane.tab == "formulario" and task.status == "open":
            pane.signature = _signature(conn, pane)
    if task.can_assign:
        pane.people = app.inbox.list_assignable(viewer(), task_id)
    return pane


def undecided(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the case knows, without its decisions (``decision…``, ``admision`` and the like)."""
    return {name: value for name, value in data.items() if not _DECIDED.fullmatch(name)}


def show_form(
    pane: Pane,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    received: Received | None = None,
) -> None:
    """Draw the form into the pane: what was typed, else the draft, else what the case already knows; a decision of an
    earlier round is not taken again by itself."""
    if pane.form is None or pane.task.status != "open":
        return
    pane.values = values if values is not None else pane.task.draft or pane.form.defaults(undecided(pane.data))
    uploads = {str(line.id): {"name": line.name, "size": line.size} for line in pane.task.documents}
    with cartulario().database.read() as conn:
        uploads |= unfiled_uploads(conn, viewer().person_id, named_files(dict(pane.values)))
        app = cartulario()
        lists = catalogues_of(conn, app.engine, pane.form, viewer().person_id, pane.task.process, app.clock.now())
    context = {**pane.data, **lists, "uploads": uploads, "hoy": today().isoformat()}
    refused = received.refused if received else {}
    pane.fields = render_fields(pane.form, pane.values, errors, context=context, refused=refused)


def _signature(conn: Any, pane: Pane) -> Signature | None:
    properties = pane.definition.spec.elements[pane.task.element].properties
    if "firma" not in properties:
        return None
    identifier = document_id(pane.data.get(properties["firma"]))
    document = get_document(conn, UUID(identifier)) if identifier else None
    always = "firmaSi" not in properties and wants_signature(properties, pane.data)
    return Signature(document, key_of(conn, viewer().person_id), always)
