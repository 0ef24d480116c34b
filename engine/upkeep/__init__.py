"""What the operator does to the whole installation: migrate it, back it up, restore it. Called by the command line."""

from engine.upkeep.backup import BackupReport, DamagedBackup, back_up, restore
from engine.upkeep.schema import OutOfDate, migrate, require_current

__all__ = ["BackupReport", "DamagedBackup", "OutOfDate", "back_up", "migrate", "require_current", "restore"]
