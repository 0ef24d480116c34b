"""A task that asks for a signature: the certificate is shown, the PIN is tried three times and kept nowhere."""

import io
import re
import shutil
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine.app import build
from engine.clock import FixedClock
from engine.config import Config
from engine.inbox import Filters
from engine.people import update_person
from engine.signing import add_certificate, add_pkcs12, load_pkcs12
from engine.storage.tables import case, document, event, task, unsent_form
from tests.support.face import House, complete
from tests.support.outside_signer import sign_outside
from tests.support.pki import PIN, authority  # noqa: F401 - a fixture
from web.app import create_app
from web.security import limiter

RECORD = {
    "carrera": "Derecho",
    "facultad": "Ciencias Sociales",
    "modalidad": "Presencial",
    "estado_academico": "Graduado",
    "ingreso": "1998",
    "promedio": 88,
    "materias": [],
    "fuente": "Libro 4",
}


@pytest.fixture
def house(furnished, smtp, tmp_path, authority):  # noqa: F811
    database = shutil.copy(furnished, tmp_path / "cartulario.db")
    settings = authority.pki.settings()
    config = Config(database_url=f"sqlite:///{database}", data_dir=tmp_path, smtp_port=smtp, **settings)
    clock = FixedClock(datetime.now(UTC))
    app = build(config, clock)
    made = House(app, clock, create_app(app))
    limiter.reset()
    with app.database.read() as conn:
        made.people = {row.username: row.id for row in conn.execute(sa.text("SELECT username, id FROM person"))}
    made.people = {name: UUID(str(key)) for name, key in made.people.items()}
    made.person("general", "Fiorella", "D'Angelo", "secretario_general")
    with app.database.write() as conn:
        data = authority.pki.person_pkcs12("Fiorella D'Angelo", "0912345675", PIN)
        add_pkcs12(conn, made.people["general"], data, PIN, "Firma de Fiorella", clock.now())
    yield made
    app.close()


@pytest.fixture
def number(house):
    filed = house.enter("maria").file()
    complete(house, filed, "revisar_admisibilidad", "rosa", admision="admitir", fuente_registro="libros")
    complete(house, filed, "cargar_registro", "rosa", **RECORD)
    complete(house, filed, "revisar_borrador", "rosa", revision="aprobar")
    return filed


@pytest.fixture
def desk(house, number):
    """The signer's browser and the task's address."""
    viewer = house.app.inbox.viewer(house.people["general"])
    [row] = house.app.inbox.list_tasks(viewer, Filters(tab="grupos")).rows
    return house.enter("general"), f"/bandeja/{row.id}"


def sign(desk, pin, **answers):
    visitor, address = desk
    data = {"request_id": str(uuid4()), "_despues": "lista", "decision_firma": "firmar", "pin": pin, **answers}
    return visitor.send(f"{address}/completar", data)


def test_the_task_shows_the_document_and_the_signers_certificate(desk):
    page = desk[0].open(desk[1]).text
    assert "/casos/documentos/" in page
    assert "Fiorella D" in page
    assert 'type="password" autocomplete="off"' in page


@pytest.mark.req("R-9")
def test_the_right_pin_signs_and_the_case_goes_on(house, desk, number):
    assert sign(desk, PIN).status_code == 303
    with house.app.database.read() as conn:
        assert conn.scalar(sa.select(case.c.id).where(case.c.number == number))
        [signed] = conn.execute(sa.select(document.c.signatures).where(document.c.kind == "issued")).scalars()
        assert signed[0]["signer"].startswith("Fiorella D'Angelo")


def test_three_wrong_pins_pause_the_signature_and_the_tries_left_are_told(house, desk):
    assert "Le quedan 2 intentos" in sign(desk, "0000").text
    assert "Le queda 1 intento" in sign(desk, "0000").text
    assert "en pausa" in sign(desk, "0000").text
    paused = sign(desk, PIN)
    assert paused.status_code == 429
    assert "en pausa" in paused.text
    house.clock.advance(timedelta(minutes=16))
    assert sign(desk, PIN).status_code == 303


def test_a_wrong_pin_is_not_written_anywhere(house, desk, caplog):
    answer = sign(desk, "83741926")
    assert answer.status_code == 422
    assert "83741926" not in answer.text
    assert "83741926" not in caplog.text
    with house.app.database.read() as conn:
        kept = [str(row) for table in (task, event, unsent_form) for row in conn.execute(sa.select(table))]
    assert not any("83741926" in row for row in kept)


def test_an_answer_that_does_not_sign_needs_no_pin(desk):
    assert sign(desk, "", decision_firma="devolver", motivo_firma="Falta el segundo apellido").status_code == 303


@pytest.mark.req("R-9", "R-43")
def test_the_file_signed_with_another_program_does_without_a_pin(house, desk, authority):  # noqa: F811
    """The right one goes on; another is refused beside the question, with the reason."""
    page = desk[0].open(desk[1]).text
    address = re.search(r'href="(/casos/documentos/[^"]+\?descargar)"', page)[1]
    issued = desk[0].open(address).data
    with house.app.database.write() as conn:
        update_person(conn, house.people["general"], identity_kind="cedula", identity_number="0912345675")
    refused = sign(desk, "", firmado=(io.BytesIO(issued), "certificacion.pdf"))
    assert refused.status_code == 422
    assert 'id="firmado-e"' in refused.text
    assert "no trae ninguna firma nueva" in refused.text
    p12 = authority.pki.person_pkcs12("Fiorella en otra parte", "0912345675", PIN)
    returned = sign_outside(issued, p12, PIN, house.clock.now())
    assert sign(desk, "", firmado=(io.BytesIO(returned), "certificacion.pdf")).status_code == 303
    with house.app.database.read() as conn:
        [signed] = conn.execute(sa.select(document.c.signatures).where(document.c.kind == "issued")).scalars()
    assert signed[0]["signer"].startswith("Fiorella en otra parte")


@pytest.mark.req("R-9", "R-23", "R-43")
def test_who_registered_only_their_certificate_signs_elsewhere_and_is_known_by_it(house, desk, authority):  # noqa: F811
    """No number is known of them: the certificate that they registered says that it is theirs."""
    p12 = authority.pki.person_pkcs12("Fiorella D'Angelo", None, PIN)
    with house.app.database.write() as conn:
        add_certificate(conn, house.people["general"], load_pkcs12(p12, PIN).certificate, "f.cer", house.clock.now())
    page = desk[0].open(desk[1]).text
    assert 'name="pin"' not in page
    assert '<details class="outside" open>' in page
    without = sign(desk, "")
    assert without.status_code == 422
    assert "firma con otro programa" in without.text
    batch = desk[0].open("/lotes/firmar").text
    assert "Usted firma con otro programa" in batch
    assert 'name="pin"' not in batch
    issued = desk[0].open(re.search(r'href="(/casos/documentos/[^"]+\?descargar)"', page)[1]).data
    returned = sign_outside(issued, p12, PIN, house.clock.now())
    assert sign(desk, "", firmado=(io.BytesIO(returned), "certificacion.pdf")).status_code == 303
