"""Mail that came in, judged: what it means for the actas, who decides when nobody can tell, what its sender reads."""

from engine.inbound.received.desk import Desk, role_of
from engine.inbound.received.held import (
    OpenedMail,
    accept_held,
    accounts_of,
    count_received,
    file_held,
    list_received,
    open_received,
    refuse_held,
)
from engine.inbound.received.item import Item, items_of
from engine.inbound.received.judge import judge, judge_new
from engine.inbound.received.notice import answer_all_due

__all__ = [
    "Desk",
    "Item",
    "OpenedMail",
    "accept_held",
    "accounts_of",
    "answer_all_due",
    "count_received",
    "file_held",
    "items_of",
    "judge",
    "judge_new",
    "list_received",
    "open_received",
    "refuse_held",
    "role_of",
]
