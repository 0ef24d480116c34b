"""Whoever shows an acta that was rectified is told so by its verification, from the later one's publication on (R-48)."""

from __future__ import annotations

import io
from uuid import UUID, uuid4

import pytest

from engine.actas import examen as exam
from engine.actas.examen import open_rectification
from engine.documents import store_document
from tests.support import examen
from tests.support.face import House, a_pdf

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
FIRST, SECOND = "7K3M-Q9PX-2B4H", "8K3M-Q9PX-2B4H"


def publish(house: House, acta_id: UUID, code: str, file: bytes, mark: str) -> None:
    """From where it is to «publicada», its original with a code and bytes of its own."""
    app, paper = house.app, {"kind": "issued", "title": "Acta", "media_type": "application/pdf"}
    examen.bring(app.database, acta_id, "a_firma", mark=mark)
    with app.database.write() as conn:
        name, signed = f"{exam.get_acta(conn, acta_id).base}.pdf", [{"signer": "Autoridad", "serial": "1"}]
        document = store_document(
            conn, app.archive, case_id=None, name=name, data=file, code=code, signatures=signed, at=examen.AT, **paper
        )
        how = {"job_key": code, "by": None, "at": examen.AT}
        exam.move_acta(conn, acta_id, "firmada", document_id=document.id, **how)
    examen.bring(app.database, acta_id, "bloqueada")
    with app.database.write() as conn:
        exam.publish(conn, [acta_id], exam.Schedule.of(app.config), app.clock.now())


@pytest.mark.req("R-48", "R-50")
def test_the_first_acta_is_authentic_and_says_which_row_another_put_right(exams: House) -> None:
    app, file = exams.app, a_pdf()
    (first,) = examen.actas(app.database, examen.open_mesa(app.database, 3))
    publish(exams, first.id, FIRST, file, "10")
    with app.database.write() as conn:
        how = {"capacity": 500, "by": None, "at": examen.AT, "zone": examen.ZONE, "job_key": str(uuid4())}
        later = open_rectification(conn, first.id, filas=[2], reason="La nota de la fila 2.", **how)
    visitor = exams.visitor()
    assert "rectificada" not in visitor.open(f"/verificar/{FIRST}").text
    publish(exams, later, SECOND, file + b"\n", "2")
    with app.database.read() as conn:
        base = exam.get_acta(conn, later).base
        (told,) = exam.export_grades(conn, first.mesa_id, app.clock.now())["actas"][:1]
    said = f"La fila 2 de esta acta fue rectificada por el acta {base}, código {SECOND}."
    assert [row["reemplazada_por"] for row in told["alumnos"]] == [None, base, None]
    assert said in visitor.open(f"/verificar/{FIRST}").text
    sent = visitor.send("/verificar", {"archivo": (io.BytesIO(file), "acta.pdf")})
    assert said in sent.text
    assert "rectificada" not in visitor.open(f"/verificar/{SECOND}").text
    api = visitor.client.get(f"/api/v1/verification/{FIRST}").json["superseded_by"]
    assert api == [{"base": base, "kind": "rectificativa", "code": SECOND, "filas": [2]}]
    upload = visitor.client.post("/api/v1/verification", data={"file": (io.BytesIO(file), "acta.pdf")})
    assert upload.json["superseded_by"] == api
