"""Several files of one acta in one letter, as mail programs and people send them: each is kept as it is, and what nobody
could read, or says something else, is looked at by a person (R-37 … R-42)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.actas import examen
from engine.documents import get_document
from engine.inbound.received import accept_held, statement
from engine.people import set_active
from tests.support.letters import File
from tests.support.mail_desk import MailDesk, read_here
from tests.support.returned_acta import filled_form

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def desk(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailDesk]:
    monkeypatch.setattr(statement, "read_return", read_here)
    opened = MailDesk.open(database_url, tmp_path / "data")
    yield opened
    opened.app.close()


def form(desk: MailDesk, *, blank: bool = False, absent: tuple[int, ...] = ()) -> File:
    with desk.app.database.read() as conn:
        data = examen.acta_data(conn, desk.actas[0].id)
    made = filled_form(data, absent, lambda values: values.clear()) if blank else filled_form(data, absent)
    return f"{desk.actas[0].base}.pdf", made


@pytest.mark.req("R-42")
def test_of_two_files_of_one_name_the_one_shown_is_the_one_that_was_read(desk: MailDesk) -> None:
    name, good = desk.file()
    mail = desk.receive(desk.written((name, b"PK\x03\x04" + b"roto" * 30), (name, good)))
    assert mail.status == "held"
    assert "que no se pudo leer" in (mail.reason or "")
    [load] = desk.loads()
    assert load.document_id is not None
    with desk.app.database.read() as conn:
        shown = get_document(conn, load.document_id)
    assert (shown.sha256, shown.size) == (load.sha256, len(good))


@pytest.mark.req("R-39")
def test_a_file_that_could_not_be_read_beside_a_good_one_is_seen_by_a_person_who_lets_it_in(desk: MailDesk) -> None:
    mail = desk.receive(desk.written(desk.file(), (f"{desk.actas[0].base}.pdf", b"%PDF-1.7 roto")))
    assert (mail.status, desk.delivered()) == ("held", [])
    assert f"«{desk.actas[0].base}.pdf»" in (mail.reason or "")
    accept_held(desk.app, mail.id, desk.staff["directora"], "El PDF no abre en ningún programa.")
    assert [told["carga"] for told in desk.delivered()] == [str(desk.loads()[0].id)]


@pytest.mark.req("R-37")
@pytest.mark.parametrize("turned", [False, True], ids=["Word first", "form first"])
def test_the_word_file_filled_in_beside_the_form_as_it_was_sent_is_an_answer(desk: MailDesk, turned: bool) -> None:
    files = [desk.file(), form(desk, blank=True)]
    mail = desk.receive(desk.written(*(reversed(files) if turned else files)))
    assert (mail.status, mail.reason, len(desk.delivered())) == ("filed", None, 1)
    [load] = desk.loads()
    assert load.sha256 == hashlib.sha256(files[0][1]).hexdigest()


def test_of_two_that_do_not_agree_a_person_lets_the_first_in(desk: MailDesk) -> None:
    mail = desk.receive(desk.written(desk.file(), form(desk, absent=(2,))))
    assert mail.status == "held"
    assert f"vale «{desk.actas[0].base}.docx»" in (mail.reason or "")
    accept_held(desk.app, mail.id, desk.staff["directora"], "Lo confirmó por teléfono: vale el Word.")
    [load] = desk.loads()
    assert [told["carga"] for told in desk.delivered()] == [str(load.id)]


@pytest.mark.req("R-45")
def test_the_mail_of_a_docente_whose_account_was_closed_waits_for_a_person(desk: MailDesk) -> None:
    with desk.app.database.write() as conn:
        set_active(conn, desk.docente, False)
    mail = desk.receive(desk.written(desk.file()))
    assert (mail.status, desk.delivered(), desk.loads()) == ("held", [], [])
    assert "cuenta del docente está cerrada" in (mail.reason or "")
