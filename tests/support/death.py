"""Death by SIGKILL at a commit: what a process leaves when its machine goes, at the moments that matter.

Used by the programs that ``tests/crash`` starts. The driver's own commit is what counts: a death is just before it or
just after.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from itertools import count
from typing import Any, Literal

import sqlalchemy as sa

from engine.storage.unit_of_work import Database

Death = Literal["before", "after"]


def doom(database: Database, fate: Callable[[int], Death | None]) -> None:
    """``fate`` of the commit with that number, from one; None: to live on."""
    numbers = count(1)

    @sa.event.listens_for(database.engine, "commit")
    def die(connection: sa.Connection) -> None:
        death = fate(next(numbers))
        if death is None:
            return
        if death == "after":
            driver: Any = connection.connection.dbapi_connection
            driver.commit()
        os.kill(os.getpid(), signal.SIGKILL)
