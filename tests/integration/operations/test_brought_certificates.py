"""What somebody brings to be sealed: recognised for what it is, refused with what to do, sealed without being touched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
import sqlalchemy as sa
from PIL import Image

from engine.actas.examen import move_acta
from engine.app import Cartulario
from engine.documents import Document, read_document, store_document
from engine.errors import OperationFailed
from engine.signing import add_pkcs12, load_pkcs12, sign_pdf
from engine.storage.tables import case
from tests.integration.operations.test_documents_of_a_case import GIVEN, TEMPLATE, call, run
from tests.support import examen, tampering
from tests.support.one_job import open_office, publish_one_job, requester, start
from tests.support.paper import files, forms_of
from tests.support.pki import PIN, Authority, authority
from tests.support.prepared import altered, foreign, locked, own, own_document

__all__ = ["authority"]
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
SHEET = {"template": "sellado.html", "name": "sellado", "title": "Sellado de certificado"}
SAID = {
    "tramite": {"solicitante": {"nombre": "Ana Paz", "identidad": None, "tipo_identidad": None}},
    "titulo_certificado": "Certificado de inglés",
    "emisor": "Instituto «Andrés Bello»",
    "a_favor_de": "Ana Paz",
    "emitido_certificado": "2024-03-11",
    "numero_certificado": None,
    "reconocimiento": {"firmas": []},
    "forma_cotejo": "Con el original a la vista",
    "cotejado": {"por": None, "el": None},
}


@pytest.fixture
def office(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[Cartulario]:
    app = open_office(database_url, tmp_path / "data", public_url="https://une.example/", **authority.pki.settings())
    sheets = {name: data for name, data in forms_of("solicitar_sellado").items() if "sellado." in name}
    publish_one_job(app, "render_document", files(TEMPLATE) | sheets, **GIVEN)
    start(app, requester(app))
    yield app
    app.close()


def bring(
    office: Cartulario, data: bytes, name: str = "certificado.pdf", media_type: str = "application/pdf"
) -> Document:
    with office.database.write() as conn:
        return store_document(
            conn,
            office.archive,
            case_id=conn.execute(sa.select(case.c.id)).scalar_one(),
            kind="upload",
            name=name,
            title=name,
            media_type=media_type,
            data=data,
            at=office.clock.now(),
        )


def recognised(office: Cartulario, data: bytes) -> dict[str, Any]:
    document = bring(office, data)
    return run("recognise_document", {"document": str(document.id)}, call(office, document))


def sealed(office: Cartulario, document: Document, key: str) -> tuple[dict[str, Any], bytes]:
    given = {**SHEET, "document": str(document.id), "data": SAID}
    made = run("add_seal_page", given, call(office, document, key))
    with office.database.read() as conn:
        return made, read_document(conn, office.archive, UUID(made["id"]))[1]


def signed(office: Cartulario, authority: Authority, data: bytes) -> bytes:
    return sign_pdf(data, authority.rector, authority.signing, level="B-B", at=office.clock.now())


@pytest.mark.req("C-45", "C-19")
def test_ours_is_known_by_its_bytes_also_when_others_signed_it_afterwards(
    office: Cartulario, authority: Authority
) -> None:
    found = recognised(office, own(office))
    assert (found["veredicto"], found["codigo"]) == ("ours_intact", own_document(office).code)
    assert recognised(office, signed(office, authority, own(office)))["veredicto"] == "ours_intact"


@pytest.mark.req("C-45")
def test_ours_changed_in_any_way_is_an_altered_copy_beside_its_original(office: Cartulario) -> None:
    ways = (tampering.saved_anew, tampering.annotation_laid_over)
    for data in (*(tamper(own(office)) for tamper in ways), altered(office)):
        found = recognised(office, data)
        assert found["veredicto"] == "ours_tampered"
        assert found["original"] == str(own_document(office).id)
    (page,) = found["diferencias"]
    assert page["agregado"] == ["aprobó Biología general con 100 y Química orgánica con 100."]


def test_our_seal_is_ours_without_the_archive_and_one_persons_signature_is_not(
    office: Cartulario, authority: Authority
) -> None:
    lost = sign_pdf(foreign(), office.signing.seal, office.signing, level="B-B", at=office.clock.now())
    assert recognised(office, lost)["veredicto"] == "ours_intact"
    assert recognised(office, tampering.page_appended(lost))["veredicto"] == "ours_tampered"
    p12 = authority.pki.person_pkcs12("Gonzalo Ñáñez Villavicencio", None, PIN)
    with office.database.write() as conn:
        person = conn.execute(sa.select(case.c.requester_id)).scalar_one()
        add_pkcs12(conn, person, p12, PIN, "demostración", office.clock.now())
    alone = sign_pdf(foreign(), load_pkcs12(p12, PIN), office.signing, level="B-B", at=office.clock.now())
    found = recognised(office, alone)
    assert found["veredicto"] == "foreign"
    assert "Gonzalo Ñáñez Villavicencio" in found["motivo"]


def test_what_cannot_be_sealed_says_what_to_do(office: Cartulario, authority: Authority) -> None:
    careless = tampering.rubbish_after_the_end(signed(office, authority, foreign()))
    broken = tampering.page_appended(signed(office, authority, foreign()))
    for data, said in (
        (locked(), "contraseña"),
        (tampering.script_added(foreign()), "JavaScript"),
        (broken, "Pida a quien lo emitió el archivo tal como lo firmó"),
        (careless, "sin quitárselas"),
        (foreign() + b"%" * (9 * 1024 * 1024), "pasa de 9 MB"),
    ):
        found = recognised(office, data)
        assert found["veredicto"] == "unreadable"
        assert said in found["motivo"]
        document = bring(office, data)
        if data is not broken:  # a signature that does not hold is for a person to see
            with pytest.raises(OperationFailed, match=r"Envíe|Pida|Quite"):
                sealed(office, document, f"job-{said[:5]}")


@pytest.mark.req("C-45")
def test_a_file_keeps_its_bytes_once_and_a_careless_one_only_its_pages(office: Cartulario) -> None:
    document = bring(office, foreign())
    made, data = sealed(office, document, "job-a")
    assert made["conservado"] == "identico"
    assert data.startswith(foreign())
    assert sealed(office, document, "job-a")[0] == made  # the job ran again
    made, data = sealed(office, bring(office, tampering.rubbish_after_the_end(foreign())), "job-b")
    assert made["conservado"] == "reescrito"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 2


def test_an_image_of_any_kind_is_set_upright_on_a_page(office: Cartulario) -> None:
    for mode, kind, media_type in (
        ("RGBA", "PNG", "image/png"),
        ("P", "PNG", "image/png"),
        ("CMYK", "JPEG", "image/jpeg"),
    ):
        out = io.BytesIO()
        Image.new(mode, (60, 30)).save(out, kind)
        made, data = sealed(office, bring(office, out.getvalue(), f"foto.{kind.lower()}", media_type), f"job-{mode}")
        assert made["conservado"] == "imagen"
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert len(pdf.pages) == 2
            width, height = (float(v) for v in pdf.pages[0].mediabox[2:])
            assert width > height


@pytest.mark.req("R-50")
def test_an_acta_that_is_not_published_is_neither_compared_nor_sealed(office: Cartulario, authority: Authority) -> None:
    (one,) = examen.actas(office.database, examen.open_mesa(office.database, 2))
    examen.bring(office.database, one.id, "a_firma")
    data = signed(office, authority, foreign())
    with office.database.write() as conn:
        final = store_document(
            conn, office.archive, case_id=None, kind="issued", name=f"{one.base}.pdf", title="Acta", data=data,
            media_type="application/pdf", code="7K3M-Q9PX-2B4H", signatures=[{"signer": "A"}], at=examen.AT,
        )  # fmt: skip
        move_acta(conn, one.id, "firmada", job_key="firma", by=None, at=examen.AT, document_id=final.id)
    for brought in (data, tampering.annotation_laid_over(data)):
        found = recognised(office, brought)
        assert (found["veredicto"], found["original"]) == ("unreadable", None)
        assert "todavía no se publicaron" in found["motivo"]
