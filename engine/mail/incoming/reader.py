"""Read one account until told to stop: everything that is not kept yet, then wait for the server to tell of more.

A server that is away is tried again, ever more slowly, and what came meanwhile is read when it is back. Called by
``inbound.mails``, a thread for each account.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any
from uuid import UUID

from engine.clock import Clock
from engine.config import Config, MailAccount
from engine.errors import CartularioError, Unavailable
from engine.mail.incoming import lease, places
from engine.mail.incoming.authentication import Resolver, authentication
from engine.mail.incoming.mailbox import Envelope, MailAway, Mailbox, NotMarked, open_mailbox
from engine.mail.incoming.received import Arrival, Originals, keep, keep_unread
from engine.storage.unit_of_work import Database

log = logging.getLogger(__name__)

BEAT = 15.0  # seconds between two signs of life while waiting
SLOWEST = 300.0  # seconds between two attempts at a server that is away
TOGETHER = 50  # letters marked on the server in one go


@dataclass(frozen=True)
class Reader:
    code: str
    account: MailAccount
    holder: str  # this worker
    config: Config
    clock: Clock
    database: Database
    archive: Originals
    stop: Event
    arrived: Callable[[], Any]  # told when something new was kept
    resolver: Resolver | None = None
    first_delay: float = 1.0

    def run(self) -> None:
        delay = self.first_delay
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                if self._beat():
                    self._read()
                else:
                    self.stop.wait(BEAT)
                continue
            except (MailAway, Unavailable) as failure:
                self._note(failure.args[0] if failure.args else str(failure))
            except Exception as failure:
                log.exception("the mail of %s could not be read; trying again", self.code)
                self._note(f"{type(failure).__name__}")
            if time.monotonic() - began > SLOWEST:  # it went well for a while
                delay = self.first_delay
            self.stop.wait(delay * random.uniform(0.8, 1.2))  # noqa: S311  # workers do not knock all at once
            delay = min(2 * delay, SLOWEST)

    def _read(self) -> None:
        """Until stopped, or until another worker took the account over."""
        with open_mailbox(self.code, self.account) as box:
            while not self.stop.is_set() and self._beat():
                self.read_all(box)
                self._wait(box)
        with self.database.write() as conn:
            lease.leave(conn, self.code, self.holder)

    def read_all(self, box: Mailbox) -> int:
        """Keep what is not kept yet; how many letters were new."""
        there = box.uids()
        with self.database.read() as conn:
            known = places.known_uids(conn, self.code, box.uidvalidity)
            left = places.unsettled_uids(conn, self.code, box.uidvalidity)
        self._settle(box, left, set(there))
        new = 0
        for envelope in box.envelopes([uid for uid in there if uid not in known]):
            if self.stop.is_set():
                return new
            new += self._take(box, envelope)
        with self.database.write() as conn:
            lease.note_read(conn, self.code, box.uidvalidity, self.clock.now())
        return new

    def _take(self, box: Mailbox, envelope: Envelope) -> bool:
        """Store, then tell the server. Cut short in between, the next look finds it known and only tells the server."""
        arrival = box.fetch(envelope, self.config.mail_max_size)
        if arrival is None:
            return False
        kept = self._keep(arrival)
        if kept is not None:
            self.arrived()
        if arrival.whole:
            self._settle(box, [arrival.uid], {arrival.uid})
        return kept is not None

    def _keep(self, arrival: Arrival) -> UUID | None:
        """One letter that cannot be understood stops no other: it is kept as it came, for a person."""
        try:
            auth = authentication(arrival.raw, self.config.mail_authserv_id, self.resolver)
            return keep(self.database, self.archive, arrival, auth, self.clock.now())
        except Unavailable:
            raise
        except Exception as failure:
            log.exception("letter %d of %s could not be understood; it is kept as it came", arrival.uid, self.code)
            why = type(failure).__name__
            return keep_unread(self.database, self.archive, arrival, why, self.clock.now())

    def _settle(self, box: Mailbox, uids: list[int], there: set[int]) -> None:
        """Those no longer in the folder were moved before a crash, or by a person."""
        for start in range(0, len(uids), TOGETHER):
            some = uids[start : start + TOGETHER]
            try:
                box.settle(uid for uid in some if uid in there)
            except NotMarked as failure:  # the next look tries again
                log.warning("the server of %s does not let letters be marked: %s", self.code, failure)
                return
            with self.database.write() as conn:
                places.settle(conn, self.code, box.uidvalidity, some, self.clock.now())

    def _wait(self, box: Mailbox) -> None:
        until = time.monotonic() + self.config.mail_poll_seconds
        while not self.stop.is_set() and (left := until - time.monotonic()) > 0:
            if box.wait(min(BEAT, left), self.stop.is_set) or not self._beat():
                return

    def _beat(self) -> bool:
        with self.database.write() as conn:
            return lease.take(conn, self.code, self.holder, self.clock.now())

    def _note(self, why: str) -> None:
        log.warning("the mail of %s waits: %s", self.code, why)
        try:
            with self.database.write() as conn:
                lease.note_failure(conn, self.code, why, self.clock.now())
        except CartularioError:
            log.warning("that the mail of %s waits could not be noted", self.code)
