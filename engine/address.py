"""What an address to which we write looks like: one rule for whoever registers one and for the mailer, so that none is
kept to which every letter would fail."""

from __future__ import annotations

import re
import unicodedata
from email.errors import MessageError
from email.headerregistry import Address

LONGEST = 254
MEND = "Escriba una dirección de correo sin acentos ni espacios, como nombre@une.example."
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+")


def is_address(text: str) -> bool:
    """One plain address, in letters that every mail server takes."""
    local, _, domain = text.rpartition("@")
    unfit = any(c.isspace() or unicodedata.category(c).startswith("C") or c in '<>,;:()[]\\"@' for c in local)
    if not local or unfit or not local.isascii() or not _DOMAIN.fullmatch(domain) or len(text) > LONGEST:
        return False
    try:
        Address(addr_spec=text)
    except (MessageError, ValueError, IndexError):
        return False
    return True
