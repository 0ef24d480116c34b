"""/tramites: one's own cases, each in plain words: status, promised date, who has it, what happened, documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_login import login_required

from engine.cases import may_withdraw
from engine.cases.drafts import list_request_drafts
from engine.cases.task_data import task_data
from engine.documents import Document, list_documents, read_document
from engine.errors import NotFound
from engine.history.case_file import CaseHead
from engine.history.opinions import opinion_of
from engine.history.related import COMPLAINT, related_to
from engine.history.requester import (
    PAGE,
    ending_of,
    holders_of,
    list_own_cases,
    messages_of,
    own_documents,
    own_tasks,
    readings_of,
)
from engine.history.timeline import Milestone, milestones
from engine.people import get_person
from web import dates
from web.cases.reader import readable_relations
from web.current import cartulario, person_id
from web.files import file_response
from web.forms.markdown import fill
from web.requests.outcome import ending
from web.requests.own_case import own_case
from web.requests.term import TermView, case_term
from web.requests.voice import SCORES, may_rate
from web.text import gettext as _

SHOWN_READINGS = 3
LAST_PAGE = 10_000

own_cases = Blueprint("own_cases", __name__)


@dataclass(frozen=True)
class Step:
    """A line of the timeline, as the macro draws it."""

    state: str  # done | wait | now | next
    title: str
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True)
class Status:
    """The answer first: what goes on, in a sentence of the process owner's."""

    title: str
    text: str
    icon: str


@own_cases.get("/tramites")
@login_required  # type: ignore[untyped-decorator]
def list_mine() -> str:
    page, engine = min(request.args.get("pagina", 1, type=int), LAST_PAGE), cartulario()
    with engine.database.read() as conn:
        cases, total = list_own_cases(conn, person_id(), page=page)
        drafts = [draft for draft in list_request_drafts(conn, person_id(), engine.clock.now()) if draft.answers]
    titles = {definition.process: definition.title for definition in engine.definitions.catalogue()}
    pages = max(1, -(-total // PAGE))
    return render_template(
        "requests/cases.html",
        cases=cases,
        total=total,
        page=page,
        pages=pages,
        drafts=drafts,
        titles=titles,
        ending=ending,
    )


@own_cases.get("/tramites/<number>")
@login_required  # type: ignore[untyped-decorator]
def show_case(number: str) -> str:
    return case_page(number)


def case_page(number: str, errors: dict[str, str] | None = None, typed: dict[str, str] | None = None) -> str:
    """``errors`` and ``typed``: of a form of the page that was sent and not taken."""
    engine, everybody = cartulario(), "lecturas" in request.args
    with engine.database.read() as conn:
        head = own_case(conn, number)
        definition = engine.definitions.get(head.version_id)
        happened = milestones(conn, head.id, definition.spec.elements)
        term = case_term(conn, head, definition)
        readings = readings_of(conn, head.id, head.requester_id or person_id())
        messages = messages_of(conn, head.id, person_id())
        related = readable_relations(conn, related_to(conn, head))
        tasks, elements = own_tasks(conn, head.id), definition.spec.elements
        asks = {
            one.id: fill(elements[one.element].instructions, task_data(conn, one.id, engine.engine)) for one in tasks
        }
        filer = get_person(conn, head.filed_by_id) if head.filed_by_id else None
        return render_template(
            "requests/case.html", head=head, term=term,
            status=status_of(head, happened, ending_of(conn, head.id, definition.spec.elements)),
            steps=steps_of(head, happened, term), tasks=tasks, asks=asks, holders=holders_of(conn, head.id),
            documents=visible_documents(list_documents(conn, head.id)), messages=messages, total_readings=len(readings),
            readings=readings if everybody else readings[:SHOWN_READINGS],
            related=related, filer=filer, complaint=head.process == COMPLAINT, said=opinion_of(conn, head.id),
            asked=may_rate(conn, head), scores=SCORES, errors=errors or {}, typed=typed or {},
            withdrawable=head.status == "open" and may_withdraw(conn, head.id, definition),
        )  # fmt: skip


def visible_documents(documents: list[Document]) -> list[Document]:
    """What was released to the requester, and what they sent themselves; nothing of the office's own work."""
    return [one for one in documents if one.released_at is not None or one.created_by == person_id()]


def status_of(head: CaseHead, happened: list[Milestone], end: tuple[str, str] | None) -> Status:
    last = happened[-1]
    if head.status == "withdrawn":
        return Status(_("Usted retiró la solicitud"), _("No hace falta nada más."), "undo-2")
    if head.status == "completed":
        title, text = end or (last.text, last.detail or "")
        return Status(_(title), text, ending(head).icon)
    waits = next((one for one in happened if one.state == "wait"), None)
    shown = waits or last
    return Status(_(shown.text), shown.detail or "", "hourglass" if waits else "file-search")


def steps_of(head: CaseHead, happened: list[Milestone], term: TermView | None) -> list[Step]:
    steps = [step_of(one) for one in happened]
    if head.status == "open":
        when = _("A más tardar el %(day)s.", day=dates.long_date(term.due)) if term else ""
        when = _("La fecha se corre los días que tarde su respuesta.") if term and term.paused else when
        steps.append(Step("next", _("Entrega por correo y en «Documentos»"), None, when))
    return steps


def step_of(one: Milestone) -> Step:
    text = one.detail or ""
    if one.was and one.due:
        text = _("Del %(old)s al %(new)s.", old=dates.day(one.was), new=dates.day(one.due))
    if one.state == "now":
        return Step(one.state, _(one.text), None, _("Ahora."))
    return Step(one.state, _(one.text), one.at, text)


@own_cases.get("/tramites/<number>/documentos/<uuid:key>")
@login_required  # type: ignore[untyped-decorator]
def download(number: str, key: UUID) -> Response:
    engine = cartulario()
    with engine.database.read() as conn:
        head = own_case(conn, number)
        if key not in {one.id for one in visible_documents(list_documents(conn, head.id))}:
            raise NotFound()
        document, data = read_document(conn, engine.archive, key)
    return file_response(document, data)


@own_cases.get("/documentos")
@login_required  # type: ignore[untyped-decorator]
def my_documents() -> str:
    with cartulario().database.read() as conn:
        documents = own_documents(conn, person_id())
    return render_template("requests/documents.html", documents=documents)
