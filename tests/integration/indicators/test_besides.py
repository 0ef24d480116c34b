"""What stands beside the cases of a service: session actas, complaints about it, the mark at delivery."""

from __future__ import annotations

import uuid
from datetime import date
from uuid import UUID

import pytest

from engine.cases import RateCase, StartCase, rate_case, start_case
from engine.documents import release, store_document
from engine.indicators import compact_all
from engine.storage.tables import acta_sesion, collegiate_body
from tests.support.counted import Counted, bundle


@pytest.mark.req("C-54")
def test_actas_count_when_they_are_approved_and_copies_of_them_apart(counted: Counted) -> None:
    now, clock = counted.office.clock.now(), counted.office.clock
    with counted.app.database.write() as conn:
        body = {"code": "OCS", "name": "Órgano Colegiado Superior", "active": True, "created_at": now}
        conn.execute(collegiate_body.insert(), body)
        stored = store_document(
            conn,
            counted.app.archive,
            case_id=None,
            kind="attachment",
            name="acta.pdf",
            title="Acta",
            media_type="application/pdf",
            data=b"%PDF-1.7 acta",
            at=now,
        )
        approved = [date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 31), None]
        conn.execute(
            acta_sesion.insert(), [_acta(n, day, stored.sha256, now) for n, day in enumerate(approved, start=1)]
        )
    actas = next(one for one in counted.board().headlines if one.code == "actas")
    assert (actas.now, actas.before) == (2, 1)
    assert next(one for one in counted.board().headlines if one.code == "A1").now == 0
    assert [point.actas for point in counted.board().series][-2:] == [1, 2]
    assert clock.now() == now


def _acta(number: int, approved: date | None, sha256: str, at: object) -> dict[str, object]:
    return {
        "id": uuid.uuid4(),
        "body": "OCS",
        "year": 2026,
        "number": number,
        "date": date(2026, 2, 20),
        "kind": "ordinaria",
        "title": "Sesión ordinaria",
        "pages": 3,
        "status": "approved" if approved else "draft",
        "approved_on": approved,
        "sha256": sha256,
        "imported_at": at,
        "search": " acta ",
        "reserved": "none",
    }


def test_a_complaint_counts_for_the_service_that_it_is_about_open_or_ended(counted: Counted) -> None:
    subject = counted.start()
    files = {name: data.replace(b"certificado_de_prueba", b"atender_queja") for name, data in bundle().items()}
    files["proceso.toml"] = files["proceso.toml"].replace(b'servicio = "B1"\n', b"")
    counted.office.publish(files, "atender_queja")
    ended, still_open = _complain(counted, subject), _complain(counted, subject)
    _complain(counted, None)
    counted.deliver(ended)
    for _ in range(2):
        line = next(one for one in counted.board().services if one.offer.code == "B1")
        assert line.figures.complaints == 2
        assert counted.board().complaints == 3
        assert counted.board(service="B1").complaints == 2
        assert counted.recount().agrees
        compact_all(counted.app.database)
    assert counted.open(still_open, "revisar") is not None


def _complain(counted: Counted, about: UUID | None) -> UUID:
    command = StartCase("atender_queja", counted.office.maria, {}, uuid.uuid4(), about=about, confirmed=True)
    return start_case(command, counted.app.engine).case_id


def test_the_mark_at_delivery_is_averaged_and_recounted(counted: Counted) -> None:
    for score in (5, 4, 4):
        case_id = counted.start()
        counted.deliver(case_id)
        _hand_over(counted, case_id)
        rate_case(RateCase(case_id, counted.office.maria, score), counted.app.engine)
    total = counted.board().total
    assert (total.answers, total.satisfaction) == (3, 4.3)
    assert counted.recount().agrees


def _hand_over(counted: Counted, case_id: UUID) -> None:
    now = counted.office.clock.now()
    with counted.app.database.write() as conn:
        made = store_document(
            conn,
            counted.app.archive,
            case_id=case_id,
            kind="issued",
            name="certificado.pdf",
            title="Certificado",
            media_type="application/pdf",
            data=f"%PDF-1.7 {case_id}".encode(),
            at=now,
        )
        release(conn, [made.id], now)
