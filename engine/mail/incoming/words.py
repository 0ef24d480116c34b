"""Headers and texts as a person reads them, whatever charset they claim. Nothing here raises, and nothing that comes
out holds a line break or a control character that could become another header.

Called by ``parse``.
"""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value, parsedate_to_datetime

from engine.mail.incoming.plain import plain_text
from engine.mail.message import one_line

LONGEST_NAME = 200  # characters of a file's name
LONGEST_TEXT = 100_000  # characters of the body that are looked at

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\Z")
_MAILBOX = re.compile(r'\s*(?P<name>"(?:[^"\\]|\\.)*"|[^"<>,;:@]*)\s*<(?P<address>[^<>\s]{1,254})>\s*\Z')
_BARE = re.compile(r"\s*(?P<address>[^<>\s(),;:]{1,254})\s*(?:\((?P<name>[^()]*)\))?\s*\Z")
_ANY_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
_ENCODED_WORD = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?")


def raw_header(head: Message, name: str) -> str:
    """The first one of this name as it came, unfolded; "" when none."""
    return _text(head.get(name))


def raw_headers(head: Message, name: str) -> list[str]:
    return [_text(value) for value in head.get_all(name, [])]


def header(head: Message, name: str) -> str:
    """Decoded (RFC 2047), in one line."""
    return decoded(raw_header(head, name))


def decoded(text: str) -> str:
    if not _ENCODED_WORD.search(text):
        return one_line(text)
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError, LookupError):
        return one_line(text)
    return one_line("".join(part if isinstance(part, str) else decode(part, charset) for part, charset in parts))


def decode(data: bytes, charset: str | None) -> str:
    """With the charset that it claims; else, and when that one is wrong, as UTF-8, or as Windows wrote it."""
    for name in (charset, "utf-8", "cp1252"):
        if name and _is_text(name):
            try:
                text = data.decode(name)
                text.encode()  # UTF-7 lets half a character through, which no page and no database takes
                return text
            except ValueError:
                continue
    return data.decode("latin-1")


def mailbox(value: str) -> tuple[str, str]:
    """Name and address of a header that holds one and only one; ("", "") when it is anything else: what can be read in
    two ways is nobody's address."""
    found = _MAILBOX.match(value) or _BARE.match(value)
    if found is None or not _ADDRESS.match(found["address"]):
        return "", ""
    name = (found["name"] or "").strip()
    plain = re.sub(r"\\(.)", r"\1", name[1:-1]) if name.startswith('"') else name
    return decoded(plain)[:LONGEST_NAME], found["address"].lower()


def addresses(value: str, most: int = 100) -> list[str]:
    """Every address that a header of recipients names, in lower case."""
    found = dict.fromkeys(one.lower() for one in _ANY_ADDRESS.findall(value))
    return [one for one in found if _ADDRESS.match(one)][:most]


def date_of(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value[:200])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def file_name(head: Message) -> str:
    """A part's file name (RFC 2231 and what mail programs write instead), without folders; "" when it has none."""
    for name, where in (("filename", "Content-Disposition"), ("name", "Content-Type")):
        try:
            value = head.get_param(name, header=where)
            text = collapse_rfc2231_value(value) if value is not None else ""
        except (ValueError, LookupError, TypeError, IndexError):
            continue
        plain = decoded(_text(text))
        base = re.split(r"[\\/]", plain)[-1].strip()
        if base:
            return base[:LONGEST_NAME]
    return ""


def text_of(body: bytes, charset: str | None, *, is_html: bool) -> str:
    text = decode(body[: 4 * LONGEST_TEXT], charset)[:LONGEST_TEXT]
    return plain_text(text) if is_html else text


def _text(value: object) -> str:
    if value is None:
        return ""
    return re.sub(r"\r?\n[ \t]*", " ", str(value))


def _is_text(charset: str) -> bool:
    """``codecs`` knows more than charsets: «zip» and «rot13» are none."""
    try:
        return bool(codecs.lookup(charset)._is_text_encoding)
    except (LookupError, ValueError):
        return False
