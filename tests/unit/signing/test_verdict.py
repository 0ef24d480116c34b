"""A verdict keeps its answers apart, says them plainly and survives being sent between processes."""

from __future__ import annotations

import json

import pytest

from engine.signing import Answer, SignerFacts, State, Verdict, words

SIGNER = SignerFacts(
    name="Ana Güemes",
    organisation=None,
    issuer="AC",
    at="2024-04-15T15:32:07+00:00",
    at_proved=True,
    level="B-LT",
    serial="1f",
    fingerprint="0" * 64,
    reason=None,
    intact=True,
    trusted=True,
    revocation_checked=True,
    demo=False,
    problem=None,
)


def facts(**more: object) -> SignerFacts:
    return SignerFacts(**{**{f: getattr(SIGNER, f) for f in SignerFacts.__slots__}, **more})  # type: ignore[arg-type]


def verdict(*states: State) -> Verdict:
    return Verdict(*(Answer(state, "…") for state in states), signers=(SIGNER,))


@pytest.mark.parametrize(
    ("states", "accepted", "summary"),
    [
        ((State.OK, State.OK, State.OK, State.OK), True, "Es nuestro documento original"),
        ((State.OK, State.WARNING, State.OK, State.OK), True, "Es nuestro documento original"),
        ((State.OK, State.OK, State.OK, State.UNKNOWN), True, "La firma es válida"),
        ((State.OK, State.OK, State.OK, State.BAD), False, "No confíe"),
        ((State.BAD, State.OK, State.OK, State.OK), False, "No confíe"),
        ((State.OK, State.OK, State.BAD, State.OK), False, "No confíe"),
        ((State.OK, State.UNKNOWN, State.OK, State.OK), False, "No podemos confirmar"),
        ((State.OK, State.BAD, State.OK, State.OK), False, "No podemos confirmar"),
    ],
)
def test_the_sentence_above_the_four_follows_from_them(states: tuple[State, ...], accepted: bool, summary: str) -> None:
    assert verdict(*states).accepted is accepted
    assert verdict(*states).summary.startswith(summary)


def test_a_verdict_survives_json() -> None:
    one = verdict(State.OK, State.WARNING, State.OK, State.UNKNOWN)
    assert Verdict.from_json(json.loads(json.dumps(one.to_json()))) == one


def test_trust_names_who_signed_and_what_is_in_doubt() -> None:
    assert words.trust([]).state is State.UNKNOWN
    assert words.trust([SIGNER, facts(name="Rosa")]).text.startswith(
        "Firmó Ana Güemes y Rosa, con un certificado vigente"
    )
    assert words.trust([facts(demo=True)]).state is State.WARNING
    assert "no se pudo comprobar" in words.trust([facts(revocation_checked=False)]).text
    revoked = words.trust([SIGNER, facts(name="Rosa", trusted=False, problem="el certificado fue revocado")])
    assert (revoked.state, "Rosa" in revoked.text) == (State.BAD, True)


def test_the_archive_answers_by_bytes() -> None:
    assert words.archive(b"ab", b"ab").state is State.OK
    assert words.archive(b"abc", b"ab").state is State.WARNING
    assert words.archive(b"ba", b"ab").state is State.BAD
    assert words.archive(b"ab", None).state is State.UNKNOWN
