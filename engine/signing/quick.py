"""Two of pyHanko's readers, corrected (docs/decisions/0016): one takes a signature's container letter by letter, the
other reads the table before an object stream again for each object in it. Used in the process apart alone.

What is odd or broken in any way is left to pyHanko's own, so that they answer the same whatever the bytes:
tests/unit/signing/test_quick.py plays both.
"""

from __future__ import annotations

import binascii
import re
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PdfError, read_non_whitespace
from pyhanko.pdf_utils.reader import PdfFileReader

_PAIR = re.compile(rb"[\x00\t\n\f\r ]*([0-9]{1,9})[\x00\t\n\f\r ]+([0-9]{1,9})(?=[\x00\t\n\f\r ])")
_AT_ONCE = (128, 65_536)  # bytes of a hex string: few are long

_generic: Any = generic  # none of these names is for others to use, or to replace
_reader: Any = PdfFileReader
_hex_string = _generic.read_hex_string_from_stream
_packed = _reader._get_object_from_stream


def quicken() -> None:
    """Twice is once."""
    _generic.read_hex_string_from_stream = hex_string
    _reader._get_object_from_stream = packed


def hex_string(stream: Any) -> Any:
    start = stream.tell()
    said, ended = b"", b""
    for most in _AT_ONCE:
        said, ended, _rest = stream.read(most)[1:].partition(b">")
        stream.seek(start)
        if ended:
            break
    if not ended:
        return _hex_string(stream)
    try:
        content = binascii.unhexlify(said + b"0" * (len(said) % 2))
    except binascii.Error:  # white space, a comment, or what is no digit
        return _hex_string(stream)
    stream.seek(start + len(said) + 2)
    return generic.pdf_string(content)


def packed(self: PdfFileReader, number: int, stream: int, place: int) -> Any:
    """An object of an object stream."""
    holder: Any = generic.Reference(stream, 0, self).get_object()
    if not hasattr(holder, "places"):
        holder.places = _places(holder)
    known, begins = holder.places.get(number, (None, 0))
    if known != place or not self.strict:
        return _packed(self, number, stream, place)
    data = BytesIO(holder.read_data(DecodePurpose.OBJECT_STREAM))
    data.seek(begins)
    try:
        found = generic.read_object(data, generic.Reference(number, 0, self))
        read_non_whitespace(data, seek_back=True, allow_eof=True)
    except PdfError:
        return _packed(self, number, stream, place)
    if isinstance(found, (generic.StreamObject, generic.IndirectObject)):
        return _packed(self, number, stream, place)
    return found


def _places(holder: Any) -> dict[int, tuple[int, int]]:
    """Of each object: which it is of the stream, and where it begins; as far as the table is plain."""
    if not isinstance(holder, generic.StreamObject) or holder.get("/Type") != "/ObjStm":
        return {}
    count, first = holder.get("/N"), holder.get("/First")
    if not isinstance(count, int) or not isinstance(first, int):
        return {}
    table, at = holder.read_data(DecodePurpose.OBJECT_STREAM), 0
    found: dict[int, tuple[int, int]] = {}
    for place in range(count):
        pair = _PAIR.match(table, at)
        if pair is None:
            break
        at = pair.end()
        found.setdefault(int(pair[1]), (place, first + int(pair[2])))
    return found
