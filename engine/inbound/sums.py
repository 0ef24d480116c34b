"""Keeps the indicators' sums, and asks for a measure where a month ended below target. A thread of the worker.

Nothing depends on its hour: what is not summed yet is added when it is read, and a month that ended stays judged.
"""

from __future__ import annotations

import logging
from datetime import date
from threading import Event

from engine.errors import CartularioError
from engine.indicators import compact_all, review
from engine.indicators.ports import Office

log = logging.getLogger(__name__)

EVERY = 20.0  # seconds


def run_sums(office: Office, stop: Event, every: float = EVERY) -> None:
    """Until ``stop``. A new local day, by the clock of the office, is reviewed once by each worker."""
    reviewed: date | None = None
    while not stop.wait(every):
        try:
            compact_all(office.database)
            today = office.clock.now().astimezone(office.config.zone).date()
            if today != reviewed:
                review(office)
                reviewed = today
        except CartularioError as failure:  # the database is away: the next look will
            log.warning("the sums of the indicators wait: %s", failure)
        except Exception:
            log.exception("the sums of the indicators could not be kept; trying again")
