"""Requests filed from a file: checked row by row, filed once each, with a report of what was not and why."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from engine.batches import (
    REPORT,
    BatchOver,
    FileRefused,
    Item,
    check_requests,
    file_requests,
    get_batch,
    list_items,
    report,
    stop,
    take_requests,
    template,
)
from engine.batches.table import MOST_TAGS, read_table
from engine.errors import NotAllowed, TooLarge
from engine.people import create_person, grant_role, set_active
from engine.spreadsheet import csv_lines
from engine.storage.tables import batch_item, case
from tests.support.batch_office import PROCESS, BatchOffice, open_batch_office
from tests.support.pki import Authority, authority  # noqa: F401 - a fixture

GOOD = "\ufefftipo_identidad;identidad;nombre;motivo;copias\ncedula;0912345675;Ñáñez María José;Beca;2\n"


@pytest.fixture
def office(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[BatchOffice]:  # noqa: F811
    with open_batch_office(database_url, tmp_path / "data", authority.pki) as opened:
        yield opened


def check(office: BatchOffice, text: str | bytes, who: str = "rosa") -> UUID:
    data = text.encode() if isinstance(text, str) else text
    return check_requests(office.app, office.viewer(who), PROCESS, "lote.csv", data)


def items(office: BatchOffice, batch_id: UUID) -> list[Item]:
    with office.app.database.read() as conn:
        return list_items(conn, batch_id)


def file_all(office: BatchOffice, batch_id: UUID) -> None:
    file_requests(office.app, batch_id, take_requests(office.app, office.viewer("rosa"), batch_id))


@pytest.mark.req("C-10")
def test_each_row_says_whether_it_can_be_filed_and_only_those_that_can_are(office: BatchOffice) -> None:
    rows = [
        "dni;12.345.678;;Beca;1",  # nobody
        "cedula;0912345670;;Beca;1",  # its checksum
        "cedula;0926687856;;;1",  # no reason
        "cedula;0926687856;Otra Persona;Beca;1",
        "cedula;0926687856;;Beca;12",
        "cedula;0912345675;;Otro motivo;3",  # the service of the first, again
        "cedula;0926687856;güemes tadeo;=CMD();1",
        "# una nota;;;;",
        ";;;;",
    ]
    batch_id = check(office, GOOD + "\n".join(rows) + "\n")
    assert office.all(sa.select(case.c.id)) == [], "nothing is filed before it is confirmed"
    told = {item.n: item.reason for item in items(office, batch_id)}
    assert told[2] is None
    assert "No hay una persona registrada" in (told[3] or "")
    assert "Revise la cédula" in (told[4] or "")
    assert "¿Para qué es?" in (told[5] or "")
    assert "Ese documento es de Güemes, Tadeo" in (told[6] or "")
    assert "Copias" in (told[7] or "")
    assert told[8] == "Repite la solicitud de la línea 2."
    assert told[9] is None
    file_all(office, batch_id)
    filed = office.all(sa.select(case.c.number, case.c.channel, case.c.filed_by_id, case.c.requester_id))
    assert {row.channel for row in filed} == {"lote"}
    assert {row.filed_by_id for row in filed} == {office.people["rosa"]}
    assert {row.requester_id for row in filed} == {office.people["maria"], office.people["tadeo"]}
    with office.app.database.read() as conn:
        ended = get_batch(conn, batch_id)
        lines = "".join(csv_lines(REPORT, report(conn, ended))).splitlines()
    assert (ended.done, ended.refused) == (2, 6)
    assert lines[1].startswith('2,cedula 0912345675,"Ñáñez de la Cruz, María José",presentada,CO-')
    assert "no se presentó" in lines[2]


@pytest.mark.req("C-10")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_organism_that_asks_with_its_letter_stands_on_each_case_and_of_outsiders_it_is_required(
    office: BatchOffice,
) -> None:
    with office.app.database.write() as conn:
        create_person(
            conn, username="organismo", given_names="Óscar Iván", family_names="D'Angelo", email="o@une.example",
            identity_kind="pasaporte", identity_number="AB12345", profile="externo", at=office.app.clock.now(),
        )  # fmt: skip
    rows = [
        "tipo_identidad;identidad;organismo;oficio;fecha_oficio;motivo;copias",
        "pasaporte;AB12345;Consejo de Educación Superior;CES-0123-O;02/01/2026;Auditoría;1",
        "cedula;0912345675;Bienestar Estudiantil;;;Beca;1",
        "cedula;0926687856;;;;Crédito;1",
        "pasaporte;AB12345;;;;Otra;1",
        "cedula;0926687856;Contraloría;12;31/12/2099;Beca;2",
        "cedula;0926687856;Contraloría;12;ayer;Beca;3",
        "cedula;0926687856;;12;;Beca;4",
    ]
    batch_id = check(office, "\n".join(rows))
    told = {item.n: item.reason or "" for item in items(office, batch_id)}
    assert [told[n] for n in (2, 3, 4)] == ["", "", ""]
    assert told[5] == told[8] == "Escriba el nombre del organismo que lo pide."
    assert "una fecha que no llegó" in told[6]
    assert "Escriba la fecha del oficio" in told[7]
    file_all(office, batch_id)
    filed = office.all(sa.select(case.c.origin).order_by(case.c.number))
    letter = "Consejo de Educación Superior, oficio CES-0123-O del 02/01/2026"
    assert [row.origin for row in filed] == [letter, "Bienestar Estudiantil", None]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_nobody_files_in_the_name_of_who_uploaded(office: BatchOffice) -> None:
    batch_id, tadeo = check(office, GOOD), office.people["tadeo"]
    with office.app.database.write() as conn:
        grant_role(conn, tadeo, "jefe_secretaria", date(2026, 1, 1))
    with pytest.raises(NotAllowed, match="quien cargó"):
        take_requests(office.app, office.viewer("tadeo"), batch_id)
    assert office.all(sa.select(case.c.id)) == []


def test_a_batch_taken_up_again_files_each_row_once(office: BatchOffice) -> None:
    batch_id = check(office, GOOD + "cedula;0926687856;;Beca;1\n")
    file_all(office, batch_id)
    with office.app.database.write() as conn:  # as if it had died before it could say so
        conn.execute(sa.text("UPDATE batch SET status = 'stopped'"))
        conn.execute(batch_item.update().values(status="waiting", case_id=None))
    file_all(office, batch_id)
    assert len(office.all(sa.select(case.c.id))) == 2
    assert all(item.case_id for item in items(office, batch_id))
    with pytest.raises(BatchOver):
        take_requests(office.app, office.viewer("rosa"), batch_id)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_changed_between_the_check_and_the_filing_is_told_in_its_row(office: BatchOffice) -> None:
    batch_id = check(office, GOOD)
    with office.app.database.write() as conn:
        conn.execute(sa.text("UPDATE person SET profile = 'administrativo' WHERE username = 'maria'"))
        stop(conn, batch_id, "no corre todavía")
    file_all(office, batch_id)
    assert "Este servicio es para" in (items(office, batch_id)[0].reason or "")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_name_of_what_is_wrong_is_said_once(office: BatchOffice) -> None:
    batch_id = check(office, "tipo_identidad;identidad;nombre;motivo;copias\ncedula;0912345675;;;2\n")
    assert (items(office, batch_id)[0].reason or "").count("¿Para qué es?") == 1


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_only_secretaria_files_for_others(office: BatchOffice) -> None:
    for who in ("general", "maria"):
        with pytest.raises(NotAllowed, match="Solo Secretaría"):
            check(office, GOOD, who)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_somebody_whose_account_is_closed_is_not_filed_for(office: BatchOffice) -> None:
    with office.app.database.write() as conn:
        set_active(conn, office.people["maria"], False)
    assert "No hay una persona registrada" in (items(office, check(office, GOOD))[0].reason or "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (GOOD.encode("utf-8")[3:].decode().encode("latin-1"), "no está en UTF-8"),
        (b"", "vacío"),
        (b"tipo_identidad,identidad,motivo\n", "ninguna solicitud"),
        (b"identidad,motivo\n1,2\n", "Falta la columna"),
        (b"tipo_identidad,identidad,color\ncedula,1,rojo\n", "no tiene las columnas «color»"),
        (b"tipo_identidad,identidad,motivo,motivo\n", "dos veces"),
        (b"tipo_identidad,identidad\na,b,c,d\n", "más celdas"),
        (b'tipo_identidad,identidad,motivo\ncedula,1,"sin cerrar\n', "comillas"),
        (b"PK\x03\x04 nada", "XLSX"),
        (b"tipo_identidad,identidad,motivo\n" + b"cedula,1,x\n" * 2_001, "2000 filas"),
        (b"\x00\x01\x02", "no es un CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    sqlite_url: str,
    tmp_path: Path,
    authority: Authority,  # noqa: F811
    data: bytes,
    said: str,
) -> None:
    with (
        open_batch_office(sqlite_url, tmp_path / "data", authority.pki) as office,
        pytest.raises(FileRefused, match=said),
    ):
        check(office, data)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_file_of_more_than_5_mb_is_refused(office: BatchOffice) -> None:
    with pytest.raises(TooLarge, match="5 MB"):
        check(office, b"x" * (5 * 1024 * 1024 + 1))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_workbook_is_read_like_a_csv(office: BatchOffice) -> None:
    book, target = Workbook(), io.BytesIO()
    for row in (["tipo_identidad", "identidad", "motivo", "copias"], ["cedula", "0912345675", "Beca", 2.0]):
        book.active.append(row)
    book.save(target)
    (item,) = items(office, check(office, target.getvalue()))
    assert (item.status, item.label, item.n) == ("waiting", "Ñáñez de la Cruz, María José", 2)
    assert item.data is not None
    assert item.data["answers"] == {"motivo": "Beca", "copias": "2"}


def test_a_small_workbook_that_opens_into_millions_of_cells_is_refused_unread() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", "<c/>" * (MOST_TAGS + 1))
    assert len(target.getvalue()) < 10_000
    with pytest.raises(TooLarge, match="una vez abierto"):
        read_table(target.getvalue())


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_template_of_a_service_names_its_questions_and_is_accepted_once_filled(office: BatchOffice) -> None:
    text = template(office.app.definitions.current(PROCESS))
    lines = text.splitlines()
    assert lines[0] == "\ufefftipo_identidad;identidad;nombre;organismo;oficio;fecha_oficio;motivo;copias"
    assert lines[1].count(";") == lines[0].count(";"), "a hint under each heading"
    assert "¿Para qué es?" in lines[1]
    batch_id = check(office, text + "cedula;0912345675;;;;;Beca;1\r\n")
    assert [item.status for item in items(office, batch_id)] == ["waiting"]
