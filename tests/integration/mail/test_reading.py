"""The reader against a real IMAP server: everything once, nothing lost, nothing deleted."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest

from engine.archive import Archive
from engine.clock import SystemClock
from engine.config import Config
from engine.errors import Unavailable
from engine.mail.incoming import Reader, ReceivedMail, mails, open_mailbox, readings
from engine.mail.incoming.received import TOO_LARGE
from engine.storage.unit_of_work import Database
from tests.support.dovecot import Dovecot
from tests.support.letters import hostile, letter

TO = "quimica@uni.example"


@dataclass
class Desk:
    """An office that reads one account."""

    database: Database
    folder: Path
    server: Dovecot
    address: str = field(default_factory=lambda: f"{uuid4().hex[:12]}@uni.example")
    more: dict[str, object] = field(default_factory=dict)
    config: dict[str, object] = field(default_factory=dict)

    def reader(self, holder: str = "uno", stop: Event | None = None) -> Reader:
        config = Config(data_dir=self.folder, **({"mail_poll_seconds": 1} | self.config))  # type: ignore[arg-type]
        account = self.server.account(self.address, **self.more)
        archive = Archive(self.folder / "archive")
        halt = stop or Event()
        return Reader(
            "quimica",
            account,
            holder,
            config,
            SystemClock(),
            self.database,
            archive,
            halt,
            lambda: None,
            first_delay=0.1,
        )

    def read(self, holder: str = "uno") -> int:
        reader = self.reader(holder)
        with open_mailbox("quimica", reader.account) as box:
            return reader.read_all(box)

    @contextmanager
    def reading(self) -> Iterator[None]:
        stop = Event()
        thread = Thread(target=self.reader(stop=stop).run)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(timeout=10)
            assert not thread.is_alive()

    def deliver(self, raw: bytes, at: datetime | None = None) -> None:
        self.server.deliver(self.address, raw, at)

    def kept(self) -> list[ReceivedMail]:
        with self.database.read() as conn:
            return sorted(mails(conn), key=lambda mail: mail.at)

    def raw(self, mail: ReceivedMail) -> bytes:
        return Archive(self.folder / "archive").get(mail.raw_sha256)


@pytest.fixture
def desk(database: Database, tmp_path: Path, imap: Dovecot) -> Desk:
    return Desk(database, tmp_path, imap)


@pytest.fixture
def empty_copy(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """As restored from a backup of before the letters came."""
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'restored.db')}")
    yield database
    database.close()


def wait_for(what: Callable[[], bool], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


@pytest.mark.req("R-46")
def test_a_letter_is_kept_as_it_came_and_only_marked_on_the_server(desk: Desk) -> None:
    raw = letter("Ana <ana@uni.example>", TO, subject="Acta Ñ", files=[("2021-L0012-F0034.pdf", b"%PDF-1.7")])
    taken = datetime(2021, 4, 15, 13, 30, tzinfo=UTC)
    desk.deliver(raw, taken)
    assert desk.read() == 1
    [mail] = desk.kept()
    assert (mail.account, mail.sender, mail.subject, mail.status) == ("quimica", "ana@uni.example", "Acta Ñ", "new")
    assert (mail.received_at, mail.size, mail.whole) == (taken, len(raw), True)
    assert [one["name"] for one in mail.attachments] == ["2021-L0012-F0034.pdf"]
    assert desk.raw(mail) == raw
    assert desk.server.folder_of(desk.address) == [(raw, frozenset({b"\\Seen"}))]
    assert desk.read() == 0
    assert len(desk.kept()) == 1


def test_what_somebody_read_by_hand_is_kept_too(desk: Desk) -> None:
    desk.deliver(letter("ana@uni.example", TO))
    with desk.server.open(desk.address) as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", r"(\Seen \Deleted)")
    assert desk.read() == 1
    assert [flags for _, flags in desk.server.folder_of(desk.address)] == [frozenset({b"\\Seen", b"\\Deleted"})]


def test_what_is_kept_moves_to_its_folder_when_the_office_wants_it(desk: Desk) -> None:
    desk.more = {"imap_done_folder": "Recibidos por el sistema"}
    first, second = letter("ana@uni.example", TO, subject="uno"), letter("ana@uni.example", TO, subject="dos")
    desk.deliver(first)
    assert desk.read() == 1
    desk.deliver(second)
    assert desk.read() == 1
    assert desk.server.folder_of(desk.address) == []
    moved = desk.server.folder_of(desk.address, "Recibidos por el sistema")
    assert [raw for raw, _ in moved] == [first, second]


def test_after_a_restored_backup_what_was_moved_away_is_read_again_once_it_is_moved_back(
    desk: Desk, empty_copy: Database
) -> None:
    desk.more = {"imap_done_folder": "Hechos"}
    desk.deliver(letter("ana@uni.example", TO))
    assert desk.read() == 1

    def bring_back() -> None:
        with desk.server.open(desk.address) as client:
            client.select("Hechos")
            client.uid("MOVE", "1:*", "INBOX")

    bring_back()
    assert desk.read() == 0
    bring_back()
    restored = replace(desk, database=empty_copy)
    assert restored.read() == 1
    assert len(restored.kept()) == 1


def test_a_server_that_cannot_move_keeps_them_where_they_are(
    database: Database, tmp_path: Path, plain_imap: Dovecot
) -> None:
    desk = Desk(database, tmp_path, plain_imap, more={"imap_done_folder": "Leídos"})
    desk.deliver(letter("ana@uni.example", TO))
    assert desk.read() == 1
    assert desk.read() == 0
    assert [flags for _, flags in desk.server.folder_of(desk.address)] == [frozenset({b"\\Seen"})]


def test_the_same_letter_twice_in_the_mailbox_is_one(desk: Desk) -> None:
    raw = letter("ana@uni.example", TO)
    desk.deliver(raw)
    desk.deliver(b"Received: por otro camino\r\n" + raw)
    assert desk.read() == 1
    assert desk.read() == 0
    assert len(desk.kept()) == 1


def test_another_letter_under_a_message_id_that_was_used_is_not_lost(desk: Desk) -> None:
    raw = letter("ana@uni.example", TO, headers={"Message-ID": "<uno@uni.example>"})
    desk.deliver(raw)
    desk.deliver(raw.replace(b"Va el acta", b"Va otra acta"))
    assert desk.read() == 2


def test_when_the_server_counts_anew_nothing_is_processed_twice(desk: Desk) -> None:
    letters = [letter("ana@uni.example", TO, subject=str(n)) for n in range(3)]
    for raw in letters:
        desk.deliver(raw)
    assert desk.read() == 3
    with open_mailbox("quimica", desk.reader().account) as box:
        before = box.uidvalidity
    desk.server.forget_uids(desk.address)
    time.sleep(1.1)  # Dovecot takes the second for its new UIDVALIDITY
    desk.deliver(letter("ana@uni.example", TO, subject="nueva"))
    assert desk.read() == 1
    with open_mailbox("quimica", desk.reader().account) as box:
        assert box.uidvalidity != before
    assert sorted(mail.subject for mail in desk.kept()) == ["0", "1", "2", "nueva"]
    assert desk.read() == 0


def test_a_letter_too_large_stays_on_the_server_and_is_shown(desk: Desk) -> None:
    desk.config = {"mail_max_size": 20_000}
    desk.deliver(letter("ana@uni.example", TO, subject="grande", files=[("x.pdf", b"%PDF-" * 20_000)]))
    desk.deliver(letter("ana@uni.example", TO, subject="chica"))
    assert desk.read() == 2
    large, small = sorted(desk.kept(), key=lambda mail: mail.whole)
    assert (large.subject, large.whole, large.reason) == ("grande", False, TOO_LARGE)
    assert large.size > 100_000
    assert b"%PDF" not in desk.raw(large)
    assert (small.subject, small.whole) == ("chica", True)
    assert [flags for _, flags in desk.server.folder_of(desk.address)] == [frozenset(), frozenset({b"\\Seen"})]
    assert desk.read() == 0


def test_of_all_that_has_broken_a_mail_reader_nothing_is_lost(desk: Desk) -> None:
    wild = [raw for raw in hostile().values() if raw and b"\0" not in raw and len(raw) < 300_000]  # IMAP carries no NUL
    for raw in wild:
        desk.deliver(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    assert desk.read() == len(wild)
    assert sorted(desk.raw(mail) for mail in desk.kept()) == sorted(
        raw for raw, _ in desk.server.folder_of(desk.address)
    )


def test_two_readers_at_once_keep_each_letter_once(desk: Desk) -> None:
    for n in range(12):
        desk.deliver(letter("ana@uni.example", TO, subject=str(n)))
    threads = [Thread(target=desk.read, args=(str(n),)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(desk.kept()) == 12


def test_a_letter_comes_within_the_second_where_the_server_tells(desk: Desk) -> None:
    desk.config = {"mail_poll_seconds": 600}
    with desk.reading():
        wait_for(lambda: bool(_reading(desk)))
        desk.deliver(letter("ana@uni.example", TO, subject="uno"))
        wait_for(lambda: len(desk.kept()) == 1, seconds=5)
        desk.deliver(letter("ana@uni.example", TO, subject="dos"))
        wait_for(lambda: len(desk.kept()) == 2, seconds=5)


def test_a_server_that_does_not_tell_is_asked_now_and_then(
    database: Database, tmp_path: Path, plain_imap: Dovecot
) -> None:
    desk = Desk(database, tmp_path, plain_imap, config={"mail_poll_seconds": 0.3})
    with desk.reading():
        wait_for(lambda: bool(_reading(desk)))
        desk.deliver(letter("ana@uni.example", TO))
        wait_for(lambda: len(desk.kept()) == 1)


def test_a_server_that_was_away_is_read_when_it_is_back(database: Database, tmp_path: Path) -> None:
    with Dovecot() as server:
        desk = Desk(database, tmp_path, server)
        with desk.reading():
            wait_for(lambda: bool(_reading(desk)))
            server.stop()
            wait_for(lambda: "servidor de correo" in (_error(desk) or ""))
            server.start()
            desk.deliver(letter("ana@uni.example", TO))
            wait_for(lambda: len(desk.kept()) == 1)
            wait_for(lambda: _error(desk) is None)


def test_a_wrong_password_is_told_and_shows_no_secret(desk: Desk) -> None:
    desk.more = {"imap_password": "equivocada-y-secreta"}
    with desk.reading():
        wait_for(lambda: "no nos admite" in (_error(desk) or ""))
    assert "equivocada" not in (_error(desk) or "")


def test_while_the_archive_is_full_nothing_is_marked_as_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deliver(letter("ana@uni.example", TO))

    def full(_archive: Archive, _data: bytes) -> str:
        raise Unavailable("El archivo de originales no tiene espacio.")

    with monkeypatch.context() as patched:
        patched.setattr(Archive, "put", full)
        with pytest.raises(Unavailable):
            desk.read()
    assert desk.kept() == []
    assert [flags for _, flags in desk.server.folder_of(desk.address)] == [frozenset()]
    assert desk.read() == 1


def test_an_account_is_read_by_one_worker_and_taken_over_when_it_falls_silent(desk: Desk) -> None:
    first, second = desk.reader("uno"), desk.reader("dos")
    assert first._beat()
    assert not second._beat()
    late = desk.reader("dos")
    object.__setattr__(late, "clock", _Later())
    assert late._beat()
    assert not first._beat()


class _Later:
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=1, seconds=-1, milliseconds=1200)


def _reading(desk: Desk) -> datetime | None:
    with desk.database.read() as conn:
        found = readings(conn).get("quimica")
    return found.read_at if found else None


def _error(desk: Desk) -> str | None:
    with desk.database.read() as conn:
        found = readings(conn).get("quimica")
    return found.error if found else None
