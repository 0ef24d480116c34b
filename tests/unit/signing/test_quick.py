"""The readers of the process apart answer what pyHanko's own answer, and leave the file where those leave it."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from engine.signing import quick

SIGNS = (b"0aA9fF", b"> ", b"<", b"%\r\n", b"\x00\t\f", b"#41/", b"()[]{}", b"\xf1~_.-+", b"gZ")


def told(read: Callable[[Any], Any], data: bytes, start: int = 0) -> Any:
    stream = io.BytesIO(data)
    stream.seek(start)
    try:
        found = read(stream)
    except Exception as error:
        return type(error), str(error)
    return type(found), found, getattr(found, "original_bytes", None), stream.tell()


def samples(seed: int) -> list[bytes]:
    chance = random.Random(seed)  # the same bytes at each run
    plain = [
        b"<0aFF>",
        b"<0aF>x",
        b"<>",
        b"<00 11>",
        b"<0g>",
        b"<12",
        b"",
        b"Type",
        b"Type ",
        b"x" * 63 + b"/",
        b"x" * 70,
    ]
    mixed = [b"".join(chance.choice(SIGNS)[:2] for _ in range(chance.randrange(1, 40))) for _ in range(1_500)]
    return [*plain, *mixed, b"<" + b"0f" * 40_000 + b">", b"<" + b"0f" * 9_000 + b"0>"]


@pytest.mark.parametrize("sample", [0, 1], ids=["some", "others"])
def test_plain_or_odd_it_reads_the_same_and_stops_at_the_same_place(sample: int) -> None:
    for data in samples(sample):
        assert told(quick.hex_string, data) == told(quick._hex_string, data), data
        assert told(quick.until_delimiter, data) == told(quick._until_delimiter, data), data
        assert told(lambda stream: quick.name(stream.read()), data) == told(lambda s: quick._name(s.read()), data), data


@cache
def page() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    return made.getvalue()


def packed_file(
    content: bytes, *, n: int = 3, first: int = 12, kind: str = "/ObjStm", strict: bool = True
) -> PdfFileReader:
    """With an object stream, 90, of three objects."""
    holder = generic.StreamObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name(kind),
            generic.pdf_name("/N"): generic.NumberObject(n),
            generic.pdf_name("/First"): generic.NumberObject(first),
        },
        stream_data=content,
    )
    reader = PdfFileReader(io.BytesIO(page()), strict=strict)
    holder.container_ref = generic.Reference(90, 0, reader)
    reader.resolved_objects[0, 90] = holder
    return reader


CONTENTS = {
    "plain": b"5 0 6 4 7 9 12  <<>>\n[0 1]",
    "a number that is none": b"5 0 x 3 7 9 12  <<>>\n[0 1]",
    "twice the same": b"5 0 5 3 7 9 12  <<>>\n[0 1]",
    "beyond its end": b"5 0 6 900 7 9 12  <<>>\n[0 1]",
    "a reference": b"5 0 6 4 7 9 12  1 0 R [0]",
    "cut": b"5 0 6",
    "a comment at the end": b"5 0 6 4 7 9 12  <<>>\n[0 1]%fin",
    "signed numbers": b"+5 0 6 4 7 9 12  <<>>\n[0 1]",
    "nothing": b"",
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
@pytest.mark.parametrize(
    "more", [{}, {"n": 2}, {"n": 900}, {"n": -1}, {"kind": "/Otro"}, {"first": -3}, {"strict": False}], ids=str
)
def test_what_is_packed_in_an_object_stream_is_found_as_before(content: bytes, more: dict[str, Any]) -> None:
    for number in (5, 6, 7, 8):
        for place in (-1, 0, 1, 2, 3):
            theirs, ours = packed_file(content=content, **more), packed_file(content=content, **more)
            assert _answer(quick.packed, ours, number, place) == _answer(quick._packed, theirs, number, place)


def test_each_object_of_a_plain_stream_is_its_own() -> None:
    reader = packed_file(CONTENTS["plain"])
    assert [str(quick.packed(reader, number, 90, number - 5)) for number in (7, 5, 6)] == ["[0, 1]", "12", "{}"]


def _answer(read: Callable[..., Any], reader: PdfFileReader, number: int, place: int) -> Any:
    try:
        found = read(reader, number, 90, place)
    except Exception as error:
        return type(error), str(error)
    return type(found), "" if isinstance(found, generic.NullObject) else repr(found)


def test_a_whole_file_is_read_the_same() -> None:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Lista = pdf.make_indirect(
            pikepdf.Array([pdf.make_indirect(pikepdf.String(f"ñ{n}")) for n in range(40)])
        )
        pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    theirs, ours = PdfFileReader(io.BytesIO(made.getvalue())), PdfFileReader(io.BytesIO(made.getvalue()))
    for number in range(1, int(theirs.trailer_view["/Size"])):
        where = theirs.xrefs[generic.Reference(number, 0, theirs)]
        if hasattr(where, "obj_stream_id"):
            place = (number, where.obj_stream_id, where.ix_in_stream)
            assert repr(quick.packed(ours, *place)) == repr(quick._packed(theirs, *place))
    assert json.dumps([str(one) for one in ours.root["/Lista"]]) == json.dumps(
        [str(one) for one in theirs.root["/Lista"]]
    )
