"""The readers of the process apart answer what pyHanko's own answer, and leave the file where those leave it."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from engine.signing import quick
from engine.signing.rehearsal import Rehearsal, rehearsal, rehearsal_on
from engine.signing.trust import Trust
from engine.signing.verify import verify_pdf

SIGNS = (b"0aA9fF", b"> ", b"<", b"%\r\n", b"\x00\t\f", b"#41/", b"()[]{}", b"\xf1~_.-+", b"gZ")
ADDRESS = re.compile(r"0x[0-9a-f]+")


def told(read: Callable[[Any], Any], data: bytes, start: int = 0) -> Any:
    stream = io.BytesIO(data)
    stream.seek(start)
    try:
        found = read(stream)
    except Exception as error:
        return type(error), str(error)
    return type(found), found, getattr(found, "original_bytes", None), stream.tell()


def samples() -> list[bytes]:
    chance = random.Random(7)  # the same bytes at each run
    plain = [b"<0aFF>", b"<0aF>x", b"<>", b"<00 11>", b"<0g>", b"<12", b"", b"<%x\n00>", b"<0aF", b"x" * 70]
    mixed = [b"".join(chance.choice(SIGNS)[:2] for _ in range(chance.randrange(1, 40))) for _ in range(1_500)]
    long = [b"<" + b"0f" * size + end for size in (60, 64, 9_000, 40_000) for end in (b">", b"0>", b"")]
    return [*plain, *mixed, *[b"<" + one for one in mixed], *long]


def test_a_hex_string_is_read_the_same_and_ends_at_the_same_place() -> None:
    for data in samples():
        assert told(quick.hex_string, data) == told(quick._hex_string, data), data


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


@cache
def signed(packed: bool) -> Rehearsal:
    """``packed``: its object streams are deflated, as programmes write them."""
    if packed:
        return rehearsal()
    loose = io.BytesIO()
    with pikepdf.open(io.BytesIO(rehearsal().issued)) as pdf:
        pdf.save(loose, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=False)
    return rehearsal_on(loose.getvalue())


def both(made: Rehearsal, returned: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """What pyHanko's own readers and ours let be said of it; a reason names the class of what was raised."""
    trust = Trust(roots=(made.root,), crls=(made.crl,))
    said = []
    for readers in ((quick._hex_string, quick._packed), (quick.hex_string, quick.packed)):
        monkeypatch.setattr(generic, "read_hex_string_from_stream", readers[0])
        monkeypatch.setattr(PdfFileReader, "_get_object_from_stream", readers[1])
        said.append(ADDRESS.sub("", repr(verify_pdf(returned, trust, original=made.issued, at=made.at))))
    return said[0], said[1]


def changed(data: bytes, changes: list[tuple[float, bytes, int]]) -> bytes:
    for where, put, instead in changes:
        place = int(where * len(data))
        data = data[:place] + put + data[place + instead :]
    return data


CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.one_of(
            st.sampled_from([b"", b" ", b"\n", b"<", b">", b"0", b"9", b"%", b"/", b"[", b"R"]), st.binary(max_size=3)
        ),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=3,
)


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "loose"])
def test_a_signed_file_is_judged_the_same(packed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    made = signed(packed)
    theirs, ours = both(made, made.signed, monkeypatch)
    assert theirs == ours
    assert "intact=True, trusted=True" in ours
    assert packed or b"/Type /ObjStm" in made.issued


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "loose"])
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_however_it_was_changed_a_signed_file_is_judged_the_same(
    packed: bool, changes: list[tuple[float, bytes, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = signed(packed)
    theirs, ours = both(made, changed(made.signed, changes), monkeypatch)
    assert theirs == ours
