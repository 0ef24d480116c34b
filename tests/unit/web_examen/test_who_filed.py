"""Whoever filed the list of a mesa opens the papers of its actas when the work comes to their own Departamento."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.documents import store_document
from engine.storage.tables import case, task
from tests.support import examen
from tests.support.face import House, a_pdf
from tests.support.grading import waiting_acta

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.req("R-11")
def test_the_papers_of_the_task_open_for_whom_filed_it(exams: House) -> None:
    app, quimica = exams.app, exams.people["quimica"]
    task_id, _acta_id = waiting_acta(exams)
    with app.database.write() as conn:
        case_id = conn.scalars(sa.select(case.c.id)).one()
        conn.execute(sa.update(case).values(requester_id=quimica, filed_by_id=quimica))
        paper = store_document(
            conn, app.archive, case_id=case_id, kind="draft", name="acta.pdf", title="Acta de Examen",
            media_type="application/pdf", data=a_pdf(), at=examen.AT,
        )  # fmt: skip
    visitor, address = exams.enter("quimica"), f"/casos/documentos/{paper.id}"
    assert visitor.open(address).status_code == 404
    with app.database.write() as conn:
        conn.execute(sa.update(task).values(role="departamento:quimica"))
    page = visitor.open(f"/bandeja/{task_id}")
    assert page.status_code == 200
    assert f'href="{address}"' in page.text
    assert visitor.open(address).data == a_pdf()
    assert exams.enter("maria").open(address).status_code == 404
