"""What becomes of a letter: filed, held for a person or refused, each with its reason (R-34, R-40, R-41, R-45)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.actas import examen
from engine.errors import Unavailable
from engine.inbound.received import judge_new, statement
from engine.mail import prepare_mail
from engine.people import change_address
from engine.storage.tables import tribunal
from tests.support import examen as support
from tests.support.examen import ZONE
from tests.support.letters import letter
from tests.support.mail_desk import ACTAS, AT, DOCENTE, ECONOMIA, QUIMICA, SERVER, MailDesk, read_here
from tests.support.returned_acta import filled_form, filled_word

SOSA = {"n": 2, "name": "Juan Sosa", "email": "Juan.Sosa@otra.example"}
ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def near(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process, but for the first test."""
    if request.function is not test_the_docentes_acta_from_the_registered_address_reaches_its_case:
        monkeypatch.setattr(statement, "read_return", read_here)


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[MailDesk]:
    opened = MailDesk.open(database_url, tmp_path / "data")
    yield opened
    opened.app.close()


@pytest.fixture
def book(database_url: str, tmp_path: Path) -> Iterator[MailDesk]:
    """A mesa of two actas."""
    opened = MailDesk.open(database_url, tmp_path / "data", students=22)
    yield opened
    opened.app.close()


@pytest.mark.req("R-37", "R-40", "R-45")
def test_the_docentes_acta_from_the_registered_address_reaches_its_case(desk: MailDesk) -> None:
    mail = desk.receive(desk.written(desk.file()))
    [load] = desk.loads()
    assert (mail.status, mail.reason, mail.notice) == ("filed", None, None)
    assert (mail.base, mail.acta_id, mail.case_id) == (desk.actas[0].base, desk.actas[0].id, desk.actas[0].case_id)
    assert desk.delivered() == [{"carga": str(load.id), "correo": str(mail.id)}]
    assert (load.source, load.by, load.mail_id, load.at) == ("correo", desk.docente, mail.id, mail.received_at)
    assert [row.nota for row in load.rows] == ["10", "4"]
    assert mail.items is not None
    assert (mail.items[0]["document"], mail.items[0]["warnings"]) == (str(load.document_id), [])


@ON_SQLITE
@pytest.mark.req("R-39")
def test_the_form_in_pdf_is_read_as_well(desk: MailDesk) -> None:
    with desk.app.database.read() as conn:
        form = filled_form(examen.acta_data(conn, desk.actas[0].id), absent=[2])
    mail = desk.receive(desk.written((f"{desk.actas[0].base}.pdf", form)))
    assert mail.status == "filed", mail.reason
    assert [(row.nota, row.ausente) for row in desk.loads()[0].rows] == [("10", False), (None, True)]


@ON_SQLITE
@pytest.mark.req("R-40")
def test_several_actas_in_one_letter_reach_each_its_own(book: MailDesk) -> None:
    text = "Van las actas del libro 1, folios 1 y 2, del curso Métodos numéricos aplicados."
    mail = book.receive(book.written(book.file(0), book.file(1), text=text))
    assert mail.status == "filed"
    assert [item["warnings"] for item in mail.items or []] == [[], []]
    assert [one["carga"] for one in book.delivered()] == [str(book.loads(n)[0].id) for n in (0, 1)]


@ON_SQLITE
def test_of_two_actas_the_good_one_goes_on_and_the_bad_one_is_told(book: MailDesk) -> None:
    mail = book.receive(book.written(book.file(0), (f"{book.actas[1].base}.docx", b"PK nada")))
    assert [item["outcome"] for item in mail.items or []] == ["filed", "refused"]
    assert mail.status == "filed"
    assert book.actas[1].base in (mail.reason or "")
    assert mail.notice == "due"
    assert len(book.delivered()) == 1


@ON_SQLITE
@pytest.mark.req("R-40", "R-41")
def test_what_the_letter_should_say_and_does_not_is_noted_and_refuses_nothing(desk: MailDesk) -> None:
    with desk.app.database.write() as conn:
        conn.execute(tribunal.insert().values(**SOSA, mesa_id=desk.actas[0].mesa_id))
    mail = desk.receive(desk.written(desk.file(), text="Adjunto."))
    assert mail.status == "filed"
    [item] = mail.items or []
    assert item["warnings"] == [
        "El texto del correo no nombra el libro 1, el folio 1 ni el curso «Métodos numéricos aplicados» (punto 3.2).",
        "El correo no lleva copia al tribunal: juan.sosa@otra.example (punto 3.2).",
    ]


@ON_SQLITE
@pytest.mark.req("R-41")
def test_a_copy_to_the_tribunal_is_found_in_the_letter(desk: MailDesk) -> None:
    with desk.app.database.write() as conn:
        conn.execute(tribunal.insert().values(**SOSA, mesa_id=desk.actas[0].mesa_id))
    mail = desk.receive(desk.written(desk.file(), cc=["Juan <Juan.Sosa@otra.example>"]))
    assert [item["warnings"] for item in mail.items or []] == [[]]


@pytest.mark.req("R-45")
def test_an_address_changed_mid_way_counts_as_it_was_when_the_letter_came(desk: MailDesk) -> None:
    changed = AT + timedelta(hours=2)
    with desk.app.database.write() as conn:
        change_address(conn, desk.docente, "irene.nueva@une.example", changed)
    desk.clock.instant = AT + timedelta(hours=4)
    late = desk.receive(desk.written(desk.file()), at=changed + timedelta(minutes=1))
    assert (late.status, late.reason) == ("refused", desk.mail(late.id).reason)
    assert "no es la registrada" in (late.reason or "")
    early = desk.receive(desk.written(desk.file()), at=changed - timedelta(minutes=1))
    assert early.status == "filed"
    new = desk.receive(desk.written(sender="irene.nueva@une.example"), at=AT + timedelta(hours=3))
    assert new.status == "held"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an address of nobody": ({"sender": "irene@gmail.example"}, "no es la registrada de ninguna persona"),
    "somebody else's address": ({"sender": "decana@une.example"}, "no es la dirección registrada del docente"),
    "another name": ({"name": "acta de irene.docx"}, "no lleva el nombre base"),
    "a name with something more": ({"name": "2026-L0001-F0001 (1).docx"}, "no lleva el nombre base"),
    "an acta that is none": ({"name": "2026-L0001-F0099.docx"}, "No existe un acta con ese nombre"),
    "a damaged file": ({"data": b"PK\x03\x04 nada"}, "dañado"),
    "an old Word file": (
        {"name": "2026-L0001-F0001.doc", "data": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600},
        "",
    ),
    "a PDF that is no acta": ({"name": "2026-L0001-F0001.pdf", "data": b"%PDF-1.4\nnada"}, ""),
    "an empty file": ({"data": b""}, "vacío"),
}


@ON_SQLITE
@pytest.mark.req("R-34", "R-45")
@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_an_answer_is_refused_and_kept(desk: MailDesk, kind: str) -> None:
    given, said = REFUSED[kind]
    name, data = given.get("name", f"{desk.actas[0].base}.docx"), given.get("data")
    raw = desk.written((name, desk.word() if data is None else data), sender=given.get("sender", DOCENTE))
    mail = desk.receive(raw)
    assert mail.status == "refused", mail.reason
    assert said in (mail.reason or "")
    assert desk.delivered() == []
    assert desk.app.archive.get(mail.raw_sha256) == raw


@ON_SQLITE
@pytest.mark.req("R-34", "R-38")
def test_another_actas_content_changed_names_and_wrong_letters_are_refused(book: MailDesk) -> None:
    base = book.actas[0].base
    with book.app.database.read() as conn:
        data = examen.acta_data(conn, book.actas[0].id)
    changed = data | {"filas": [data["filas"][0] | {"nombre": "Otro, Alumno"}, *data["filas"][1:]]}
    other = book.receive(book.written((f"{base}.docx", book.word(1))))
    names = book.receive(book.written((f"{base}.docx", filled_word(changed))))

    def wrong(document: Any) -> None:
        document.tables[2].rows[2].cells[5].text = "tres"

    letters = book.receive(book.written((f"{base}.docx", filled_word(data, change=wrong))))
    assert [one.status for one in (other, names, letters)] == ["refused"] * 3
    assert "es el del acta" in (other.reason or "")
    assert "dice «Otro, Alumno»" in (names.reason or "")
    assert "las letras dicen «tres»" in (letters.reason or "")
    assert book.delivered() == []
    assert [load.mail_id for load in book.loads()] == [letters.id]


@ON_SQLITE
def test_a_second_answer_is_kept_beside_the_first_and_shown_to_a_person(desk: MailDesk) -> None:
    first = desk.receive(desk.written(desk.file()))
    with desk.app.database.write() as conn:
        examen.accept_grades(conn, desk.actas[0].id, desk.loads()[0].id, job_key="uno", by=None, at=AT, zone=ZONE)
    desk.clock.advance(timedelta(minutes=5))
    second = desk.receive(desk.written(desk.file(absent=[1]), subject="Otra vez"))
    assert (first.status, second.status) == ("filed", "held")
    assert "llegó antes" in (second.reason or "")
    assert [load.mail_id for load in desk.loads()] == [first.id, second.id]
    assert len(desk.delivered()) == 1


@ON_SQLITE
@pytest.mark.req("R-48")
@pytest.mark.parametrize(("state", "said"), [("bloqueada", "rectificativa"), ("anulada", "anulada")])
def test_an_answer_for_a_closed_acta_is_refused(desk: MailDesk, state: str, said: str) -> None:
    if state == "anulada":
        with desk.app.database.write() as conn:
            how = {"job_key": "x", "by": None, "at": AT, "note": "Mesa equivocada"}
            examen.move_acta(conn, desk.actas[0].id, state, **how)  # type: ignore[arg-type]
    else:
        support.bring(desk.app.database, desk.actas[0].id, state)
    mail = desk.receive(desk.written(desk.file()))
    assert mail.status == "refused"
    assert said in (mail.reason or "")


@ON_SQLITE
def test_an_acta_about_to_be_sent_is_waited_for_and_one_that_is_not_is_held(database_url: str, tmp_path: Path) -> None:
    desk = MailDesk.open(database_url, tmp_path / "data", state="enviada")
    quick = desk.receive(desk.written(desk.file()))
    assert quick.status == "new"
    support.bring(desk.app.database, desk.actas[0].id, "en_carga")
    assert desk.later(quick.id, seconds=2).status == "filed"


@ON_SQLITE
def test_an_acta_that_nobody_waits_for_is_held_after_a_while(desk: MailDesk) -> None:
    desk.receive(desk.written(desk.file()))
    again = desk.receive(desk.written(desk.file(), subject="De nuevo"))
    assert again.status == "new"
    held = desk.later(again.id)
    assert held.status == "held"
    assert "Ningún trámite espera" in (held.reason or "")


@ON_SQLITE
def test_two_files_that_do_not_say_the_same_wait_for_a_person(desk: MailDesk) -> None:
    with desk.app.database.read() as conn:
        form = filled_form(examen.acta_data(conn, desk.actas[0].id), absent=[2])
    mail = desk.receive(desk.written(desk.file(), (f"{desk.actas[0].base}.pdf", form)))
    assert mail.status == "held"
    assert "no dicen lo mismo" in (mail.reason or "")
    assert desk.delivered() == []


@ON_SQLITE
def test_a_letter_that_our_server_found_false_waits_for_a_person(desk: MailDesk) -> None:
    raw = f"Authentication-Results: {SERVER}; dmarc=fail header.from=une.example\r\n".encode()
    mail = desk.receive(raw + desk.written(desk.file()))
    assert mail.status == "held"
    assert "no pudo comprobar" in (mail.reason or "")
    assert desk.delivered() == []
    other = b"Authentication-Results: otro.example; dmarc=fail\r\n" + desk.written(desk.file(), subject="Verdadera")
    assert desk.receive(other).status == "filed"


@ON_SQLITE
def test_a_letter_that_cannot_be_judged_now_is_told_and_holds_up_no_other(
    desk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = desk.keep(desk.written(desk.file())), desk.keep(desk.written(text="Una pregunta."))

    def away(_data: bytes) -> Any:
        raise Unavailable()

    monkeypatch.setattr(statement, "read_return", away)
    assert judge_new(desk.app) == (1, [bad])
    assert judge_new(desk.app, besides=[bad]) == (0, [])
    assert (desk.mail(bad).status, desk.mail(good).status) == ("new", "held")
    monkeypatch.setattr(statement, "read_return", read_here)
    assert judge_new(desk.app) == (1, [])
    assert desk.mail(bad).status == "filed"


HELD: dict[str, tuple[dict[str, Any], str]] = {
    "a question": ({}, "No trae ningún acta"),
    "a holiday notice": ({"headers": {"Auto-Submitted": "auto-replied"}}, "respuesta automática"),
    "two senders": ({"sender": "irene@une.example, otra@une.example"}, "no se puede leer o es más de uno"),
}


@ON_SQLITE
@pytest.mark.parametrize("kind", HELD)
def test_what_is_no_answer_waits_for_a_person(desk: MailDesk, kind: str) -> None:
    given, said = HELD[kind]
    mail = desk.receive(desk.written(**given))
    assert mail.status == "held"
    assert said in (mail.reason or "")


@ON_SQLITE
def test_a_message_id_used_again_for_something_else_waits_for_a_person(desk: MailDesk) -> None:
    same = {"Message-ID": "<uno@une.example>"}
    first = desk.receive(desk.written(headers=same, text="Una consulta."))
    desk.clock.advance(timedelta(minutes=1))
    second = desk.receive(desk.written(desk.file(), headers=same))
    assert first.status == "held"
    assert (second.status, desk.delivered()) == ("held", [])
    assert "Message-ID" in (second.reason or "")


@ON_SQLITE
@pytest.mark.req("R-36", "R-40")
def test_an_acta_goes_to_the_account_of_its_own_departamento(desk: MailDesk) -> None:
    lost = desk.receive(desk.written(desk.file(), to=ECONOMIA), account="departamento:economia")
    assert lost.status == "held"
    assert QUIMICA in (lost.reason or "")
    both = desk.written(desk.file(), to=QUIMICA, cc=[ACTAS])
    copy = desk.receive(both, account="actas")
    assert (copy.status, copy.notice) == ("duplicate", None)
    assert desk.receive(both).status == "filed"


@ON_SQLITE
def test_our_own_letters_in_our_own_accounts_are_filed_without_a_word(desk: MailDesk) -> None:
    with desk.app.database.write() as conn:
        ours = prepare_mail(
            conn, message_id="<cartulario.1@une.example>", case_id=None, to=[ACTAS], subject="Acta", body="x", at=AT
        )
    mail = desk.receive(
        letter(QUIMICA, ACTAS, headers={"Message-ID": ours.message_id, "Auto-Submitted": "auto-generated"}),
        account="actas",
    )
    assert (mail.status, mail.notice) == ("filed", None)
