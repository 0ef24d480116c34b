"""What the operator does to the whole installation: migrate, back up, restore, check its processes, start a new one.

Called by the command line only. Beside ``app.py`` at the top: it may know every room, and no room knows it.
"""

from engine.upkeep.backup import BackupReport, DamagedBackup, back_up, restore
from engine.upkeep.bags import Bag, export_bag
from engine.upkeep.books import close_books
from engine.upkeep.installation import Installation, open_installation
from engine.upkeep.numbers import Skipped, read_number, skip_numbers
from engine.upkeep.processes import (
    NotAProcess,
    check_process,
    new_service,
    operation_cards,
    process_names,
    processes_that_call,
    read_process,
    takes_from_shared,
)
from engine.upkeep.renew import Renewal, renew
from engine.upkeep.schema import OutOfDate, migrate, require_current
from engine.upkeep.unfiled import Cleaning, drop_unfiled

__all__ = [
    "BackupReport",
    "Bag",
    "Cleaning",
    "DamagedBackup",
    "Installation",
    "NotAProcess",
    "OutOfDate",
    "Renewal",
    "Skipped",
    "back_up",
    "check_process",
    "close_books",
    "drop_unfiled",
    "export_bag",
    "migrate",
    "new_service",
    "open_installation",
    "operation_cards",
    "process_names",
    "processes_that_call",
    "read_number",
    "read_process",
    "renew",
    "require_current",
    "restore",
    "skip_numbers",
    "takes_from_shared",
]
