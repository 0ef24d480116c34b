"""Mail that comes in: read from the office's accounts, kept as it came before anything else, never lost, never twice.

``inbound`` decides what each letter means; here nothing is known of actas or cases.
"""

from engine.mail.incoming.authentication import Resolver, ask_dns, authentication, vouched
from engine.mail.incoming.lease import Reading, readings
from engine.mail.incoming.mailbox import MailAway, open_mailbox
from engine.mail.incoming.parse import Incoming, Part, parse
from engine.mail.incoming.reader import Reader
from engine.mail.incoming.received import (
    Arrival,
    ReceivedMail,
    came_before,
    count_by_status,
    decide,
    get_received,
    keep,
    mails,
    new_mails,
)

__all__ = [
    "Arrival",
    "Incoming",
    "MailAway",
    "Part",
    "Reader",
    "Reading",
    "ReceivedMail",
    "Resolver",
    "ask_dns",
    "authentication",
    "came_before",
    "count_by_status",
    "decide",
    "get_received",
    "keep",
    "mails",
    "new_mails",
    "open_mailbox",
    "parse",
    "readings",
    "vouched",
]
