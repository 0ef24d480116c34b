"""A worker that reads and judges mail dies by SIGKILL just before and just after each of its commits: between fetching
and keeping, keeping and marking on the server, judging and telling the case. The next one does what is left, once."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Literal

import pytest

from engine.app import build
from engine.clock import FixedClock
from engine.config import Config
from engine.inbound.received import judge_new, statement
from engine.mail.incoming import Reader, open_mailbox
from tests.support.death import doom
from tests.support.dovecot import Dovecot
from tests.support.mail_desk import ACCOUNTS, AT, QUIMICA, MailDesk, read_here

CODE = "departamento:quimica"
COMMITS = 7  # of one letter's way: kept, marked, read, planned, told, settled, and one for good measure
DEATHS: list[tuple[int, Literal["before", "after"]]] = [
    (n, when) for n in range(1, COMMITS + 1) for when in ("before", "after")
]


@pytest.fixture
def imap() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.mark.req("R-46")
def test_a_worker_that_dies_at_any_commit_loses_no_letter_and_repeats_none(
    database_url: str, tmp_path: Path, imap: Dovecot
) -> None:
    address, folder = "quimica-caidas@une.example", tmp_path / "data"
    account = imap.account(address, imap_done_folder="Hechos").model_dump() | {"imap_password": imap.password}
    accounts = {**ACCOUNTS, CODE: account}
    desk = MailDesk.open(
        database_url, folder, students=1, mesas=len(DEATHS), mail_accounts=accounts, mail_authserv_id=None
    )
    died = Counter[bool]()
    for n, fate in enumerate(DEATHS):
        imap.deliver(address, desk.written(desk.file(n), to=QUIMICA, subject=f"Acta {n}"), at=AT)
        died[_life(desk.app.config, fate)] += 1
        assert not _life(desk.app.config, None)
    assert died[True] >= 10, "most of the deaths were no deaths: the way of a letter has fewer commits"
    mails = desk.mails()
    assert [mail.status for mail in mails] == ["filed"] * len(DEATHS)
    assert [len(desk.loads(n)) for n in range(len(DEATHS))] == [1] * len(DEATHS)
    told = Counter(one["correo"] for one in desk.delivered())
    assert told == Counter({str(mail.id): 1 for mail in mails})
    assert imap.folder_of(address) == []
    assert len(imap.folder_of(address, "Hechos")) == len(DEATHS)
    desk.app.close()


def _life(config: Config, fate: tuple[int, Literal["before", "after"]] | None) -> bool:
    """A process that reads and judges once; whether it was killed."""
    child = os.fork()
    if child == 0:
        try:
            statement.read_return = read_here
            app = build(config, FixedClock(AT))
            if fate is not None:
                doom(app.database, lambda number: fate[1] if number == fate[0] else None)
            account = config.mail_accounts[CODE]
            reader = Reader(CODE, account, "uno", config, app.clock, app.database, app.archive, Event(), lambda: None)
            with open_mailbox(CODE, account) as box:
                reader.read_all(box)
            judge_new(app)
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or status == 0, "it failed instead of dying"
    return killed
