"""Files that people send: told by their content, refused with what to send instead."""

from __future__ import annotations

import io
import socket
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import pytest

from engine.archive import Archive
from engine.documents import (
    CheckedUpload,
    TooManyUploads,
    UploadRefused,
    accept_upload,
    check_upload,
    safe_name,
    store_upload,
)
from engine.documents.media_type import DOCX, JPEG, ODT, PDF, PNG, TEXT, XLSX, media_type_of
from engine.documents.upload import Quota
from engine.errors import TooLarge
from engine.storage.unit_of_work import Database
from tests.support.paper import certificate

MB = 1024 * 1024
JPEG_DATA = b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9"


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 14)) + chunk(b"IEND", b"")


def zipped(*names: str, **contents: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, contents.get(name, b"<x/>"))
    return out.getvalue()


PACKAGE = ("[Content_Types].xml", "_rels/.rels")
DOCX_DATA = zipped(*PACKAGE, "word/document.xml")
XLSX_DATA = zipped(*PACKAGE, "xl/workbook.xml")
ODT_DATA = zipped("mimetype", "content.xml", mimetype=ODT.encode())


class Endless:
    """A sender that never stops; counts what was read of it."""

    def __init__(self) -> None:
        self.read_bytes = 0

    def read(self, size: int = -1, /) -> bytes:
        self.read_bytes += size
        return b"x" * size


def check(name: str, data: bytes, *allowed: str, clamd: str | None = None) -> tuple[str, str, str]:
    checked = check_upload(filename=name, stream=io.BytesIO(data), allowed=allowed, max_bytes=10 * MB, clamd=clamd)
    return checked.name, checked.media_type, checked.scan


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (png(), PNG),
        (JPEG_DATA, JPEG),
        (DOCX_DATA, DOCX),
        (XLSX_DATA, XLSX),
        (ODT_DATA, ODT),
        ("cédula\r\n".encode(), TEXT),
        (png(60_000, 60_000), None),
        (png()[:-12], None),
        (JPEG_DATA[:-2], None),
        (b"%PDF-1.7\nsin final", None),
        (b"basura %PDF-1.7\nstartxref\n1\n%%EOF", None),
        (zipped("a.txt"), None),
        (zipped(*PACKAGE, "word/document.xml", "word/vbaProject.bin"), None),
        (zipped(*PACKAGE, *(f"word/{n}" for n in range(2_100))), None),
        (b"PK\x03\x04" + b"\0" * 50, None),
        (b"MZ\x90\0" + b"\0" * 50, None),
        (b"texto con \0 nulo", None),
        (b"\xff\xfe\xfa", None),
        (b"", None),
    ],
)
def test_a_file_is_told_by_its_content(data: bytes, media_type: str | None) -> None:
    assert media_type_of(data) == media_type


def test_a_certificate_of_ours_is_a_pdf() -> None:
    assert media_type_of(certificate().bytes) == PDF
    assert check("certificado.pdf", certificate().bytes, ".pdf") == ("certificado.pdf", PDF, "not_scanned")


def test_an_upload_of_fifty_megabytes_is_refused_without_being_read_whole() -> None:
    sender = Endless()
    with pytest.raises(TooLarge, match="10 MB"):
        check_upload(filename="a.pdf", stream=sender, allowed=[".pdf"], max_bytes=10 * MB)
    assert sender.read_bytes < 11 * MB


@pytest.mark.parametrize(
    ("name", "data", "allowed", "message"),
    [
        ("cedula.docx", certificate().bytes, (".docx", ".pdf"), "dice ser un documento de Word.*por dentro es un PDF"),
        ("cedula.pdf", png(), (".pdf",), "dice ser un PDF.*por dentro es una imagen PNG"),
        ("foto.png", png(), (".pdf",), "es una imagen PNG y aquí se pide PDF"),
        ("cedula.pdf", b"%PDF-1.7 roto", (".pdf",), "está dañado o no es un PDF"),
        ("programa.exe", b"MZ\x90\0" + b"\0" * 99, (".pdf", "image/*"), "Envíe PDF, imagen PNG o imagen JPEG"),
        ("vacio.pdf", b"", (".pdf",), "está vacío"),
    ],
)
def test_what_is_not_asked_for_is_refused_with_what_to_send(
    name: str, data: bytes, allowed: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UploadRefused, match=message):
        check(name, data, *allowed)


def test_a_file_without_extension_gets_that_of_its_content() -> None:
    assert check("foto", png(), "image/*")[0] == "foto.png"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\cédula 1.pdf", "cédula 1.pdf"),
        ("factura\u202efdp.exe", "facturafdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie- x.pdf"),
        ("\0\x07", "documento"),
        ("...", "documento"),
        ("n\u0303.pdf", "ñ.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ('a"b<c>.pdf', "a-b-c-.pdf"),
    ],
)
def test_a_name_is_made_safe(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


def test_an_upload_is_stored_with_its_scan_and_owner(database: Database, tmp_path: Path) -> None:
    person = uuid4()
    with database.write() as conn:
        stored = accept_upload(
            conn,
            Archive(tmp_path / "archive"),
            filename="foto.png",
            stream=io.BytesIO(png()),
            declared_type="text/html",
            allowed=("image/*",),
            max_bytes=MB,
            created_by=person,
            at=datetime(2025, 1, 1, tzinfo=UTC),
        )
    assert (stored.kind, stored.media_type, stored.scan, stored.created_by) == ("upload", PNG, "not_scanned", person)


def test_what_a_person_sent_and_handed_in_with_nothing_has_a_bound(database: Database, tmp_path: Path) -> None:
    archive, at, quota = Archive(tmp_path / "archive"), datetime(2025, 1, 1, tzinfo=UTC), Quota(files=3, bytes=100)
    person, other = uuid4(), uuid4()

    def send(who: UUID, size: int) -> None:
        checked = CheckedUpload("nota.txt", TEXT, b"x" * size, "not_scanned")
        with database.write() as conn:
            store_upload(conn, archive, checked, created_by=who, at=at, quota=quota)

    send(person, 60)
    with pytest.raises(TooManyUploads, match="1 archivo "):
        send(person, 41)
    send(person, 20)
    send(person, 20)
    with pytest.raises(TooManyUploads, match="3 archivos"):
        send(person, 0)
    send(other, 100)


@pytest.fixture
def clamd() -> Iterator[tuple[str, list[bytes]]]:
    """A daemon that speaks INSTREAM and finds the word EICAR."""
    received: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _address = server.accept()
            except OSError:
                return
            with link, link.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack(">I", stream.read(4))[0]:
                    data += stream.read(size)
                received.append(data)
                link.sendall(b"stream: Eicar-Test FOUND\0" if b"EICAR" in data else b"stream: OK\0")

    Thread(target=serve, daemon=True).start()
    yield f"127.0.0.1:{server.getsockname()[1]}", received
    server.close()


def test_a_scanned_file_is_said_to_be_clean(clamd: tuple[str, list[bytes]]) -> None:
    address, received = clamd
    assert check("a.txt", b"hola" * 50_000, ".txt", clamd=address)[2] == "clean"
    assert received == [b"hola" * 50_000]


def test_an_infected_file_is_refused_by_the_name_of_what_it_carries(clamd: tuple[str, list[bytes]]) -> None:
    with pytest.raises(UploadRefused, match=r"virus \(Eicar-Test\)"):
        check("a.txt", b"EICAR", ".txt", clamd=clamd[0])


@pytest.mark.parametrize("address", [None, "127.0.0.1:1", "sin puerto", ""])
def test_without_a_scanner_nothing_is_said_to_be_clean(address: str | None) -> None:
    assert check("a.txt", b"hola", ".txt", clamd=address)[2] == "not_scanned"
