"""Split a letter into its parts, whatever it is: linear in its size, never deeper than ``DEEPEST``, never more than
``MOST_PARTS``.

The standard library's parser is recursive and compares each line with every boundary that is open, so that a letter
made for it can end a process; here only the headers of one part at a time are given to it. Called by ``parse``.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32

DEEPEST = 12  # multiparts within multiparts
MOST_PARTS = 300
LARGEST_HEAD = 256 * 1024  # bytes of the headers of one part
LARGEST_HEADER = 16 * 1024  # bytes of one header

TOO_DEEP = "El correo lleva partes dentro de partes más allá de lo que se lee."
NO_PIECES = "Una parte del correo no se puede separar: falta la marca que la divide."
TOO_MANY = f"El correo lleva más de {MOST_PARTS} partes: solo se miran las primeras."

_NOT_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/"))
_END_OF_MARK = re.compile(rb"[ \t]*(?=\r?\n|\Z)")
_BLANK = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(rb"\r?\n(?=[^ \t\r\n])")


@dataclass(frozen=True)
class Leaf:
    """A part that holds no others, its bytes still as they travelled."""

    head: Message
    body: bytes

    @property
    def media_type(self) -> str:
        return self.head.get_content_type()

    def content(self) -> bytes:
        """As the sender had it. What is no base64 or quoted-printable though it says so is taken as it is."""
        encoding = str(self.head.get("Content-Transfer-Encoding", "")).strip().lower()
        try:
            if encoding == "base64":
                return _base64(self.body)
            if encoding == "quoted-printable":
                return quopri.decodestring(self.body)
        except (binascii.Error, ValueError):
            return self.body
        return self.body


def split_head(raw: bytes) -> tuple[bytes, bytes]:
    """The headers and what follows the first empty line."""
    if raw.startswith((b"\n", b"\r\n")):
        return b"", _without_line_end(raw)
    blank = _BLANK.search(raw)
    return (raw, b"") if blank is None else (raw[: blank.start()], raw[blank.end() :])


def read_head(head: bytes) -> Message:
    """Its headers, each no longer than ``LARGEST_HEADER``; what is beyond ``LARGEST_HEAD`` is not looked at. Bytes that
    are no ASCII, which no header should hold and some do, are UTF-8 or else Latin-1."""
    lines = _FOLDED.split(head[:LARGEST_HEAD])
    short = "\r\n".join(_decoded(line[:LARGEST_HEADER]) for line in lines if line)
    return HeaderParser(policy=compat32).parsestr(short + "\r\n\r\n")


def leaves(raw: bytes, faults: list[str]) -> Iterator[Leaf]:
    """The letter's parts in their order. What was left out is told in ``faults``."""
    waiting = [(raw, 0)]  # a stack, the next part last
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if seen > MOST_PARTS:
            faults.append(TOO_MANY)
            return
        head_bytes, body = split_head(part)
        head = read_head(head_bytes)
        boundary = _boundary(head)
        if boundary is None:
            yield Leaf(head, body)
        elif depth == DEEPEST:
            faults.append(TOO_DEEP)
        else:
            pieces = _pieces(body, boundary, MOST_PARTS - seen - len(waiting) + 1)
            if not pieces:
                faults.append(NO_PIECES)
            waiting += [(piece, depth + 1) for piece in reversed(pieces)]


def _boundary(head: Message) -> bytes | None:
    if head.get_content_maintype() != "multipart":
        return None
    try:
        boundary = head.get_boundary()
    except (MessageError, ValueError, LookupError, TypeError):
        return None
    return boundary.encode("utf-8", "replace")[:200] if boundary else None


def _pieces(body: bytes, boundary: bytes, most: int) -> list[bytes]:
    """What lies between the boundary's lines; the last one may never come. One more than ``most`` tells of more."""
    pieces: list[bytes] = []
    start: int | None = None
    for begins, ends, last in _marks(body, b"--" + boundary):
        if start is not None:
            pieces.append(_without_line_end(body[start:begins]))
        start = None if last else ends
        if start is None or len(pieces) > most:
            break
    if start is not None and len(pieces) <= most:
        pieces.append(_without_line_end(body[start:]))
    return pieces


def _marks(body: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each line that is the mark: where it begins, with the line end before it; where it ends; and whether it is the
    last one."""
    at = body.find(mark)
    while at >= 0:
        after = at + len(mark)
        last = body.startswith(b"--", after)
        rest = _END_OF_MARK.match(body, after + 2 * last)
        if rest is not None and (at == 0 or body[at - 1 : at] == b"\n"):
            before = at - (at > 0) - (body[at - 2 : at] == b"\r\n")
            yield before, rest.end(), last
        at = body.find(mark, after)


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _without_line_end(piece: bytes) -> bytes:
    """The end of the boundary's own line is not the part's."""
    return piece[2:] if piece[:2] == b"\r\n" else piece[1:] if piece[:1] == b"\n" else piece


def _base64(body: bytes) -> bytes:
    kept = body.translate(None, delete=_NOT_BASE64)
    return base64.b64decode(kept[: len(kept) - (len(kept) % 4 == 1)] + b"=" * (-len(kept) % 4))
