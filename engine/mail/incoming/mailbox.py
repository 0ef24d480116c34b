"""One connection to an account's folder on its IMAP server. It reads, marks and moves; it never deletes.

Of imap-tools only what does not expunge is used: its ``flag``, and its ``move`` where the server offers MOVE only after
login, remove whatever anybody had marked as deleted. Raises ``MailAway`` when the server is away, slow, or answers no.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.idle import IdleManager
from imap_tools.utils import encode_folder

from engine.config import MailAccount
from engine.mail.incoming.received import Arrival

log = logging.getLogger(__name__)

TIMEOUT = 30.0  # seconds, for connecting and for each answer
SLICE = 1.0  # seconds between two looks at whether to stop
BATCH = 500  # letters in one question


class MailAway(Exception):
    """The mail server cannot be read now; trying later may work. Its text says why, in Spanish."""


class NotMarked(Exception):
    """The server is there and does not let a letter be marked or moved. It is kept all the same."""


@dataclass(frozen=True, slots=True)
class Envelope:
    uid: int
    size: int
    received_at: datetime


@contextmanager
def open_mailbox(code: str, account: MailAccount, timeout: float = TIMEOUT) -> Iterator[Mailbox]:
    with _told("no responde o no nos admite"):
        client = _connect(account, timeout)
        try:
            client.login(account.imap_user or account.address, _password(account), account.imap_folder)
        except BaseException:
            _hang_up(client)
            raise
    try:
        yield Mailbox(code, account, client)
    finally:
        _hang_up(client)


class Mailbox:
    def __init__(self, code: str, account: MailAccount, client: BaseMailBox) -> None:
        self._code, self._account, self._client = code, account, client
        with _told("no dice cuál es su carpeta"):
            self.uidvalidity = int(client.client.response("UIDVALIDITY")[1][0] or 0)
            offered = b" ".join(one for one in client.client.capability()[1] if one)  # after login it offers more
            self._offers = set(offered.decode("ascii", "replace").upper().split())

    def uids(self) -> list[int]:
        """Of every letter in the folder, whether or not somebody has read it."""
        self._said_more()  # what was said before the question is in its answer
        with _told("no dice qué correos tiene"):
            return [int(uid) for uid in self._client.uids(charset=None)]

    def envelopes(self, uids: Sequence[int]) -> Iterator[Envelope]:
        """Size and arrival of those that are still there."""
        for start in range(0, len(uids), BATCH):
            wanted = ",".join(map(str, uids[start : start + BATCH]))
            with _told("no muestra los correos"):
                answer = self._ask("FETCH", wanted, "(UID RFC822.SIZE INTERNALDATE)")
            yield from (found for line in answer if (found := _envelope(line)) is not None)

    def fetch(self, envelope: Envelope, most: int) -> Arrival | None:
        """The letter, without marking it as seen; only its headers when it is larger than ``most`` bytes. None: it is
        no longer there."""
        whole = envelope.size <= most
        with _told("no entrega un correo"):
            answer = self._ask("FETCH", str(envelope.uid), "(UID BODY.PEEK[])" if whole else "(UID BODY.PEEK[HEADER])")
        raw = next((one[1] for one in answer if isinstance(one, tuple)), None)
        if raw is None:
            return None
        code, seen = self._code, max(envelope.size, len(raw))
        return Arrival(code, self.uidvalidity, envelope.uid, raw, seen, envelope.received_at, whole)

    def settle(self, uids: Iterable[int]) -> None:
        """What is kept is marked as seen and, where the office wants it so, moved out of the way. Raises ``NotMarked``
        too."""
        wanted, folder = ",".join(map(str, uids)), self._account.imap_done_folder
        if not wanted:
            return
        with _told("cortó la conexión"):
            try:
                self._ask("STORE", wanted, "+FLAGS.SILENT", r"(\Seen)")
                if folder and self.can_move:
                    self._make_folder(folder)
                    self._ask("MOVE", wanted, encode_folder(folder).decode("ascii"))
            except imaplib.IMAP4.abort:
                raise
            except (imaplib.IMAP4.error, ImapToolsError) as error:
                raise NotMarked(str(error)[:300]) from error

    @property
    def can_move(self) -> bool:
        return "MOVE" in self._offers

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> bool:
        """Until something happens in the folder, which is True; ``seconds`` pass; or it is ``stopped``."""
        until = time.monotonic() + seconds
        if "IDLE" not in self._offers:
            while not stopped() and time.monotonic() < until:
                time.sleep(min(SLICE, max(0.0, until - time.monotonic())))
            return False
        if self._said_more():  # while the last letters were being read
            return True
        with _told("cortó la conexión"):
            with self._client.idle as idle:
                happened = self._idle(idle, until, stopped)
            return happened or self._said_more()

    def _said_more(self) -> bool:
        """Whether the server spoke of letters since this was last asked."""
        return bool(self._client.client.response("EXISTS")[1] != [None])

    def _idle(self, idle: IdleManager, until: float, stopped: Callable[[], bool]) -> bool:
        while not stopped() and (left := until - time.monotonic()) > 0:
            began = time.monotonic()
            if idle.poll(timeout=min(SLICE, left)):
                return True
            if time.monotonic() - began < min(SLICE, left) / 2:  # nothing was said, and it did not wait
                raise MailAway("el servidor de correo cortó la conexión")
        return False

    def _ask(self, command: str, *arguments: str) -> list[Any]:
        kind, answer = self._client.client.uid(command, *arguments)
        if kind != "OK":
            raise imaplib.IMAP4.error(f"{command}: {answer!r}"[:300])
        return [one for one in answer if one is not None]

    def _make_folder(self, name: str) -> None:
        if not self._client.folder.exists(name):
            self._client.folder.create(name)


def _connect(account: MailAccount, timeout: float) -> BaseMailBox:
    host, port = account.imap_host or "", account.imap_port
    match account.imap_tls:
        case "tls":
            return MailBox(host, port, timeout=timeout, ssl_context=ssl.create_default_context())
        case "starttls":
            return MailBoxStartTls(host, port, timeout=timeout, ssl_context=ssl.create_default_context())
        case "off":
            return MailBoxUnencrypted(host, port, timeout=timeout)


def _password(account: MailAccount) -> str:
    if account.imap_password is not None:
        return account.imap_password.get_secret_value()
    if account.imap_password_file is not None:
        return account.imap_password_file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    return ""


def _hang_up(client: BaseMailBox) -> None:
    try:
        client.client.shutdown()
    except Exception:
        log.debug("a connection to a mail server was already closed", exc_info=True)


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError, IndexError) as error:
        why = "".join(c if c.isprintable() else " " for c in str(error))[:300]
        raise MailAway(f"el servidor de correo {what}: {why or type(error).__name__}") from error


_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


def _envelope(line: Any) -> Envelope | None:
    text = line[0] if isinstance(line, tuple) else line
    uid, size = _UID.search(text), _SIZE.search(text)
    if uid is None or size is None:
        return None
    when = imaplib.Internaldate2tuple(text)
    at = datetime.fromtimestamp(time.mktime(when), UTC) if when else datetime.now(UTC)
    return Envelope(int(uid.group(1)), int(size.group(1)), at)
