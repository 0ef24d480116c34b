"""What people do to a task besides completing it, one file each. Each takes an open transaction, locks the case's row
and then the task's, and appends its event."""

from engine.inbox.commands.assign import assign
from engine.inbox.commands.claim import claim
from engine.inbox.commands.comment import add_comment
from engine.inbox.commands.draft import save_draft
from engine.inbox.commands.release import release
from engine.inbox.commands.snooze import snooze

__all__ = ["add_comment", "assign", "claim", "release", "save_draft", "snooze"]
