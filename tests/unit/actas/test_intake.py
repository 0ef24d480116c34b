"""Existing actas come in whole or not at all, and each refusal says why (C-28)."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pytest

from engine.actas import ActaSearch, FileIn, Report, acta_by_reference, import_actas, read_original, search_actas
from engine.actas.index import IndexRefused
from engine.archive import DISCARDED, Archive, check
from engine.errors import Unavailable
from engine.storage.tables import original
from engine.storage.unit_of_work import Database

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Guayaquil")
GOOD = {
    "organo": "CGA",
    "numero": "7",
    "fecha": "2025-03-09",
    "titulo": "Distributivo de Ñáñez",
    "aprobada": "2025-03-30",
    "archivo": "a.pdf",
}


def pdf(pages: int = 3, **saved: object) -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.docinfo["/Title"] = str(saved.pop("title", "acta"))
    made.save(out, **saved)
    return out.getvalue()


def file(name: str, data: bytes) -> FileIn:
    return FileIn(name, len(data), lambda: data)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def load(database: Database, archive: Archive, rows: list[dict[str, object]], *files: FileIn, **more: bool) -> Report:
    index = ("indice.json", json.dumps(rows).encode())
    return import_actas(database, archive, index, files, by=None, at=AT, zone=ZONE, **more)


@pytest.mark.req("C-17", "C-28")
def test_an_acta_comes_in_with_its_original_and_is_found(database: Database, archive: Archive) -> None:
    data = pdf()
    rows = [GOOD | {"reserva": "parcial", "paginas_reservadas": "2", "motivo_reserva": "LOPDP, art. 26: salud"}]
    report = load(database, archive, rows, file("a.pdf", data))
    assert (report.loaded, report.refused, report.unnamed) == (1, 0, [])
    with database.read() as conn:
        acta = acta_by_reference(conn, " cga-2025 - 7")
        assert read_original(archive, acta) == data
        assert (acta.pages, acta.reserved_pages, acta.approved_on) == (3, [[2, 2]], date(2025, 3, 30))
        assert search_actas(conn, ActaSearch(text="distributivos nanez")).actas == (acta,)
    again = load(database, archive, rows, file("a.pdf", data))
    assert again.loaded == 0
    assert again.rows[0].faults == ["Ya está en el registro: no se cargó otra vez."]


def test_an_original_that_was_let_go_of_is_watched_again_when_it_is_an_acta(sqlite_url: str, archive: Archive) -> None:
    database, data = Database(sqlite_url), pdf()
    sent = {"sha256": archive.put(data), "size": len(data), "media_type": "application/pdf", "stored_at": AT}
    with database.write() as conn:
        conn.execute(original.insert().values(**sent, fixity=DISCARDED))
    assert load(database, archive, [GOOD], file("a.pdf", data)).loaded == 1
    with database.write() as conn:
        assert check(conn, archive, AT).checked == 1


BAD = [
    ({"organo": "NADIE"}, "no está en el catálogo"),
    ({"numero": "siete"}, "solo cifras"),
    ({"numero": "0"}, "solo cifras"),
    ({"numero": "0000001" + "9" * 5_000}, "solo cifras"),
    ({"fecha": "2099-01-01"}, "no es de una sesión pasada"),
    ({"fecha": "31/02/2025"}, "no es de una sesión pasada"),
    ({"aprobada": ""}, "solo se cargan actas aprobadas"),
    ({"aprobada": "2025-03-01"}, "entre la sesión y hoy"),
    ({"titulo": "  "}, "Falta el título"),
    ({"titulo": "x" * 301}, "más de 300 letras"),
    ({"tipo": "secreta"}, "no se conoce"),
    ({"archivo": "otro.pdf"}, "No vino el archivo «otro.pdf»"),
    ({"reserva": "total"}, "lleva su motivo legal"),
    ({"reserva": "parcial", "paginas_reservadas": "4", "motivo_reserva": "LOPDP, art. 26"}, "que tiene 3"),
    ({"reserva": "parcial", "paginas_reservadas": "1-3", "motivo_reserva": "LOPDP, art. 26"}, "reserve el acta entera"),
    ({"motivo_reserva": "LOPDP, art. 26"}, "dice que no es reservada"),
    ({"titulo": "a\x00b"}, "signos de control"),
]


@pytest.mark.parametrize(("change", "reason"), BAD, ids=[reason for _change, reason in BAD])
def test_a_row_that_is_wrong_is_refused_with_its_reason_and_leaves_nothing(
    sqlite_url: str, archive: Archive, change: dict[str, object], reason: str
) -> None:
    database = Database(sqlite_url)
    report = load(database, archive, [GOOD | change], file("a.pdf", pdf()))
    assert reason in " ".join(report.rows[0].faults)
    with database.read() as conn:
        assert not search_actas(conn, ActaSearch()).actas
    assert not any(path.is_file() for path in archive.root.rglob("*"))
    database.close()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "vacío"),
        (b"hola", "no es un PDF"),
        (pdf()[:-200], "dañado"),
        (pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "contraseña"),
        (pdf(encryption=pikepdf.Encryption(owner="a", user="")), "cifrado"),
    ],
    ids=["empty", "no-pdf", "cut", "locked", "encrypted"],
)
def test_a_file_that_cannot_be_kept_is_refused(sqlite_url: str, archive: Archive, data: bytes, reason: str) -> None:
    database = Database(sqlite_url)
    assert reason in load(database, archive, [GOOD], file("a.pdf", data)).rows[0].faults[0]
    too_large = replace(file("a.pdf", data), size=1 << 40)
    assert "40 MB" in load(database, archive, [GOOD], too_large).rows[0].faults[0]
    database.close()


def test_duplicates_are_told_whatever_they_duplicate(sqlite_url: str, archive: Archive) -> None:
    database = Database(sqlite_url)
    rows = [GOOD, GOOD | {"archivo": "b.pdf"}, GOOD | {"numero": "8", "archivo": "c.pdf"}]
    files = [file("a.pdf", pdf()), file("b.pdf", pdf(title="b")), file("c.pdf", pdf())]
    report = load(database, archive, rows, *files, file("d.pdf", pdf(title="d")))
    assert [row.accepted for row in report.rows] == [True, False, False]
    assert "Ya está en la línea 1" in report.rows[1].faults[0]
    assert "mismo archivo" in report.rows[2].faults[0]
    assert report.unnamed == ["d.pdf"]
    known = load(database, archive, [GOOD | {"numero": "9"}], file("a.pdf", pdf()))
    assert "ya es el original de CGA-2025-7" in known.rows[0].faults[0]
    database.close()


def test_looking_only_keeps_nothing(sqlite_url: str, archive: Archive) -> None:
    database = Database(sqlite_url)
    report = load(database, archive, [GOOD], file("a.pdf", pdf()), dry_run=True)
    assert report.rows[0].accepted
    assert not report.loaded
    assert not archive.root.exists()
    database.close()


def test_when_the_archive_refuses_no_row_is_written(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    (tmp_path / "archive").write_bytes(b"a file where a folder should be")
    with pytest.raises(Unavailable):
        load(database, Archive(tmp_path / "archive"), [GOOD], file("a.pdf", pdf()))
    with database.read() as conn:
        assert not search_actas(conn, ActaSearch()).actas
    database.close()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("i.csv", b"organo;numero\nCGA;1\n", "le falta la columna"),
        ("i.csv", b"organo;numero;fecha;titulo;aprobada;archivo;clave\n", "no se conoce: «clave»"),
        ("i.csv", b"organo;numero;fecha;titulo;aprobada;archivo\nCGA;1\n", "Línea 2"),
        ("i.csv", b"organo;numero;fecha;titulo;aprobada;archivo\n", "ninguna acta"),
        ("i.csv", "organo,título".encode("latin-1"), "UTF-8"),
        ("i.json", b"{", "no es un JSON"),
        ("i.json", b'{"actas": 3}', "lista de actas"),
        ("i.json", b'[{"organo": {"a": 1}}]', "debe ser un texto"),
        ("i.json", b"[" * 100_000, "no es un JSON"),
        ("i.csv", b"x" * (5 * 1024 * 1024 + 1), "5 MB"),
    ],
)
def test_an_index_that_cannot_be_read_loads_nothing(
    sqlite_url: str, archive: Archive, name: str, data: bytes, reason: str
) -> None:
    database = Database(sqlite_url)
    with pytest.raises(IndexRefused, match=reason):
        import_actas(database, archive, (name, data), [], by=None, at=AT, zone=ZONE)
    database.close()
