"""The operations that make an acta's papers, as a worker runs them: the copies to fill in, the acta to sign, the mail
that backs it, and the printed copy of the original."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import docx
import pikepdf
import pytest
import sqlalchemy as sa

from engine.actas import examen
from engine.actas.examen.returned import compare_return
from engine.actas.examen.returned_apart import read_here
from engine.app import Cartulario
from engine.documents import find_by_code, get_document, read_document, store_document
from engine.errors import OperationFailed
from engine.mail.incoming.received import Arrival, keep
from engine.operations import CATALOGUE, Call, perform
from engine.storage.tables import case, document
from tests.support import examen as support
from tests.support.acta_papel import templates
from tests.support.letters import letter
from tests.support.one_job import open_office, publish_one_job, requester, start

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
TWO_SHEETS = b"<html><body><p>{{ acta.base }}</p><p style='break-before: page'>2</p></body></html>"
AT = datetime(2026, 4, 19, 21, 47, 31, tzinfo=UTC)


@dataclass
class Office:
    app: Cartulario
    case_id: UUID
    version_id: UUID
    actas: list[examen.Acta]

    def run(self, operation: str, key: str = "job", **parameters: Any) -> dict[str, Any]:
        return perform(CATALOGUE[operation], parameters, self.call(key))

    def call(self, key: str) -> Call:
        return Call(
            key=key,
            case_id=self.case_id,
            case_number="AE-2026-000001",
            process="una_nota",
            version_id=self.version_id,
            element="componer",
            requester_id=None,
            round=0,
            at=AT,
            tools=self.app.tools,
        )

    def data(self, made: dict[str, Any]) -> bytes:
        with self.app.database.read() as conn:
            return read_document(conn, self.app.archive, UUID(made["id"]))[1]

    def acta(self, state: str | None = None) -> dict[str, str]:
        """The first, brought to a state, as a diagram hands it on."""
        if state:
            support.bring(self.app.database, self.actas[0].id, state)
        return {"id": str(self.actas[0].id), "base": self.actas[0].base}

    def carga(self) -> str:
        return str(support.read_acta(self.app.database, self.actas[0].id).carga_id)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    settings = {"actas_unit": "Secretaría General de Posgrado", "institution": "Universidad Nacional del Estuario"}
    app = open_office(database_url, tmp_path / "data", public_url="https://une.example/", **settings)
    publish_one_job(app, "note", templates() | {"forms/dos.html": TWO_SHEETS}, text="'x'")
    case_id = start(app, requester(app)).case_id
    mesa = support.open_mesa(app.database, 3, case_id=case_id)
    with app.database.read() as conn:
        version_id = conn.execute(sa.select(case.c.version_id)).scalar_one()
    yield Office(app, case_id, version_id, support.actas(app.database, mesa))
    app.close()


def words(pdf: bytes, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", folder / "a.pdf", "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


@pytest.mark.req("R-31", "R-33", "R-34")
def test_the_copies_to_fill_in_keep_the_base_name_and_come_back_as_what_they_are(office: Office) -> None:
    acta = office.acta()
    made = office.run("make_acta_files", acta=acta, template="acta_cargar.html")
    assert (made["docx"]["nombre"], made["pdf"]["nombre"]) == (f"{acta['base']}.docx", f"{acta['base']}.pdf")
    with office.app.database.read() as conn:
        known = examen.acta_data(conn, office.actas[0].id, office.app.config)
        assert get_document(conn, UUID(made["pdf"]["id"])).kind == "issued"
    for kind in ("docx", "pdf"):
        found = read_here(office.data(made[kind]))
        assert compare_return(found, made[kind]["nombre"], known) == []
        assert [one.nota for one in found.rows] == ["", "", ""]


def test_a_job_run_again_makes_nothing_new(office: Office) -> None:
    first = office.run("make_acta_files", acta=office.acta(), template="acta_cargar.html")
    assert office.run("make_acta_files", acta=office.acta(), template="acta_cargar.html") == first
    with office.app.database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(document)) == 2


@pytest.mark.req("R-33", "R-37", "R-61", "R-62")
def test_the_acta_to_sign_is_made_of_the_accepted_statement(office: Office, tmp_path: Path) -> None:
    acta = office.acta("cargada")
    made = office.run("make_acta_pdf", acta=acta, template="acta.html")
    assert made["nombre"] == f"{acta['base']}.pdf"
    said = words(office.data(made), tmp_path)
    assert "Apellido 00002, Nombre 2 DNI 20.000.002 4 (cuatro)" in said
    assert "Total de alumnos inscriptos: 3 Total de alumnos examinados: 3" in said
    assert f"OBSERVACIONES: {examen.LEGEND[:30]}" in said
    with office.app.database.read() as conn:
        draft = get_document(conn, UUID(made["id"]))
        assert (draft.kind, draft.code) == ("draft", made["codigo"])
        assert find_by_code(conn, made["codigo"]) is None  # until it is signed
    again = office.run("make_acta_pdf", "job-2", acta=acta, template="acta.html")
    assert (again["codigo"], again["id"] != made["id"]) == (made["codigo"], True)
    assert again["sha256"] != made["sha256"], "a signature of the first would fit the second"


def test_an_acta_without_a_statement_has_nothing_to_sign(office: Office) -> None:
    with pytest.raises(OperationFailed, match="no tiene una carga aceptada"):
        office.run("make_acta_pdf", acta=office.acta("en_carga"), template="acta.html")


@pytest.mark.parametrize("operation", ["make_acta_files", "make_acta_pdf", "archive_mail", "print_copy"])
def test_the_acta_of_another_case_is_not_touched(office: Office, operation: str) -> None:
    other = support.actas(office.app.database, support.open_mesa(office.app.database, 1))[0]
    more = {"archive_mail": {"carga": str(uuid4())}, "print_copy": {"document": str(uuid4())}}.get(operation, {})
    with pytest.raises(OperationFailed, match="de otro trámite") as told:
        office.run(operation, acta=str(other.id), template="acta.html", **more)
    assert told.value.permanent


TEXT = """Estimados colegas:

Remito el acta \U0001f600 del libro 1, folio 1.
Total de inscriptos: 3. «Ñandú» <b>no es negrita</b> {{ acta.base }}

Saludos."""


def received(office: Office, raw: bytes) -> UUID:
    auth = {
        "results": [{"method": "spf", "result": "pass"}],
        "dkim": {"domain": "une.example", "result": "pass", "why": ""},
    }
    arrival = Arrival("departamento:quimica", 1, 1, raw, len(raw), AT)
    mail_id = keep(office.app.database, office.app.archive, arrival, auth, AT)
    assert mail_id is not None
    return mail_id


def load_by_mail(office: Office, raw: bytes) -> str:
    acta = office.actas[0]
    support.bring(office.app.database, acta.id, "en_carga")
    mail_id = received(office, raw)
    with office.app.database.write() as conn:
        stated = support.statement(conn, acta.id)
        load = examen.record_load(conn, acta.id, source="correo", by=None, at=AT, mail_id=mail_id, **stated)
    return str(load.id)


@pytest.mark.req("R-46")
def test_the_mail_is_archived_with_its_headers_its_text_and_the_sums_of_its_files(
    office: Office, tmp_path: Path
) -> None:
    raw = letter(
        "Irene Bermúdez Ñato <irene@une.example>",
        "quimica@une.example",
        cc=["juan@une.example"],
        subject="Acta: libro 1, folio 1, «Métodos»",
        text=TEXT,
        files=[("2026-L0001-F0001.docx", b"PK uno")],
    )
    made = office.run(
        "archive_mail", acta=office.acta(), carga=load_by_mail(office, raw), template="correo_archivado.html"
    )
    pdf = office.data(made)
    assert made["nombre"] == f"{office.actas[0].base}-correo.pdf"
    said = words(pdf, tmp_path)
    for one in (
        "Irene Bermúdez Ñato <irene@une.example>", "quimica@une.example", "juan@une.example", "«Métodos»",
        "Remito el acta [U+1F600] del libro 1, folio 1.", "<b>no es negrita</b> {{ acta.base }}", "2026-L0001-F0001.docx",
        "SPF correcto; firma DKIM de une.example: correcto", "19 de abril de 2026",
    ):  # fmt: skip
        assert one in said, one
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
        assert metadata.pdfa_status == "2B"
    with office.app.database.read() as conn:
        kept = find_by_code(conn, made["codigo"])
        assert kept is not None
        assert kept.facts[0] == ["Acta", office.actas[0].base]


@pytest.mark.req("R-46")
def test_the_html_of_a_mail_is_text_and_fetches_nothing(office: Office, tmp_path: Path, monkeypatch: Any) -> None:
    def no_network(*_given: object) -> None:
        raise AssertionError("the network was asked")

    html = (
        "<html><head><style>@import url(http://198.51.100.7/a.css)</style><script>alert(1)</script></head><body>"
        "<p>Va el <b>acta</b></p><img src='http://198.51.100.7/p.png'><iframe src='file:///etc/passwd'></iframe></body></html>"
    )
    raw = letter("irene@une.example", "quimica@une.example", text=html).replace(b"text/plain", b"text/html")
    carga = load_by_mail(office, raw)
    monkeypatch.setattr("socket.socket.connect", no_network)
    made = office.run("archive_mail", acta=office.acta(), carga=carga, template="correo_archivado.html")
    said = words(office.data(made), tmp_path)
    assert "Va el acta" in said
    for one in ("alert", "198.51.100.7", "root:"):
        assert one not in said


def test_a_mail_of_enormous_text_is_cut_and_says_so(office: Office, tmp_path: Path) -> None:
    raw = letter(
        "irene@une.example",
        "quimica@une.example",
        text="palabra " * 10_000,
        files=[(f"{n}.pdf", b"x") for n in range(40)],
    )
    made = office.run(
        "archive_mail", acta=office.acta(), carga=load_by_mail(office, raw), template="correo_archivado.html"
    )
    said = words(office.data(made), tmp_path)
    assert "letras más, en el mensaje original que se conserva" in said
    assert "Archivos adjuntos (40)".upper() in said.upper()


@pytest.mark.req("R-46")
def test_grades_that_came_by_the_web_are_archived_as_stated(office: Office, tmp_path: Path) -> None:
    acta = office.acta("cargada")
    made = office.run("archive_mail", acta=acta, carga=office.carga(), template="correo_archivado.html")
    said = words(office.data(made), tmp_path)
    assert made["nombre"] == f"{acta['base']}-carga.pdf"
    assert "Por la web, con su sesión" in said
    assert "Apellido 00003, Nombre 3 2 (dos)" in said


def signed_copy(office: Office, made: dict[str, Any], *, signatures: list[dict[str, Any]]) -> str:
    with office.app.database.write() as conn:
        stored = store_document(
            conn,
            office.app.archive,
            case_id=office.case_id,
            kind="issued",
            name=made["nombre"],
            title="Acta",
            media_type="application/pdf",
            data=office.data(made),
            signatures=signatures,
            at=AT,
        )
    return str(stored.id)


@pytest.mark.req("R-52")
def test_the_printed_copy_is_of_the_signed_original_alone(office: Office, tmp_path: Path) -> None:
    acta = office.acta("cargada")
    made = office.run("make_acta_pdf", acta=acta, template="acta.html")
    with pytest.raises(OperationFailed, match="no lo está"):
        office.run("print_copy", acta=acta, document=made["id"], template="tira_leyenda.html")
    original = signed_copy(office, made, signatures=[{"signer": "Ana Lucía Güemes", "serial": "1"}])
    copy = office.run("print_copy", acta=acta, document=original, template="tira_leyenda.html")
    said = words(office.data(copy), tmp_path)
    assert examen.PRINTED_LEGEND in said
    assert "Firmado por Ana Lucía Güemes" in said
    assert made["sha256"][:8] in said
    assert office.run("print_copy", acta=acta, document=original, template="tira_leyenda.html") == copy


def test_a_template_that_needs_two_sheets_is_told(office: Office) -> None:
    with pytest.raises(OperationFailed, match="ocupa 2 hojas"):
        office.run("make_acta_pdf", acta=office.acta("cargada"), template="dos.html")


@pytest.mark.req("R-37")
def test_the_date_of_a_copy_is_left_to_the_docente(office: Office) -> None:
    made = office.run("make_acta_files", acta=office.acta(), template="acta_cargar.html")
    heading = docx.Document(io.BytesIO(office.data(made["docx"]))).tables[0]
    assert [heading.cell(n, 2).text for n in (1, 2, 3)] == ["1", "1", ""]
    assert read_here(office.data(made["pdf"])).written_day == ""
