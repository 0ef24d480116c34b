"""The way in of mail: one thread for each account that names an IMAP server, and one that judges what they keep.

Started by a worker. Several workers share the accounts, one reading each; judging is safe for several at once.
"""

from __future__ import annotations

import logging
import os
import socket
from datetime import datetime, timedelta
from threading import Event, Thread
from uuid import UUID, uuid4

from engine.errors import CartularioError
from engine.inbound.received import Desk, answer_all_due, judge_new
from engine.mail.incoming import Reader, ask_dns

log = logging.getLogger(__name__)

EVERY = 2.0  # seconds between two looks at what others kept, or what waits for its case
REST = timedelta(minutes=1)  # before a letter that could not be judged is tried again
ANSWERS_EVERY = 60.0  # seconds between two attempts at answers that could not leave


def run_mail(app: Desk, stop: Event) -> None:
    """Until ``stop``. Nothing, when no account is to be read."""
    accounts = {code: one for code, one in app.config.mail_accounts.items() if one.imap_host}
    if not accounts:
        return
    arrived = Event()
    holder = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:8]}"
    readers = [
        Reader(
            code,
            account,
            holder,
            app.config,
            app.clock,
            app.database,
            app.archive,
            stop,
            arrived.set,
            ask_dns if app.config.mail_dkim_dns else None,
        )
        for code, account in accounts.items()
    ]
    threads = [Thread(target=reader.run, name=f"mail {reader.code}", daemon=True) for reader in readers]
    for thread in threads:
        thread.start()
    _judge(app, stop, arrived)
    for thread in threads:
        thread.join(timeout=10)


def _judge(app: Desk, stop: Event, arrived: Event) -> None:
    waited = 0.0
    resting: dict[UUID, datetime] = {}  # a letter that failed rests for a minute, so that it holds up no other
    while not stop.is_set():
        now = app.clock.now()
        resting = {mail_id: until for mail_id, until in resting.items() if until > now}
        try:
            _, failures = judge_new(app, besides=resting)
            resting.update(dict.fromkeys(failures, now + REST))
            if waited >= ANSWERS_EVERY:
                answer_all_due(app)
                waited = 0.0
        except CartularioError as failure:  # the database is away: the next look will
            log.warning("mail waits to be judged: %s", failure)
        except Exception:
            log.exception("mail could not be judged; trying again")
        if not arrived.wait(EVERY):
            waited += EVERY
        arrived.clear()
