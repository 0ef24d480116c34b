"""The loop of every batch: the items that wait, one after another, each recorded as it ends.

What is wrong with one item is told in it and the others go on; what is wrong with all of them (a key, a service that
is away) stops the batch, with its reason, and the rest waits. After a crash the same loop goes on where it was: an item
that had ended without being recorded is repeated under the same request_id, which changes nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID, uuid5

from engine.batches.batch import Item, list_items, settle
from engine.batches.lease import beat, let_go
from engine.clock import Clock
from engine.errors import CartularioError, InvalidAnswers, SignatureRefused, Unavailable
from engine.storage.unit_of_work import Database

log = logging.getLogger(__name__)

PATIENCE: Final = (0.5, 1.5)  # seconds between tries when something is away
OF_THE_KEY: Final = frozenset({"expired", "not_yet_valid", "revoked", "trust", "replaced", "closed"})
IN_A_ROW: Final = 3
SAME: Final = "Tres seguidos fallaron por un error inesperado. Lo demás espera: avise a quien administra el sistema."
LOST: Final = "Se perdió la conexión con la base de datos."


class Office(Protocol):
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...


Act = Callable[[Item], Mapping[str, Any]]  # → what to record of an item that was done


class StopBatch(CartularioError):
    """No other item would go better."""


def run_items(office: Office, batch_id: UUID, runner: UUID, act: Act) -> None:
    """Until nothing waits, or it is stopped. Raises nothing: whoever looks at the batch reads how it ended."""
    try:
        with office.database.read() as conn:
            waiting = list_items(conn, batch_id, "waiting")
        broken = 0
        for item in waiting:
            try:
                changes, broken = _outcome(item, act), 0
            except StopBatch:
                raise
            except Exception as error:
                log.exception("item %d of a batch broke", item.n)
                changes, broken = _unexpected(error), broken + 1
            with office.database.write() as conn:
                settle(conn, batch_id, item.n, office.clock.now(), **changes)
                if not beat(conn, batch_id, runner):
                    return
            if broken == IN_A_ROW:  # a full disk, a library that is gone: the next would fare no better
                raise StopBatch(SAME)
        why = None
    except StopBatch as stopped:
        why = stopped.message
    except Exception:  # whatever broke, the batch says so to its person, who may go on with it
        log.exception("batch %s broke", batch_id)
        why = LOST
    _end(office, batch_id, runner, why)


def request_id_of(batch_id: UUID, item: Item) -> UUID:
    """The same for the same item of the same batch, however often it is run."""
    return uuid5(batch_id, str(item.task_id or item.n))


def _outcome(item: Item, act: Act) -> Mapping[str, Any]:
    try:
        return {"status": "done", **_patiently(item, act)}
    except (StopBatch, Unavailable) as away:
        raise StopBatch(away.message) from away
    except SignatureRefused as refused:
        if refused.details.get("cause") in OF_THE_KEY:
            raise StopBatch(refused.message) from refused
        return {"status": "refused", "reason": refused.message}
    except InvalidAnswers as wrong:
        return {"status": "refused", "reason": " ".join(wrong.errors.values())}
    except CartularioError as error:
        return {"status": "refused", "reason": error.message}


def _unexpected(error: Exception) -> Mapping[str, Any]:
    return {"status": "refused", "reason": f"Error inesperado ({type(error).__name__}). Hágalo aparte."}


def _patiently(item: Item, act: Act) -> Mapping[str, Any]:
    for pause in PATIENCE:
        try:
            return act(item)
        except Unavailable as away:
            log.warning("item %d of a batch waits: %s", item.n, away.message)
            time.sleep(pause)
    return act(item)


def _end(office: Office, batch_id: UUID, runner: UUID, why: str | None) -> None:
    at: datetime = office.clock.now()
    try:
        with office.database.write() as conn:
            let_go(conn, batch_id, runner, at, why)
    except Unavailable:
        log.warning("the end of batch %s could not be recorded; its silence will tell", batch_id)
