"""Cases: start one, find them, read one, withdraw it, comment on it, count its terms again."""

from __future__ import annotations

from uuid import UUID

from apiflask import APIBlueprint

from engine.cases import (
    ArchiveCase,
    RateCase,
    RescheduleTerms,
    StartCase,
    WithdrawCase,
    archive_case,
    rate_case,
    reschedule_terms,
    start_case,
    withdraw_case,
)
from engine.errors import NotFound
from engine.history.access import require_mender
from engine.history.requester import OwnCase, find_own_case, list_own_cases
from engine.history.search import CaseFilters, search_cases
from engine.history.timeline import entries, milestones
from engine.inbox import CaseView
from engine.inbox.viewer import READ_ALL
from web.api import schemas as s
from web.api.auth import auth, person, viewer
from web.current import cartulario

MOST_OWN = 200  # of one's own cases, what awaits an answer first

cases = APIBlueprint("cases", __name__, tag="Trámites")


def open_view(number: str, *, inside: bool = False) -> CaseView:
    """Raises NotFound; ``inside``: also for its requester, who sees less."""
    view = cartulario().inbox.get_case_for(viewer(), number)
    if inside and view.relation == "requester":
        raise NotFound()
    return view


def seen_view(number: str, what: str, *, inside: bool = False) -> CaseView:
    """As ``open_view``; that the office read it is on record for its requester (N-9)."""
    view = open_view(number, inside=inside)
    if view.relation != "requester":
        cartulario().inbox.log_read(viewer(), view.id, what)
    return view


@cases.post("/cases")
@cases.auth_required(auth)
@cases.input(s.NewCase)
@cases.output(s.Receipt, status_code=201)
@cases.doc(summary="Presentar una solicitud")
def start(json_data: s.NewCase) -> s.Receipt:
    """Al repetir hoy lo mismo responde 409 «same_request_today»: con ``confirmed`` se presenta igual."""
    mine = json_data.requester in (None, person().id)
    requester = json_data.requester or person().id
    command = StartCase(
        json_data.process,
        requester,
        json_data.answers,
        json_data.request_id,
        filed_by=None if mine else person().id,
        channel="api",
        origin=None if mine else json_data.origin,
        about=subject_of(json_data.about, requester) if json_data.about else None,
        confirmed=json_data.confirmed,
    )
    return s.Receipt.model_validate(start_case(command, cartulario().engine))


def subject_of(number: str, requester: UUID) -> UUID:
    """The requester's case that this one is about. Raises NotFound."""
    with cartulario().database.read() as conn:
        return find_own_case(conn, number, requester).id


@cases.get("/cases")
@cases.auth_required(auth)
@cases.input(s.CaseQuery, location="query")
@cases.output(s.CaseList)
@cases.doc(summary="Buscar trámites", description="Los de los procesos en que se tiene una función.")
def search(query_data: s.CaseQuery) -> s.CaseList:
    who = viewer()
    if not who.is_staff:
        raise NotFound()
    asked = query_data.model_dump(exclude={"q", "limit"})
    filters = CaseFilters(text=query_data.q, size=query_data.limit, **asked)
    with cartulario().database.read() as conn:
        page = search_cases(conn, filters, readable_processes(), viewer().parts, called_for())
    return s.CaseList(items=[s.CaseLine.model_validate(case) for case in page.cases], next=page.next)


def readable_processes() -> list[str] | None:
    who = viewer()
    if who.roles & READ_ALL:
        return None
    catalogue = cartulario().definitions.catalogue()
    return [d.process for d in catalogue if any(who.holds(role, d.process) for role in d.open_roles)]


def called_for() -> list[tuple[str, str]]:
    who, catalogue = viewer(), cartulario().definitions.catalogue()
    return [(d.process, role) for d in catalogue for role in d.called_roles if who.holds(role, d.process)]


def own_case(one: OwnCase) -> s.OwnCase:
    told = {name: getattr(one.head, name) for name in s.OwnCase.model_fields if name != "asks"}
    return s.OwnCase(asks=one.to_answer, **told)


@cases.get("/cases/mine")
@cases.auth_required(auth)
@cases.output(s.OwnCaseList)
@cases.doc(summary="Mis trámites")
def own() -> s.OwnCaseList:
    with cartulario().database.read() as conn:
        found, _total = list_own_cases(conn, person().id, size=MOST_OWN)
    return s.OwnCaseList(items=[own_case(one) for one in found])


@cases.get("/cases/<number:number>")
@cases.auth_required(auth)
@cases.output(s.CaseOut)
@cases.doc(summary="Un trámite", description="Quien lo solicitó ve lo suyo; el personal, también lo interno.")
def get(number: str) -> s.CaseOut:
    return s.CaseOut.model_validate(seen_view(number, "Abrió el trámite"))


@cases.get("/cases/<number:number>/timeline")
@cases.auth_required(auth)
@cases.output(s.Timeline)
@cases.doc(summary="En qué va, en palabras de quien solicita")
def timeline(number: str) -> s.Timeline:
    view = seen_view(number, "Abrió el trámite")
    steps = cartulario().definitions.get(view.version_id).spec.elements
    with cartulario().database.read() as conn:
        found = milestones(conn, view.id, steps)
    return s.Timeline(items=[s.MilestoneOut.model_validate(line) for line in found])


@cases.get("/cases/<number:number>/events")
@cases.auth_required(auth)
@cases.output(s.EventList)
@cases.doc(summary="Todo lo que pasó, en orden")
def events(number: str) -> s.EventList:
    view = seen_view(number, "Abrió la historia del trámite", inside=True)
    steps = cartulario().definitions.get(view.version_id).spec.elements
    with cartulario().database.read() as conn:
        found = entries(conn, view.id, steps)
    return s.EventList(items=[s.EventOut.model_validate(entry) for entry in found])


@cases.post("/cases/<number:number>/withdrawal")
@cases.auth_required(auth)
@cases.input(s.Withdrawal)
@cases.output(s.Receipt)
@cases.doc(summary="Retirar mi solicitud")
def withdraw(number: str, json_data: s.Withdrawal) -> s.Receipt:
    view = open_view(number)
    command = WithdrawCase(view.id, person().id, json_data.reason, json_data.request_id)
    return s.Receipt.model_validate(withdraw_case(command, cartulario().engine))


@cases.post("/cases/<number:number>/closing")
@cases.auth_required(auth)
@cases.input(s.Withdrawal)
@cases.output(s.Receipt)
@cases.doc(
    summary="Cerrar, desde la oficina, un trámite detenido",
    description="Solo con un incidente abierto, y nunca el propio trámite. Sus actas de examen sin bloquear quedan "
    "anuladas; con una bloqueada sin publicar no se cierra. A quien lo pidió se le dice el motivo.",
)
def close(number: str, json_data: s.Withdrawal) -> s.Receipt:
    view = open_view(number, inside=True)
    command = ArchiveCase(view.id, person().id, json_data.reason, json_data.request_id)
    return s.Receipt.model_validate(archive_case(command, cartulario().engine))


@cases.post("/cases/<number:number>/satisfaction")
@cases.auth_required(auth)
@cases.input(s.Rating)
@cases.output({}, status_code=204)
@cases.doc(summary="Decir cómo fue la atención", description="Una vez, quien lo pidió, cuando se entregó.")
def rate(number: str, json_data: s.Rating) -> str:
    rate_case(RateCase(open_view(number).id, person().id, json_data.score, json_data.comment), cartulario().engine)
    return ""


@cases.post("/cases/<number:number>/comments")
@cases.auth_required(auth)
@cases.input(s.NewComment)
@cases.output(s.Made, status_code=201)
@cases.doc(summary="Comentar un trámite", description="Quien solicita no lo ve.")
def comment(number: str, json_data: s.NewComment) -> s.Made:
    view = open_view(number, inside=True)
    return s.Made(id=cartulario().inbox.add_comment(viewer(), view.id, json_data.text))


@cases.post("/cases/<number:number>/terms")
@cases.auth_required(auth)
@cases.input(s.Rescheduling)
@cases.output(s.Receipt)
@cases.doc(summary="Contar los plazos de nuevo con el calendario de hoy")
def reschedule(number: str, json_data: s.Rescheduling) -> s.Receipt:
    view = open_view(number, inside=True)
    require_mender(viewer().roles)
    command = RescheduleTerms(view.id, person().id, json_data.reason)
    return s.Receipt.model_validate(reschedule_terms(command, cartulario().engine))
