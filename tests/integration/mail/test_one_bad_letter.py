"""One letter that breaks us stops no other and is not lost: it waits for a person, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any, cast

import pytest

from engine.config import MailAccount
from engine.errors import Unavailable
from engine.inbound.received import file_held, judge_new, open_received, statement
from engine.mail.incoming import Arrival, Reader, reader
from engine.mail.incoming.mailbox import Envelope, Mailbox
from tests.support.letters import hostile
from tests.support.mail_desk import AT, QUIMICA, MailDesk, read_here

ACCOUNT = "departamento:quimica"
ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


class Box:
    """A server's folder with these letters."""

    uidvalidity = 1

    def __init__(self, letters: Sequence[bytes]) -> None:
        self.letters = letters
        self.marked: list[int] = []

    def uids(self) -> list[int]:
        return list(range(1, len(self.letters) + 1))

    def envelopes(self, uids: Sequence[int]) -> Iterator[Envelope]:
        return (Envelope(uid, len(self.letters[uid - 1]), AT) for uid in uids)

    def fetch(self, envelope: Envelope, _largest: int) -> Arrival:
        return Arrival(ACCOUNT, 1, envelope.uid, self.letters[envelope.uid - 1], envelope.size, AT)

    def settle(self, uids: Iterable[int]) -> None:
        self.marked += uids


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[MailDesk]:
    opened = MailDesk.open(database_url, tmp_path / "data")
    yield opened
    opened.app.close()


def read(desk: MailDesk, box: Box) -> int:
    app, account = desk.app, MailAccount(address=QUIMICA, name="Química")
    one = Reader(ACCOUNT, account, "uno", app.config, app.clock, app.database, app.archive, Event(), lambda: None)
    return one.read_all(cast("Mailbox", box))


def breaks_on(word: bytes, real: Callable[..., Any]) -> Callable[..., Any]:
    def keep(database: Any, archive: Any, arrival: Arrival, *more: Any) -> Any:
        if word in arrival.raw:
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
        return real(database, archive, arrival, *more)

    return keep


def test_every_hostile_letter_is_kept_and_judged(desk: MailDesk) -> None:
    box = Box([raw for kind, raw in hostile().items() if kind.startswith(("half a", "a NUL"))])
    assert read(desk, box) == len(box.letters) >= 5
    desk.later(desk.mails()[0].id)
    assert {mail.status for mail in desk.mails()} <= {"held", "refused"}
    assert box.marked == box.uids()


@ON_SQLITE
def test_a_letter_that_cannot_be_understood_is_kept_for_a_person_and_the_others_go_on(
    desk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = desk.written(subject="rara"), desk.written(subject="buena")
    monkeypatch.setattr(reader, "keep", breaks_on(b"rara", reader.keep))
    box = Box([bad, good])
    assert (read(desk, box), read(desk, box)) == (2, 0)
    held, new = sorted(desk.mails(), key=lambda mail: mail.status)
    assert (held.status, held.subject, new.status, new.subject) == ("held", "", "new", "buena")
    assert "UnicodeEncodeError" in (held.reason or "")
    assert desk.app.archive.get(held.raw_sha256) == bad
    directora = desk.staff["directora"]
    assert [item.outcome for item in open_received(desk.app, directora, held.id).items] == ["held"]
    filed = file_held(desk.app, held.id, directora, "La miré.")
    assert (filed.status, "UnicodeEncodeError" in (filed.reason or "")) == ("filed", True)


@ON_SQLITE
def test_while_the_database_is_away_nothing_is_taken_for_a_bad_letter(
    desk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: Any) -> Any:
        raise Unavailable()

    monkeypatch.setattr(reader, "keep", away)
    with pytest.raises(Unavailable):
        read(desk, Box([desk.written()]))
    assert desk.mails() == []


@ON_SQLITE
def test_a_letter_whose_judging_breaks_is_tried_for_a_minute_and_then_held(
    desk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_data: bytes) -> Any:
        raise KeyError("nada")

    monkeypatch.setattr(statement, "read_return", broken)
    bad = desk.keep(desk.written(desk.file()))
    assert judge_new(desk.app) == (0, [bad])
    assert desk.mail(bad).status == "new"
    held = desk.later(bad)
    assert (held.status, held.notice) == ("held", None)
    assert "KeyError" in (held.reason or "")
    monkeypatch.setattr(statement, "read_return", read_here)
    assert judge_new(desk.app) == (0, [])
