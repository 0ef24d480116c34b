"""A stranger with the code of a signed acta: before its publication the verdict, not the file nor what it says."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.actas import examen as exam
from engine.documents import store_document
from engine.storage.tables import acta
from tests.support import examen
from tests.support.face import House, a_pdf

CODE = "7K3M-Q9PX-2B4H"
CURSO = "Métodos numéricos"


pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def signed_acta(house: House) -> tuple[exam.Acta, bytes]:
    """«Bloqueada», its final document with a code and in the archive."""
    app, data = house.app, a_pdf()
    (one,) = examen.actas(app.database, examen.open_mesa(app.database, 2))
    examen.bring(app.database, one.id, "a_firma")
    with app.database.write() as conn:
        final = store_document(
            conn, app.archive, case_id=None, kind="issued", name=f"{one.base}.pdf", title="Acta de Examen", code=CODE,
            media_type="application/pdf", data=data, facts=[["Curso", CURSO]], at=examen.AT,
            signatures=[{"signer": "Autoridad", "serial": "1"}],
        )  # fmt: skip
        exam.move_acta(conn, one.id, "firmada", job_key="firma", by=None, at=examen.AT, document_id=final.id)
    return one, data


@pytest.mark.req("R-50")
def test_a_signed_acta_is_vouched_for_but_not_handed_out_before_its_publication(exams: House) -> None:
    one, data = signed_acta(exams)
    visitor = exams.visitor()
    for state in ("firmada", "bloqueada"):
        examen.bring(exams.app.database, one.id, state)
        page = visitor.open(f"/verificar/{CODE}")
        assert page.status_code == 200
        assert "Sí, y es idéntico" in page.text
        assert CURSO not in page.text
        assert "/original" not in page.text
        assert visitor.open(f"/verificar/{CODE}/original").status_code == 404
        told = visitor.open(f"/api/v1/verification/{CODE}").get_json()
        assert (told["title"], told["facts"]) == ("Acta de Examen", [])
    with exams.app.database.write() as conn:
        conn.execute(sa.update(acta).where(acta.c.id == one.id).values(state="publicada", published_at=examen.AT))
    assert visitor.open(f"/verificar/{CODE}/original").data == data
    assert CURSO in visitor.open(f"/verificar/{CODE}").text
    assert visitor.open(f"/api/v1/verification/{CODE}").get_json()["facts"] == [["Curso", CURSO]]
