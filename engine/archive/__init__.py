"""The archive of originals: write-once files addressed by their content, and the check that they are still intact."""

from engine.archive.archive import Archive
from engine.archive.fixity import DISCARDED, LEAVING, Damage, FixityReport, check, check_each, look_again

__all__ = ["DISCARDED", "LEAVING", "Archive", "Damage", "FixityReport", "check", "check_each", "look_again"]
