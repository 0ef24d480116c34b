"""A print run: a cover sheet and the documents in order, kept to be printed again; then its tasks are done."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pikepdf
import pytest
import sqlalchemy as sa

from engine.batches import (
    PrintRun,
    complete_printed,
    get_batch,
    list_items,
    mark_printed,
    prepare_signing,
    print_run,
    printable,
    read_run,
    sign_batch,
    signable,
    take_signing,
)
from engine.cases import CompleteTask, complete_task
from engine.errors import NotFound
from engine.storage.tables import read_log
from tests.support.batch_office import BatchOffice, open_batch_office
from tests.support.pki import PIN, Authority, authority  # noqa: F401 - a fixture

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # nothing here is a matter of the database


@pytest.fixture
def office(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[BatchOffice]:  # noqa: F811
    """Three constancias, signed, wait for the printer."""
    with open_batch_office(database_url, tmp_path / "data", authority.pki) as opened:
        opened.start(2)
        opened.start(1, "tadeo", motivo="Crédito")
        viewer, batch_id = opened.viewer("general"), uuid4()
        chosen = [one.task.task_id for one in signable(opened.app, viewer)]
        key = prepare_signing(opened.app, viewer, chosen, PIN, batch_id)
        sign_batch(opened.app, batch_id, take_signing(opened.app, batch_id), key)
        yield opened


def run(office: BatchOffice, *, both_sides: bool = False, destination: str = "") -> UUID:
    waiting = [one.task.task_id for one in printable(office.app, office.viewer("rosa"))]
    return print_run(office.app, office.viewer("rosa"), PrintRun(waiting, both_sides, destination), uuid4())


def text_of(pdf: bytes, folder: Path) -> str:
    file = folder / "tirada.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True).stdout.decode()


def test_a_run_has_its_cover_and_every_document_in_order_and_is_printed_again_as_it_was(
    office: BatchOffice, tmp_path: Path
) -> None:
    batch_id = run(office, destination="Ventanilla 2")
    viewer = office.viewer("rosa")
    document, pdf = read_run(office.app, viewer, batch_id)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == 4
        assert "/AcroForm" not in opened.Root
    pages = text_of(pdf, tmp_path).split("\f")
    assert "LOTE-" in pages[0]
    assert "Rosa Elvira Peñafiel" in pages[0]
    assert "Ventanilla 2" in pages[0]
    for row in office.issued():
        assert row.code in pages[0]
    assert pages[0].index("CO-") < pages[0].rindex("Güemes, Tadeo")
    assert "Fiorella" in pages[1], "the stamp of the signature is on the paper"
    assert read_run(office.app, viewer, batch_id)[1] == pdf
    assert document.kind == "print"
    assert len(office.all(sa.select(read_log.c.id).where(read_log.c.what.contains("tirada")))) >= 3


def test_on_both_sides_each_document_begins_on_a_new_sheet(office: BatchOffice) -> None:
    _document, pdf = read_run(office.app, office.viewer("rosa"), run(office, both_sides=True))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == 8


def test_once_printed_the_tasks_are_done_and_those_done_before_are_told(office: BatchOffice) -> None:
    batch_id, rosa = run(office), office.viewer("rosa")
    first = office.open_tasks("imprimir")[0]
    complete_task(CompleteTask(first, rosa.person_id, {}, uuid4()), office.app.engine)
    ended = complete_printed(office.app, rosa, batch_id, mark_printed(office.app, rosa, batch_id))
    assert (ended.state, ended.done, ended.refused) == ("done", 2, 1)
    with office.app.database.read() as conn:
        told = [item.reason for item in list_items(conn, batch_id) if item.reason]
    assert told == ["Este trámite ya terminó: la tarea se cerró con él."]
    assert office.open_tasks("imprimir") == []


def test_what_is_in_an_unfinished_run_says_so(office: BatchOffice) -> None:
    batch_id = run(office)
    with office.app.database.read() as conn:
        number = get_batch(conn, batch_id).number
    assert {one.earlier for one in printable(office.app, office.viewer("rosa"))} == {number}


def test_who_has_no_task_there_prints_nothing(office: BatchOffice) -> None:
    batch_id = run(office)
    assert printable(office.app, office.viewer("general")) == []
    with pytest.raises(NotFound):
        read_run(office.app, office.viewer("general"), batch_id)
    with pytest.raises(NotFound):
        print_run(office.app, office.viewer("general"), PrintRun(office.open_tasks("imprimir")), uuid4())
