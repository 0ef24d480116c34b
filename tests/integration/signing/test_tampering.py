"""A file that was tampered with is refused, whatever was done to it, in words that a citizen understands."""

from __future__ import annotations

import re
from functools import cache

import pytest

from engine.errors import SignatureRefused
from engine.signing import Signing, SigningKey, State, check_returned, sign_pdf, verify_pdf
from tests.support.paper import certificate
from tests.support.pki import NOW, Authority
from tests.support.tampering import (
    AFTER,
    BEFORE,
    Tampering,
    rubbish_after_the_end,
    saved_anew,
    title_changed,
    value_of_the_form_changed,
    with_form,
)

JARGON = ("ByteRange", "xref", "CMS", "hash", "SHA", "PAdES", "DSS", "%%EOF", "None", "Exception")


@cache
def sealed(key: SigningKey, signing: Signing, pdf: bytes, field: str | None = "hueco") -> bytes:
    return sign_pdf(pdf, key, signing, level="B-B", at=NOW, field=field, reason="Certifica")


@pytest.fixture
def issued(authority: Authority) -> bytes:
    return sealed(authority.signing.seal, authority.signing, certificate().bytes)


@pytest.mark.req("R-9")
@pytest.mark.parametrize("known", [True, False], ids=["known", "stranger"])
@pytest.mark.parametrize("tamper", AFTER, ids=lambda f: f.__name__)
def test_what_was_tampered_with_after_signing_is_refused(
    authority: Authority, issued: bytes, tamper: Tampering, known: bool
) -> None:
    forged = tamper(issued)
    assert forged != issued
    verdict = verify_pdf(forged, authority.signing.trust, original=issued if known else None, at=NOW)
    assert not verdict.accepted, verdict
    assert verdict.archive.state is not State.OK
    for answer in verdict.answers.values():
        assert not any(word in answer.text for word in JARGON), answer.text


@pytest.mark.req("R-9")
def test_one_changed_byte_anywhere_in_the_file_fails(authority: Authority, issued: bytes) -> None:
    """In what is signed, by itself; in the certificates beside the signature, by comparing with the original."""
    places = [*range(40, len(issued) - 8, len(issued) // 50), *_in_the_container(issued)]
    for place in places:
        for bit in (0x01, 0x20):
            changed = bytearray(issued)
            changed[place] ^= bit
            known = None if _is_signed(issued, place) else issued
            assert not verify_pdf(bytes(changed), authority.signing.trust, original=known, at=NOW).accepted, place


def _is_signed(pdf: bytes, place: int) -> bool:
    start = pdf.rindex(b"/Contents <")
    return place < start or place > pdf.index(b"0000>", start)


def _in_the_container(pdf: bytes) -> list[int]:
    """Letters of the signature's value, and the zeros after it."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    value = re.search(rb"[a-f]", pdf[start:])
    assert value is not None
    return [start + value.start(), pdf.index(b"0000>", start), pdf.index(b"0000>", start) - 300]


@pytest.mark.parametrize("tamper", BEFORE, ids=lambda f: f.__name__)
def test_what_was_tampered_with_before_a_person_signed_it_is_refused(authority: Authority, tamper: Tampering) -> None:
    ours = certificate().bytes
    returned = sealed(authority.secretario, authority.signing, tamper(ours))
    verdict = verify_pdf(returned, authority.signing.trust, original=ours, at=NOW)
    assert not verdict.accepted
    assert verdict.changes.state is State.BAD
    with pytest.raises(SignatureRefused):
        check_returned(ours, returned, authority.signing.trust, fingerprint=authority.secretario.fingerprint, at=NOW)


def test_a_form_changed_after_its_signature_is_refused(authority: Authority) -> None:
    signed = sealed(authority.secretario, authority.signing, with_form(certificate().bytes))
    assert verify_pdf(signed, authority.signing.trust, at=NOW).accepted
    verdict = verify_pdf(value_of_the_form_changed(signed), authority.signing.trust, at=NOW)
    assert not verdict.accepted
    assert verdict.changes.state is State.BAD


def test_a_file_saved_anew_before_signing_is_refused(authority: Authority) -> None:
    ours = certificate().bytes
    returned = sealed(authority.secretario, authority.signing, saved_anew(ours))
    with pytest.raises(SignatureRefused, match="No coincide"):
        check_returned(ours, returned, authority.signing.trust, fingerprint=authority.secretario.fingerprint, at=NOW)


def test_a_file_signed_by_somebody_else_is_refused(authority: Authority) -> None:
    ours = certificate().bytes
    returned = sealed(authority.rector, authority.signing, ours)
    with pytest.raises(SignatureRefused, match="la persona que debía"):
        check_returned(ours, returned, authority.signing.trust, fingerprint=authority.secretario.fingerprint, at=NOW)


def test_a_file_that_comes_back_unsigned_is_refused(authority: Authority) -> None:
    ours = certificate().bytes
    with pytest.raises(SignatureRefused):
        check_returned(ours, ours, authority.signing.trust, fingerprint=authority.secretario.fingerprint, at=NOW)


def test_what_comes_back_as_it_left_but_signed_is_accepted(authority: Authority) -> None:
    ours = certificate().bytes
    returned = sealed(authority.secretario, authority.signing, ours)
    facts = check_returned(
        ours, returned, authority.signing.trust, fingerprint=authority.secretario.fingerprint, at=NOW
    )
    assert facts.name == "Gonzalo Ñáñez Villavicencio (DEMO)"


def test_a_second_signature_is_no_tampering(authority: Authority, issued: bytes) -> None:
    twice = sealed(authority.rector, authority.signing, issued, None)
    verdict = verify_pdf(twice, authority.signing.trust, original=issued, at=NOW)
    assert verdict.accepted
    assert verdict.archive.state is State.WARNING
    assert len(verdict.signers) == 2


def test_the_answers_stay_apart(authority: Authority, issued: bytes) -> None:
    trust = authority.signing.trust
    whole = verify_pdf(issued, trust, original=issued, at=NOW)
    assert [a.state for a in whole.answers.values()] == [State.OK, State.WARNING, State.OK, State.OK]
    retitled = verify_pdf(title_changed(issued), trust, original=issued, at=NOW)
    assert [a.state for a in retitled.answers.values()] == [State.OK, State.WARNING, State.BAD, State.WARNING]
    longer = verify_pdf(rubbish_after_the_end(issued), trust, original=issued, at=NOW)
    assert longer.integrity.state is State.BAD
    assert "agregado al final" in longer.integrity.text
    unsigned = verify_pdf(certificate().bytes, trust, at=NOW)
    assert unsigned.integrity.state is State.UNKNOWN
    assert unsigned.summary == "Este archivo no lleva una firma electrónica que se pueda comprobar."


def test_a_later_file_that_only_looks_like_ours_does_not_match_the_archive(authority: Authority, issued: bytes) -> None:
    other = sealed(authority.signing.seal, authority.signing, with_form(certificate().bytes))
    verdict = verify_pdf(other, authority.signing.trust, original=issued, at=NOW)
    assert verdict.archive.state is State.BAD
    assert not verdict.accepted
