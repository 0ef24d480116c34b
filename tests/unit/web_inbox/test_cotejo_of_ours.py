"""The cotejo of a copy of ours that looks equal and is not: nobody may take it for the original."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine.cases import StartCase, start_case
from engine.config import Config
from engine.signing import DemoServer, load_signing, open_demo_pki
from engine.storage.tables import task
from tests.support.face import House, publish_process, run_jobs
from tests.support.prepared import own
from tests.unit.web_inbox.test_cotejo import ASKED, upload


@pytest.fixture
def sealing(office: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    pki = open_demo_pki(tmp_path_factory.mktemp("pki"), "Universidad Nacional del Estuario")
    with DemoServer(pki):
        signing = load_signing(Config(**pki.settings()))
    for holder in (office.app, office.app.tools):
        object.__setattr__(holder, "signing", signing)
    publish_process(office, "solicitar_sellado")
    return office


def comparing(house: House, data: bytes) -> UUID:
    """The task that compares what María brings."""
    answers = {**ASKED, "certificado": [upload(house, data, "copia.pdf", "maria")]}
    case_id = start_case(
        StartCase("solicitar_sellado", house.people["maria"], answers, uuid4()), house.app.engine
    ).case_id
    run_jobs(house)
    query = sa.select(task.c.id).where(task.c.case_id == case_id, task.c.element == "cotejar", task.c.status == "open")
    with house.app.database.read() as conn:
        return UUID(str(conn.execute(query).scalar_one()))


@pytest.mark.req("C-45")
def test_a_copy_of_ours_with_one_byte_changed_looks_equal_and_is_said_not_to_be(sealing: House) -> None:
    ours = own(sealing.app)
    at = ours.index(b"\n%") + 2  # of the comment after the header: nothing of it is drawn
    changed = ours[:at] + bytes([ours[at] ^ 1]) + ours[at + 1 :]
    task_id = comparing(sealing, changed)
    page = sealing.enter("rosa").open(f"/bandeja/{task_id}/cotejo?ver=diferencias").text
    assert "No es el archivo original, aunque se vea igual" in page
    assert "La firma y el sello electrónicos del original no valen en esta copia" in page
    assert "El contenido fue alterado: ya no es lo que se firmó." in page
    assert "En esta página el texto y la imagen son iguales, pero el archivo no es el original" in page
    assert "Nada: el texto y la imagen son iguales." not in page
    beside = sealing.enter("rosa").open(f"/bandeja/{task_id}/cotejo?ver=lado").text
    assert "No es el archivo original, aunque se vea igual" in beside
