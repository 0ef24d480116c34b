"""The staff's inbox: the list with its filters, the task beside it, and everything that is done to a task."""

from web.inbox import actions, bulk, complete, cotejo, saved, views
from web.inbox.blueprint import inbox

__all__ = ["actions", "bulk", "complete", "cotejo", "inbox", "saved", "views"]
