"""Incidents and proofs: retry or resolve what failed; the chain, the replay, the seals."""

from __future__ import annotations

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from engine.cases import ResolveIncident, RetryIncident, resolve_incident, retry_incident
from engine.history.access import require_auditor
from engine.history.case_file import find_case
from engine.history.chain import verify_chain
from engine.history.export import export_json
from engine.history.replay import replay
from engine.history.seals import held_seal, list_seals, make_seal, verify_seal
from web.api import schemas as s
from web.api import schemas_work as w
from web.api.auth import auth, person, viewer
from web.current import cartulario

audit = APIBlueprint("audit", __name__, tag="Auditoría")


@audit.post("/incidents/<uuid:incident_id>/retry")
@audit.auth_required(auth)
@audit.input(w.Retry)
@audit.output(s.Receipt)
@audit.doc(summary="Reintentar lo que falló")
def retry(incident_id: UUID, json_data: w.Retry) -> s.Receipt:
    command = RetryIncident(incident_id, person().id, json_data.reason, json_data.request_id)
    return s.Receipt.model_validate(retry_incident(command, cartulario().engine))


@audit.post("/incidents/<uuid:incident_id>/resolve")
@audit.auth_required(auth)
@audit.input(w.Resolution)
@audit.output(s.Receipt)
@audit.doc(summary="Dar a mano el resultado de lo que falló")
def resolve(incident_id: UUID, json_data: w.Resolution) -> s.Receipt:
    command = ResolveIncident(incident_id, person().id, json_data.result, json_data.reason, json_data.request_id)
    return s.Receipt.model_validate(resolve_incident(command, cartulario().engine))


@audit.get("/audit/cases/<number:number>/chain")
@audit.auth_required(auth)
@audit.output(w.ChainOut)
@audit.doc(summary="Si la cadena de eventos está íntegra")
def chain(number: str) -> w.ChainOut:
    require_auditor(viewer().roles)
    with cartulario().database.read() as conn:
        return w.ChainOut.model_validate(verify_chain(conn, find_case(conn, number).id))


@audit.post("/audit/cases/<number:number>/replay")
@audit.auth_required(auth)
@audit.output(w.ReplayOut)
@audit.doc(summary="Repetir el trámite desde sus eventos")
def repeat(number: str) -> w.ReplayOut:
    require_auditor(viewer().roles)
    app = cartulario()
    with app.database.read() as conn:
        case_id = find_case(conn, number).id
        return w.ReplayOut.model_validate(replay(conn, app.definitions, case_id, app.config.zone))


@audit.get("/audit/cases/<number:number>/export")
@audit.auth_required(auth)
@audit.output(w.Exported)
@audit.doc(summary="El trámite y sus eventos, con lo que cada huella cubre")
def export(number: str) -> Response:
    require_auditor(viewer().roles)
    app = cartulario()
    with app.database.read() as conn:
        case_id = find_case(conn, number).id
        text = export_json(conn, case_id)
    app.inbox.log_read(viewer(), case_id, "Exportó la historia del trámite")
    return Response(text, mimetype="application/json")


@audit.get("/audit/seals")
@audit.auth_required(auth)
@audit.output(w.SealList)
@audit.doc(summary="Los sellos hechos")
def seals() -> w.SealList:
    require_auditor(viewer().roles)
    with cartulario().database.read() as conn:
        return w.SealList(items=[w.SealOut.model_validate(seal) for seal in list_seals(conn)])


@audit.post("/audit/seals")
@audit.auth_required(auth)
@audit.output(w.SealOut, status_code=201)
@audit.doc(summary="Sellar ahora")
def new_seal() -> w.SealOut:
    require_auditor(viewer().roles)
    app = cartulario()
    with app.database.write() as conn:
        return w.SealOut.model_validate(make_seal(conn, app.clock.now()))


@audit.get("/audit/seals/<int:n>")
@audit.auth_required(auth)
@audit.output(w.Exported)
@audit.doc(summary="El archivo de un sello, para guardarlo afuera")
def seal_file(n: int) -> Response:
    require_auditor(viewer().roles)
    with cartulario().database.read() as conn:
        return Response(held_seal(conn, n), mimetype="application/json")


@audit.post("/audit/seals/comparison")
@audit.auth_required(auth)
@audit.input(w.HeldSeal)
@audit.output(w.SealReportOut)
@audit.doc(summary="Comparar la base con un sello guardado")
def compare(json_data: w.HeldSeal) -> w.SealReportOut:
    require_auditor(viewer().roles)
    with cartulario().database.read() as conn:
        return w.SealReportOut.model_validate(verify_seal(conn, json_data.seal))
