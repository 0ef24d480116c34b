"""Pages of the cases; each is one read or one command."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as Redirect

from engine.calendar import overdue
from engine.cases import (
    RescheduleTerms,
    ResolveIncident,
    RetryIncident,
    reschedule_terms,
    resolve_incident,
    retry_incident,
)
from engine.documents import get_document, read_document
from engine.errors import InvalidAnswers, NotFound
from engine.history.access import AUDITORS, MENDERS, require_mender
from engine.history.case_file import get_case, incident_case
from engine.history.search import search_cases
from web import current
from web.cases.file import read_file
from web.cases.mend import may_be_told, result_skeleton, typed_result
from web.cases.reader import called_for, open_view, readable_processes, staff, viewer
from web.cases.search import STATUSES, CaseQuery
from web.cases.values import add_filters
from web.current import cartulario
from web.files import file_response
from web.request_id import add_new_id, request_id
from web.text import gettext as _

cases = Blueprint("cases", __name__)
add_filters(cases)
add_new_id(cases)
TABS = ("resumen", "historia", "diagrama", "correos", "comentarios")


@cases.get("/casos")
@login_required  # type: ignore[untyped-decorator]
def search() -> str:
    staff()
    engine, query = cartulario(), CaseQuery.read(request.args)
    with engine.database.read() as conn:
        filters = query.filters(engine.config.zone)
        page = search_cases(conn, filters, readable_processes(), viewer().parts, called_for())
        late = overdue(conn, [case.id for case in page.cases], engine.clock.now())
    processes = engine.definitions.catalogue()
    return render_template(
        "cases/search.html", query=query, page=page, statuses=STATUSES, processes=processes, late=late
    )


@cases.get("/casos/<number>")
@login_required  # type: ignore[untyped-decorator]
def case(number: str) -> str | Redirect:
    """Who works in the office and asked for it finds it where whoever asks does."""
    if viewer().is_staff and cartulario().inbox.get_case_for(viewer(), number).relation == "requester":
        return redirect(url_for("own_cases.show_case", number=number))
    page = show(number)
    cartulario().inbox.log_read(viewer(), open_view(number).id, "Abrió el trámite")
    return page


def show(number: str, errors: dict[str, str] | None = None) -> str:
    tab = request.values.get("ver", "resumen")
    view = open_view(number)
    with cartulario().database.read() as conn:
        file = read_file(conn, get_case(conn, view.id))
    office = bool(viewer().roles & (file.definition.open_roles | {"administrador"}))
    told = [incident for incident in file.open_incidents if office and may_be_told(incident.operation)]
    return render_template(
        "cases/case.html",
        file=file,
        tab=tab if tab in TABS else "resumen",
        mends=bool(viewer().roles & MENDERS),
        audits=bool(viewer().roles & AUDITORS),
        errors=errors or {},
        typed=request.form,
        skeletons={incident.id: result_skeleton(incident.operation) for incident in told},
    )


@cases.post("/incidentes/<uuid:incident_id>/reintentar")
@login_required  # type: ignore[untyped-decorator]
def retry(incident_id: UUID) -> Redirect | tuple[str, int]:
    number = _number_of(incident_id)
    command = RetryIncident(incident_id, current.person_id(), request.form.get("reason", ""), request_id())
    try:
        retry_incident(command, cartulario().engine)
    except InvalidAnswers as error:
        return show(number, _named(error, incident_id)), 422
    flash(_("El paso se puso otra vez en la cola. Si vuelve a fallar, el incidente se abre de nuevo."), "ok")
    return redirect(url_for("cases.case", number=number))


@cases.post("/incidentes/<uuid:incident_id>/resolver")
@login_required  # type: ignore[untyped-decorator]
def resolve(incident_id: UUID) -> Redirect | tuple[str, int]:
    number, actor = _number_of(incident_id), current.person_id()
    try:
        result = typed_result(request.form.get("result", ""))
        command = ResolveIncident(incident_id, actor, result, request.form.get("reason", ""), request_id())
        resolve_incident(command, cartulario().engine)
    except InvalidAnswers as error:
        return show(number, _named(error, incident_id)), 422
    flash(_("El resultado quedó registrado a su nombre y el trámite siguió."), "ok")
    return redirect(url_for("cases.case", number=number))


@cases.post("/casos/<number>/plazos")
@login_required  # type: ignore[untyped-decorator]
def reschedule(number: str) -> Redirect:
    """Count the terms again on today's calendar."""
    head = open_view(number)
    require_mender(viewer().roles)
    reason = request.form.get("reason", "").strip()[:300] or _("Cambió el calendario")
    receipt = reschedule_terms(RescheduleTerms(head.id, current.person_id(), reason), cartulario().engine)
    moved = receipt.event is not None
    flash(_("Los plazos se contaron de nuevo.") if moved else _("Ningún plazo cambió con el calendario de hoy."), "ok")
    return redirect(url_for("cases.case", number=head.number))


@cases.get("/casos/documentos/<uuid:document_id>")
@login_required  # type: ignore[untyped-decorator]
def document(document_id: UUID) -> Response:
    engine = cartulario()
    with engine.database.read() as conn:
        found = get_document(conn, document_id)
        if found.case_id is None:
            raise NotFound()
        number = get_case(conn, found.case_id).number
    view = open_view(number)
    with engine.database.read() as conn:
        found, data = read_document(conn, engine.archive, document_id)
    engine.inbox.log_read(viewer(), view.id, f"Abrió «{found.title or found.name}»", document_id=document_id)
    return file_response(found, data)


def _number_of(incident_id: UUID) -> str:
    with cartulario().database.read() as conn:
        number = incident_case(conn, incident_id).number
    open_view(number)
    return number


def _named(error: InvalidAnswers, incident_id: UUID) -> dict[str, str]:
    """Each incident of the page has its own fields."""
    return {f"{name}-{incident_id}": text for name, text in error.errors.items()}
