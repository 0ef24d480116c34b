"""Whatever comes is read without an error, in little time, and leaves nothing that could be taken for a header."""

from __future__ import annotations

import random
import time
import unicodedata

import pytest

from engine.mail.incoming import authentication, parse
from engine.mail.incoming.identity import identity_of
from engine.mail.incoming.mime import MOST_PARTS, TOO_DEEP, TOO_MANY
from tests.support.letters import hostile, letter, many_parts, nested

HOSTILE = hostile()
ALL_AT_ONCE = 10.0  # seconds for one of them, on a slow and busy machine; without the bounds it would be minutes


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_letter_breaks_the_reader(kind: str) -> None:
    raw = HOSTILE[kind]
    began = time.process_time()
    read = parse(raw)
    auth = authentication(raw, "mx.uni.example", lambda _name: b"v=DKIM1; p=AAAA")
    assert len(identity_of(raw)) == 64
    assert time.process_time() - began < ALL_AT_ONCE
    told = [read.message_id, read.sender, read.sender_name, read.subject, *read.to, *read.cc]
    told += [text for part in read.parts for text in (part.name, part.media_type)] + [
        str(value) for one in auth["results"] for value in one.values()
    ]
    assert not [text for text in told if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Cn") for c in text)]
    read.text.encode()
    assert all("/" not in part.name and "\\" not in part.name for part in read.parts)


def test_letters_made_at_random_break_nothing() -> None:
    dice = random.Random(142)
    seeds = [
        *(raw[:20_000] for raw in HOSTILE.values()),
        letter("a@b.example", "c@d.example", files=[("x.pdf", b"%PDF-")]),
    ]
    for _ in range(400):
        raw = bytearray(dice.choice(seeds))
        for _ in range(dice.randrange(1, 12)):
            at = dice.randrange(len(raw) + 1)
            raw[at : at + dice.randrange(6)] = dice.choice(
                [b"\r\n", b"\n", b"--x", b"=?", b'"', b";", b"\x00", b"\xff", b":"]
            )
        parse(bytes(raw))
        identity_of(bytes(raw))


def test_what_is_too_deep_is_told_and_what_is_above_it_is_read() -> None:
    assert parse(nested(5)).text == "al fondo"
    assert TOO_DEEP in parse(nested(500)).faults


def test_of_a_thousand_attachments_the_first_are_listed_and_the_rest_told() -> None:
    read = parse(many_parts(1_000))
    assert TOO_MANY in read.faults
    assert [part.name for part in read.parts] == [f"{n}.pdf" for n in range(MOST_PARTS - 1)]


@pytest.mark.parametrize("kind", ["no sender", "two senders", "two in one sender", "a NUL everywhere"])
def test_a_sender_that_can_be_read_in_two_ways_is_nobody(kind: str) -> None:
    assert parse(HOSTILE[kind]).sender == ""
