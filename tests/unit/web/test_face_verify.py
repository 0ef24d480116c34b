"""The public door of verification: four answers apart, in the words of a citizen, for each kind of file."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from engine.config import Config
from engine.documents import Document, store_document
from engine.signing import DemoPki, DemoServer, Signing, load_signing, open_demo_pki, sign_pdf
from tests.support.face import MONDAY, House, Visitor, a_pdf, open_house
from tests.support.prepared import photograph
from web.security import limiter

TITLE = "Certificación de materias aprobadas"
FACTS = [["Titular", "M. J. Ñ. de la C."]]


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoPki]:
    made = open_demo_pki(tmp_path_factory.mktemp("pki"), "Universidad Nacional del Estuario")
    with DemoServer(made):
        yield made


@pytest.fixture(scope="module")
def signing(pki: DemoPki) -> Signing:
    return load_signing(Config(**pki.settings()))


@pytest.fixture(scope="module")
def signed(signing: Signing) -> bytes:
    return sign_pdf(a_pdf(), signing.seal, signing, level="B-B", at=datetime.now(UTC))


@pytest.fixture
def office(furnished: Path, tmp_path: Path, signing: Signing) -> Iterator[House]:
    house = open_house(f"sqlite:///{shutil.copy(furnished, tmp_path / 'verify.db')}", tmp_path)
    house.clock.instant = datetime.now(UTC)  # certificates are of today
    object.__setattr__(house.app, "signing", signing)
    yield house
    house.app.close()


@pytest.fixture
def issued(office: House, signed: bytes) -> Document:
    with office.app.database.write() as conn:
        return store_document(
            conn, office.app.archive, case_id=None, kind="issued", name="certificacion.pdf", title=TITLE,
            media_type="application/pdf", data=signed, code="7K3M-Q9PX-2B4H", facts=FACTS, at=MONDAY,
        )  # fmt: skip


def upload(visitor: Visitor, data: bytes, name: str = "archivo.pdf", code: str = "") -> str:
    visitor.open("/verificar")
    limiter.reset()
    form = {"codigo": code, "archivo": (io.BytesIO(data), name)}
    return visitor.send("/verificar", form, content_type="multipart/form-data").text


def replies(page: str) -> list[str]:
    return [part.split("<")[0] for part in page.split('class="reply">')[1:]]


@pytest.mark.parametrize("typed", ["7K3M-Q9PX-2B4H", "7k3m q9px 2b4h", "7k3mq9px2b4h"])
@pytest.mark.usefixtures("issued")
def test_a_code_is_read_as_people_type_it(office: House, typed: str) -> None:
    visitor = office.visitor()
    assert visitor.send("/verificar", {"codigo": typed}).location == "/verificar/7K3M-Q9PX-2B4H"


@pytest.mark.usefixtures("issued")
def test_the_address_of_the_qr_is_read_in_capitals(office: House) -> None:
    assert office.visitor().open("/V/7K3MQ9PX2B4H").location == "/verificar/7K3M-Q9PX-2B4H"
    assert office.visitor().open("/verificar/7k3m-q9px-2b4h").location == "/verificar/7K3M-Q9PX-2B4H"


@pytest.mark.usefixtures("issued")
def test_a_code_shows_the_four_answers_the_key_facts_and_the_original(office: House, signed: bytes) -> None:
    visitor = office.visitor()
    page = visitor.open("/verificar/7K3M-Q9PX-2B4H").text
    assert replies(page) == ["Sí, completo", "Sí, con una advertencia", "Ninguno", "Sí, y es idéntico"]
    assert TITLE in page
    assert "M. J. Ñ. de la C." in page
    original = visitor.open("/verificar/7K3M-Q9PX-2B4H/original")
    assert original.data == signed
    assert original.headers["X-Robots-Tag"] == "noindex"


def test_an_unknown_code_is_told_apart_from_a_mistake(office: House) -> None:
    answer = office.visitor().open("/verificar/0000-0000-0000")
    assert answer.status_code == 404
    assert "Ningún documento nuestro tiene ese código" in answer.text
    assert office.visitor().open("/verificar/0000-0000-0000/original").status_code == 404


def test_a_draft_does_not_exist_for_a_stranger(office: House) -> None:
    with office.app.database.write() as conn:
        store_document(
            conn, office.app.archive, case_id=None, kind="draft", name="b.pdf", title="Borrador",
            media_type="application/pdf", data=a_pdf(), code="1111-2222-3333", at=MONDAY,
        )  # fmt: skip
    assert office.visitor().open("/verificar/1111-2222-3333").status_code == 404


def test_nothing_typed_and_nothing_chosen_asks_for_one(visitor: Visitor) -> None:
    answer = visitor.send("/verificar", {"codigo": " "})
    assert answer.status_code == 422
    assert "Escriba el código o elija el archivo PDF." in answer.text


@pytest.mark.usefixtures("issued")
def test_the_file_itself_is_recognised_without_its_code(office: House, signed: bytes) -> None:
    page = upload(office.visitor(), signed)
    assert "Es nuestro documento original, y su firma es válida" in page
    assert replies(page)[3] == "Sí, y es idéntico"
    assert "No guardamos el archivo que usted subió" in page


@pytest.mark.usefixtures("issued")
def test_a_changed_file_is_refused_and_the_original_offered(office: House, signed: bytes) -> None:
    opened, changed = pikepdf.open(io.BytesIO(signed)), io.BytesIO()
    opened.add_blank_page()
    opened.save(changed)
    page = upload(office.visitor(), changed.getvalue(), code="7K3M-Q9PX-2B4H")
    assert 'class="verdict bad"' in page
    assert "No lo acepte como original" in page
    assert replies(page)[3] == "El original, sí; este archivo, no"
    assert "Qué es distinto" in page
    assert "Ver el original" in page


@pytest.mark.usefixtures("issued")
def test_one_byte_changed_in_what_was_signed_is_seen(office: House, signed: bytes) -> None:
    at = signed.index(b"/MediaBox")
    page = upload(office.visitor(), signed[: at + 12] + b"7" + signed[at + 13 :], code="7K3M-Q9PX-2B4H")
    assert 'class="verdict bad"' in page


def test_a_foreign_file_without_signature_is_none_of_ours(office: House) -> None:
    page = upload(office.visitor(), a_pdf())
    assert 'class="verdict warn"' in page
    assert replies(page)[3] == "No"
    assert "Ver el original" not in page


@pytest.mark.parametrize("data", [b"hola", b"%PDF-1.7\n%%EOF", b"\x00" * 1000], ids=["text", "stub", "zeros"])
def test_what_is_no_pdf_gets_an_answer_and_no_fault(office: House, data: bytes) -> None:
    page = upload(office.visitor(), data)
    assert len(replies(page)) == 4
    assert 'class="verdict ok"' not in page


@pytest.mark.usefixtures("issued")
@pytest.mark.parametrize("code", ["", "7K3M-Q9PX-2B4H"], ids=["alone", "beside a code of ours"])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("foto.jpg", photograph()),
        ("pantalla.png", b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ("carta.docx", b"PK\x03\x04" + bytes(64)),
    ],
    ids=["jpeg", "png", "docx"],
)
def test_what_is_no_pdf_is_called_that_with_what_to_bring_and_accused_of_nothing(
    office: House, name: str, data: bytes, code: str
) -> None:
    page = upload(office.visitor(), data, name, code)
    assert "Este archivo no es un PDF" in page
    assert "Traiga el PDF tal como lo recibió" in page
    assert 'class="verdict warn"' in page
    assert "No confíe" not in page
    assert "alterado" not in page
    assert "Qué es distinto" not in page
    assert replies(page)[3] == "No"


def test_an_original_of_ours_that_is_no_pdf_is_still_known_by_its_bytes(office: House) -> None:
    with office.app.database.write() as conn:
        store_document(
            conn, office.app.archive, case_id=None, kind="issued", name="mapa.jpg", title="Mapa",
            media_type="image/jpeg", data=photograph(), code="2222-3333-4444", at=MONDAY,
        )  # fmt: skip
    page = upload(office.visitor(), photograph(), "mapa.jpg")
    assert replies(page)[3] == "Sí, y es idéntico"
    assert "no es un PDF: así" not in page


def test_a_file_beyond_the_limit_is_refused_at_once(office: House) -> None:
    page = upload(office.visitor(), b"%PDF-1.7" + bytes(11 * 1024 * 1024))
    assert "El archivo pasa de 10 MB" in page


def test_seven_files_in_a_minute_are_followed_by_a_pause(office: House) -> None:
    visitor = office.visitor()
    visitor.open("/verificar")
    limiter.reset()
    answers = []
    for _ in range(7):
        form = {"archivo": (io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), "a.pdf")}
        answers.append(visitor.send("/verificar", form, content_type="multipart/form-data").status_code)
    limiter.reset()
    assert answers == [413] * 6 + [429]
