"""The viewer of a cotejo: pictures and links, in a frame, for those who may do the task and for nobody else."""

from __future__ import annotations

import io
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from PIL import Image

from engine.cases import CompleteTask, StartCase, complete_task, start_case
from engine.config import ROOT
from engine.definitions import Bundle, publish
from engine.documents import accept_upload
from engine.storage.tables import task
from tests.support.face import House, run_jobs
from tests.support.prepared import foreign

ASKED = {
    "titulo_certificado": "Certificado de inglés B1",
    "emisor": "Instituto de Lenguas «Andrés Bello», Quito",
    "a_favor_de": "Joaquín Sebastián D’Angelo Núñez",
    "emitido_certificado": "2024-03-11",
    "original_en": "papel",
    "destino": "Ministerio del Trabajo",
    "declaracion": True,
}


@dataclass
class Cotejo:
    house: House
    case_id: UUID

    def task(self, element: str) -> UUID:
        query = sa.select(task.c.id).where(
            task.c.case_id == self.case_id, task.c.element == element, task.c.status == "open"
        )
        with self.house.app.database.read() as conn:
            return UUID(str(conn.execute(query).scalar_one()))

    def bring(self, **found: object) -> UUID:
        """The Archivo says with what to compare; the task that compares is open."""
        answers = {"hallazgo": "escaneado", **found}
        actor = self.house.people["archivera"]
        complete_task(CompleteTask(self.task("traer_original"), actor, answers, uuid4()), self.house.app.engine)
        return self.task("cotejar")


def upload(house: House, data: bytes, name: str, who: str) -> str:
    app = house.app
    with app.database.write() as conn:
        return str(
            accept_upload(
                conn, app.archive, filename=name, stream=io.BytesIO(data), allowed=[], max_bytes=app.config.max_upload,
                created_by=house.people[who], at=house.clock.now(),
            ).id
        )  # fmt: skip


@pytest.fixture
def cotejo(office: House) -> Cotejo:
    app = office.app
    with app.database.write() as conn:
        publish(
            conn,
            Bundle.read(ROOT / "bpmn", ROOT / "forms", "solicitar_sellado"),
            None,
            office.clock.now(),
            app.operations,
        )
    office.person("archivera", "Noemí", "Güemes", "archivo")
    answers = {**ASKED, "certificado": [upload(office, foreign(), "ajeno.pdf", "maria")]}
    receipt = start_case(StartCase("solicitar_sellado", office.people["maria"], answers, uuid4()), app.engine)
    run_jobs(office)
    return Cotejo(office, receipt.case_id)


@pytest.mark.req("C-45")
def test_the_submitted_file_and_the_reference_stand_side_by_side_as_pictures(cotejo: Cotejo) -> None:
    scan = upload(cotejo.house, foreign(), "escaneado.pdf", "archivera")
    task_id = cotejo.bring(original_escaneado=[scan])
    rosa = cotejo.house.enter("rosa")
    assert f'src="/bandeja/{task_id}/cotejo"' in rosa.open(f"/bandeja/{task_id}").text
    page = rosa.open(f"/bandeja/{task_id}/cotejo")
    assert page.text.count("<img") == 2
    assert "Página 1 de 1" in page.text
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    for side in ("presentado", "referencia", "diferencias"):
        drawn = rosa.open(f"/bandeja/{task_id}/cotejo/{side}/1.png?ancho=300")
        with Image.open(io.BytesIO(drawn.data)) as picture:
            assert (picture.format, picture.width) == ("PNG", 300)
        assert drawn.headers["Cache-Control"] == "private, no-store"
    marked = rosa.open(f"/bandeja/{task_id}/cotejo?ver=diferencias&zoom=2")
    assert "Nada: el texto y la imagen son iguales." in marked.text
    assert "ancho=1600" in marked.text
    for path in ("presentado/0.png", "presentado/2.png", "presentado/1.png?ancho=90000", "otro/1.png"):
        assert rosa.open(f"/bandeja/{task_id}/cotejo/{path}").status_code == 404
    assert "Página 1 de 1" in rosa.open(f"/bandeja/{task_id}/cotejo?pagina=99&zoom=x").text


def test_only_those_who_see_the_task_see_the_cotejo_and_a_code_of_nobody_is_told(cotejo: Cotejo) -> None:
    noemi, earlier = cotejo.house.enter("archivera"), cotejo.task("traer_original")
    assert "/cotejo" not in noemi.open(f"/bandeja/{earlier}").text
    assert noemi.open(f"/bandeja/{earlier}/cotejo").status_code == 404  # it compares nothing
    task_id = cotejo.bring(hallazgo="archivo", codigo_original="7K3M-Q9PX-2B4H")
    page = cotejo.house.enter("rosa").open(f"/bandeja/{task_id}/cotejo").text
    assert "Ningún documento nuestro lleva el código 7K3M-Q9PX-2B4H" in page
    addresses = (f"/bandeja/{task_id}/cotejo", f"/bandeja/{task_id}/cotejo/presentado/1.png")
    for who in ("maria", "archivera"):  # the requester; the Archivo, whose task it is not
        visitor = cotejo.house.enter(who)
        assert [visitor.open(address).status_code for address in addresses] == [404, 404]
    nobody = cotejo.house.visitor()
    assert [nobody.open(address).status_code for address in addresses] == [302, 302]
