"""A document that is not the one its case's history names is found, and so is one that is no longer there (R-5, R-9)."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest

from engine.history.documents import verify_documents
from engine.storage.tables import document, event, original
from tests.unit.history.conftest import MONDAY, Office


def keep(office: Office, case_id: UUID | None, name: str, sha256: str, kind: str = "issued") -> UUID:
    facts = {"size": 10, "media_type": "application/pdf"}
    office.conn.execute(original.insert().values(sha256=sha256, stored_at=MONDAY, **facts))
    made = uuid4()
    row = {"id": made, "case_id": case_id, "kind": kind, "name": name, "title": name, "sha256": sha256, "scan": "clean"}
    office.conn.execute(document.insert().values(row | facts | {"created_at": MONDAY}))
    return made


def result(made: UUID, name: str, sha256: str) -> dict[str, object]:
    return {"id": str(made), "nombre": name, "titulo": name, "codigo": "", "sha256": sha256}


@pytest.fixture
def told(office: Office) -> dict[str, UUID]:
    """A case with one document of each way in which an event names it."""
    case_id = office.open_case("SG-1")
    names = ("pedido", "borrador", "copia", "firmado", "agregado", "renovado")
    made = {
        name: keep(office, case_id, f"{name}.pdf", letter * 64) for name, letter in zip(names, "abcdef", strict=True)
    }

    def said(name: str, letter: str) -> dict[str, str]:
        return {"document": str(made[name]), "name": f"{name}.pdf", "sha256": letter * 64}

    office.append(case_id, "case_started", {"data": {}, "files": [said("pedido", "a")]})
    office.append(case_id, "result_delivered", {"result": result(made["borrador"], "borrador.pdf", "b" * 64)})
    office.append(case_id, "result_delivered", {"result": {"pdf": result(made["copia"], "copia.pdf", "c" * 64)}})
    shown = result(made["firmado"], "firmado.pdf", "b" * 64)  # the variable keeps the digest of what was signed
    office.append(case_id, "task_completed", {"signed": {"acta": shown}, "signature": said("firmado", "d")})
    office.append(case_id, "document_added", said("agregado", "e"))
    office.append(case_id, "document_renewed", said("renovado", "f"))
    return made


@pytest.mark.req("R-5")
def test_documents_that_are_those_of_their_history_are_compared_and_intact(
    office: Office, told: dict[str, UUID]
) -> None:
    report = verify_documents(office.conn)
    assert (report.compared, report.discrepancies, report.untold) == (len(told), (), ())
    assert report.intact


@pytest.mark.req("R-5", "R-9")
@pytest.mark.parametrize("name", ["pedido", "borrador", "copia", "firmado", "agregado", "renovado"])
def test_a_document_whose_row_names_other_bytes_is_named(office: Office, told: dict[str, UUID], name: str) -> None:
    other = keep(office, None, "otro.pdf", "0" * 64)
    office.conn.execute(document.update().where(document.c.id == told[name]).values(sha256="0" * 64))
    report = verify_documents(office.conn)
    assert len(report.discrepancies) == 1
    assert f"SG-1: el documento «{name}.pdf», que registró el evento" in report.discrepancies[0]
    office.conn.execute(document.delete().where(document.c.id.in_([told[name], other])))
    (gone,) = verify_documents(office.conn).discrepancies
    assert f"SG-1: falta el documento «{name}.pdf»" in gone


def test_an_issued_document_of_a_time_when_events_told_no_digest_is_no_failure(office: Office) -> None:
    case_id = office.open_case("SG-1")
    old, _draft = keep(office, case_id, "viejo.pdf", "a" * 64), keep(office, case_id, "b.pdf", "b" * 64, "draft")
    keep(office, None, "informe.pdf", "c" * 64)
    office.append(case_id, "task_completed", {"signed": {"acta": {"id": str(old)}}, "signature": {"signer": "Ana"}})
    report = verify_documents(office.conn)
    assert (report.compared, report.discrepancies, report.untold) == (0, (), ("SG-1: «viejo.pdf»",))


def test_what_a_person_answers_accuses_nobody_and_a_damaged_event_stops_nothing(
    office: Office, told: dict[str, UUID]
) -> None:
    case_id = office.open_case("SG-2")
    false = result(told["firmado"], "x", "0" * 64)
    office.append(case_id, "task_completed", {"answers": {"a": false}, "changes": {"a": [None, false]}})
    office.append(case_id, "incident_resolved", {"result": false})
    office.append(case_id, "message_delivered", {"payload": false})
    office.append(case_id, "comment_added", {"text": json.dumps(false)})
    office.append(case_id, "document_added", {"document": "no", "sha256": "0" * 64})
    office.append(case_id, "document_added", {"sha256": "x"})
    office.conn.execute(event.update().where(event.c.case_id == case_id, event.c.n == 6).values(data='{"sha256":'))
    assert verify_documents(office.conn).intact


def test_many_are_compared_without_keeping_them_all(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.history.documents.AT_A_TIME", 2)
    case_id = office.open_case("SG-1")
    made = [keep(office, case_id, f"{n}.pdf", f"{n:064}") for n in range(7)]
    for n, one in enumerate(made):
        office.append(case_id, "result_delivered", {"result": result(one, f"{n}.pdf", f"{n:064}")})
    office.conn.execute(document.delete().where(document.c.id == made[6]))
    report = verify_documents(office.conn)
    assert (report.compared, len(report.discrepancies)) == (7, 1)
