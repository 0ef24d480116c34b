"""The operations that make, seal and deliver a document, run as a worker runs them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from engine.app import Cartulario
from engine.documents import Document, find_by_code, list_documents, read_document, store_document
from engine.errors import OperationFailed, Unavailable
from engine.inbound.worker import run_job
from engine.operations import CATALOGUE, Call, perform
from engine.signing import Signing, empty_fields, verify_pdf
from tests.support.one_job import incidents, job_keys, job_row, open_office, publish_one_job, requester, start
from tests.support.paper import files
from tests.support.pki import Authority, authority

__all__ = ["authority"]
TEMPLATE = """{% extends "_base/oficio.html" %}
{% block cuerpo %}{{ p.persona(tramite.solicitante.nombre) }}<p>{{ numero }}</p>{% endblock %}
{% block firma %}{{ p.firma("Secretaría General", "Sello institucional", hueco="hueco_sello") }}{% endblock %}"""
GIVEN = {
    "template": "'certificacion.html'",
    "name": "'certificacion'",
    "title": "'Certificación'",
    "data": "{'tramite': tramite}",
    "facts": "[['Titular', tramite.solicitante.nombre]]",
}


@pytest.fixture
def office(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data", public_url="https://une.example/", **authority.pki.settings())
    yield app
    app.close()


@pytest.fixture
def draft(office: Cartulario) -> Document:
    """A document that a diagram asked for."""
    publish_one_job(office, "render_document", files(TEMPLATE), **GIVEN)
    case_id = start(office, requester(office)).case_id
    (key,) = job_keys(office)
    run_job(office, key)
    assert job_row(office, key).status == "done", incidents(office)
    with office.database.read() as conn:
        (document,) = list_documents(conn, case_id)
    return document


def call(office: Cartulario, document: Document, key: str = "job-2", **tools: Any) -> Call:
    (made,) = job_keys(office)
    version = job_row(office, made)
    with office.database.read() as conn:
        row = conn.exec_driver_sql('SELECT version_id FROM "case"').one()
    return Call(
        key=key,
        case_id=document.case_id or version.case_id,  # type: ignore[arg-type]
        case_number="NT-2026-000001",
        process="una_nota",
        version_id=row.version_id if isinstance(row.version_id, UUID) else UUID(str(row.version_id)),
        element="sellar",
        requester_id=None,
        round=0,
        at=datetime.now(UTC),
        tools=replace(office.tools, **tools),
    )


def run(name: str, parameters: dict[str, Any], asked: Call) -> dict[str, Any]:
    return perform(CATALOGUE[name], parameters, asked)


def test_a_document_is_made_with_its_code_its_facts_and_its_gap(office: Cartulario, draft: Document) -> None:
    assert (draft.kind, draft.name, draft.title) == ("draft", "certificacion.pdf", "Certificación")
    assert draft.facts == [["Titular", "María José Ñáñez de la Cruz"]]
    assert draft.code is not None
    with office.database.read() as conn:
        _document, pdf = read_document(conn, office.archive, draft.id)
        assert find_by_code(conn, draft.code) is None
    assert empty_fields(pdf) == ["hueco_sello"]
    assert draft.code.encode() in pdf


def test_a_job_run_again_makes_nothing_new(office: Cartulario, draft: Document) -> None:
    given = {"template": "certificacion.html", "name": "certificacion", "title": "Certificación", "data": {}}
    again = run("render_document", given, call(office, draft, draft.job_key or ""))
    assert again["id"] == str(draft.id)


def test_a_second_draft_keeps_the_code(office: Cartulario, draft: Document) -> None:
    given = {
        "template": "certificacion.html",
        "name": "certificacion",
        "title": "Certificación",
        "data": {"tramite": {"solicitante": {"nombre": "María José Ñáñez"}}},
    }
    second = run("render_document", given, call(office, draft))
    assert second["id"] != str(draft.id)
    assert second["codigo"] == draft.code


def test_a_field_that_the_case_lacks_stops_the_job_at_once_and_is_named(office: Cartulario) -> None:
    publish_one_job(office, "render_document", files(TEMPLATE), **{**GIVEN, "data": "{'tramite': {}}"})
    start(office, requester(office))
    (key,) = job_keys(office)
    run_job(office, key)
    (stopped,) = incidents(office)
    assert stopped.permanent
    assert "«solicitante»" in str(stopped.cause)


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
def test_a_sealed_document_is_issued_verifiable_and_made_once(office: Cartulario, draft: Document, level: str) -> None:
    asked = call(office, draft)
    sealed = run("seal_document", {"document": {"id": str(draft.id)}, "level": level}, asked)
    assert run("seal_document", {"document": str(draft.id), "level": level}, asked) == sealed
    with office.database.read() as conn:
        issued = find_by_code(conn, draft.code or "")
        assert issued is not None
        assert str(issued.id) == sealed["id"]
        _document, pdf = read_document(conn, office.archive, issued.id)
    assert issued.signatures[0]["level"] == level
    assert issued.facts == draft.facts
    verdict = verify_pdf(pdf, office.signing.trust, original=pdf, at=datetime.now(UTC))
    assert verdict.accepted
    assert verdict.signers[0].name.startswith("Sello de")
    assert empty_fields(pdf) == []


def test_a_service_that_is_down_is_tried_again_and_a_missing_seal_is_not(office: Cartulario, draft: Document) -> None:
    down = Signing(office.signing.trust, office.signing.seal_key, "http://127.0.0.1:9/tsa")
    with pytest.raises(Unavailable):
        run("seal_document", {"document": str(draft.id), "level": "B-T"}, call(office, draft, signing=down))
    with pytest.raises(OperationFailed) as failure:
        run("seal_document", {"document": str(draft.id)}, call(office, draft, signing=Signing()))
    assert failure.value.permanent


def test_delivered_documents_are_listed_for_the_requester(office: Cartulario, draft: Document) -> None:
    asked = call(office, draft)
    assert draft.case_id is not None
    with office.database.read() as conn:
        assert list_documents(conn, draft.case_id, released_only=True) == []
    first = run("release_documents", {"documents": [str(draft.id)]}, asked)
    assert run("release_documents", {"documents": [str(draft.id)]}, asked) == first
    with office.database.read() as conn:
        (released,) = list_documents(conn, draft.case_id, released_only=True)
    assert released.id == draft.id


@pytest.mark.parametrize(
    ("operation", "parameter"), [("seal_document", "document"), ("release_documents", "documents")]
)
def test_a_document_of_another_case_is_out_of_reach(
    office: Cartulario, draft: Document, operation: str, parameter: str
) -> None:
    with office.database.write() as conn:
        other = store_document(
            conn,
            office.archive,
            case_id=None,
            kind="upload",
            name="a.pdf",
            title="A",
            media_type="application/pdf",
            data=b"x",
            at=datetime.now(UTC),
        )
    for wanted in (str(other.id), "00000000-0000-0000-0000-000000000001"):
        given = {parameter: [wanted] if parameter == "documents" else wanted}
        with pytest.raises(OperationFailed) as failure:
            run(operation, given, call(office, draft))
        assert failure.value.permanent
