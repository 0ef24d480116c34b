"""Two people of an office decide on one held letter, and a worker that judges is about: the case is told what holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from engine.errors import Conflict, Unavailable
from engine.inbound.received import accept_held, held, judge_new, refuse_held, statement
from engine.mail.incoming import ReceivedMail
from tests.support.mail_desk import MailDesk, read_here

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def desk(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailDesk]:
    monkeypatch.setattr(statement, "read_return", read_here)
    opened = MailDesk.open(database_url, tmp_path / "data")
    yield opened
    opened.app.close()


def doubted(desk: MailDesk) -> ReceivedMail:
    mail = desk.receive(desk.written(desk.file()), vouched=False)
    assert mail.status == "held"
    return mail


def before_the_case_is_told(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    real = held.carry

    def meanwhile(*given: Any) -> Any:
        act()
        return real(*given)

    monkeypatch.setattr(held, "carry", meanwhile)


def accept(desk: MailDesk, mail_id: UUID) -> ReceivedMail:
    return accept_held(desk.app, mail_id, desk.staff["directora"], "La llamé")


@pytest.mark.req("R-42")
def test_a_refusal_while_the_case_is_being_told_comes_too_late(desk: MailDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = doubted(desk)

    def colleague() -> None:
        with pytest.raises(Conflict, match="decidió antes"):
            refuse_held(desk.app, mail.id, desk.staff["directora"], "No es suyo")

    before_the_case_is_told(monkeypatch, colleague)
    done = accept(desk, mail.id)
    assert (done.status, len(desk.delivered())) == ("filed", 1)
    assert "No es suyo" not in (done.reason or "")


def test_a_refusal_before_wins_and_the_case_is_told_nothing(desk: MailDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = doubted(desk)
    opened = held.open_received(desk.app, desk.staff["directora"], mail.id)
    refuse_held(desk.app, mail.id, desk.staff["directora"], "No es suyo")
    monkeypatch.setattr(held, "open_received", lambda *_given: opened)  # as it was when the colleague looked
    with pytest.raises(Conflict, match="decidió antes"):
        accept(desk, mail.id)
    assert (desk.mail(mail.id).status, desk.delivered()) == ("refused", [])


def test_the_thread_that_judges_may_tell_the_case_of_what_a_person_let_in(
    desk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = doubted(desk)
    before_the_case_is_told(monkeypatch, lambda: judge_new(desk.app))
    done = accept(desk, mail.id)
    assert (done.status, done.judged_by, len(desk.delivered())) == ("filed", desk.staff["directora"], 1)
    assert "Aceptado: La llamé" in (done.reason or "")


def test_what_cannot_be_told_now_is_held_as_before(desk: MailDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = doubted(desk)

    def away(*_given: Any) -> Any:
        raise Unavailable()

    monkeypatch.setattr(held, "carry", away)
    with pytest.raises(Unavailable):
        accept(desk, mail.id)
    again = desk.mail(mail.id)
    assert (again.status, again.items, again.judged_by) == ("held", mail.items, mail.judged_by)
