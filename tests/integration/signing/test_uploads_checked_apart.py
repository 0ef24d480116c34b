"""What the public sends is checked in a process with limits; hostile files end that process, not ours."""

from __future__ import annotations

import os
import signal
import time
import zlib
from collections.abc import Callable

import pytest

from engine.apart import waiting_pid
from engine.signing import State, sign_pdf, verify_pdf, verify_upload
from engine.signing import isolated as room
from tests.support.paper import certificate
from tests.support.pki import NOW, Authority

END = b"\nstartxref\n%d\n%%%%EOF\n"


def bomb() -> bytes:
    """A cross-reference stream that unpacks to two gigabytes."""
    pack = zlib.compressobj(9)
    body = b"".join(pack.compress(bytes(1024 * 1024)) for _ in range(2_048)) + pack.flush()
    head = b"%PDF-1.7\n"
    stream = (
        b"1 0 obj\n<< /Type /XRef /Size 1000000 /W [1 8 2] /Filter /FlateDecode /Root 2 0 R /Length %d >>\nstream\n"
        % len(body)
    )
    return head + stream + body + b"\nendstream\nendobj" + END % len(head)


def nested() -> bytes:
    head = b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj\n"
    table = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<< /Size 2 /Root 1 0 R >>"
    return head + table + END % len(head)


def looping_pages() -> bytes:
    catalog = (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] /SigFlags 3 >> >>\nendobj\n"
    )
    pages = b"2 0 obj\n<< /Type /Pages /Count 1 /Kids [2 0 R] >>\nendobj\n"
    field = b"3 0 obj\n<< /FT /Sig /T (a) /Kids [3 0 R] /Parent 3 0 R >>\nendobj\n"
    places = (9, len(catalog), len(catalog + pages))
    body = catalog + pages + field
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer\n<< /Size 4 /Root 1 0 R >>" + END % len(body)


@pytest.mark.parametrize("hostile", [bomb, nested, looping_pages], ids=lambda f: f.__name__)
def test_a_hostile_file_is_answered_in_time_and_never_believed(
    authority: Authority, hostile: Callable[[], bytes]
) -> None:
    data = hostile()  # to make the bomb takes longer than to refuse it
    began = time.monotonic()
    verdict = verify_upload(data, authority.signing.trust, at=NOW)
    assert time.monotonic() - began < room.SECONDS + 10
    assert not verdict.accepted
    assert verdict.integrity.state in (State.BAD, State.UNKNOWN)


@pytest.mark.parametrize("data", [b"%PDF-1.7", certificate().bytes[:5_000]], ids=["stub", "cut short"])
def test_what_is_no_whole_pdf_is_said_so(authority: Authority, data: bytes) -> None:
    verdict = verify_pdf(data, authority.signing.trust, at=NOW)
    assert verdict.integrity.state is State.BAD
    assert verdict.integrity.text.startswith("El archivo")


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"hola", b"<html>"], ids=["empty", "zeros", "text", "page"])
def test_what_is_no_pdf_at_all_is_neither_believed_nor_accused(authority: Authority, data: bytes) -> None:
    for original in (None, certificate().bytes):
        verdict = verify_pdf(data, authority.signing.trust, original=original, at=NOW)
        assert not verdict.accepted
        assert {answer.state for answer in verdict.answers.values()} == {State.UNKNOWN}
        assert verdict.summary == "Este archivo no es un PDF: así no podemos comprobarlo."
    kept = verify_pdf(b"hola", authority.signing.trust, original=b"hola", at=NOW)
    assert kept.archive.state is State.OK
    assert not kept.is_not_a_pdf


def test_a_file_over_ten_megabytes_is_not_opened(authority: Authority) -> None:
    verdict = verify_upload(b"%PDF-" + b"x" * (10 * 1024 * 1024), authority.signing.trust, at=NOW)
    assert "más de 10 MB" in verdict.integrity.text


def test_apart_the_verdict_is_the_same(authority: Authority) -> None:
    pdf = sign_pdf(certificate().bytes, authority.secretario, authority.signing, level="B-LT", at=NOW, field="hueco")
    assert verify_upload(pdf, authority.signing.trust, original=pdf, at=NOW) == verify_pdf(
        pdf, authority.signing.trust, original=pdf, at=NOW
    )


def test_each_file_is_judged_by_the_trust_of_who_asks_whatever_was_asked_before(authority: Authority) -> None:
    issued = certificate().bytes
    pdf = sign_pdf(issued, authority.secretario, authority.signing, level="B-B", at=NOW, field="hueco")
    ours, nobody = authority.signing.trust, type(authority.signing.trust)()
    for trust in (ours, nobody, ours):
        verdict = verify_upload(pdf, trust, original=issued, at=NOW)
        assert verdict == verify_pdf(pdf, trust, original=issued, at=NOW)
        assert verdict.signers[0].trusted is (trust is ours)
    waiting = waiting_pid(room.CHECKER)
    assert waiting is not None
    os.kill(waiting, signal.SIGKILL)
    assert verify_upload(pdf, ours, original=issued, at=NOW).accepted
    other = verify_upload(pdf, ours, original=b"%PDF-1.7 otro", at=NOW)
    assert other == verify_pdf(pdf, ours, original=b"%PDF-1.7 otro", at=NOW)


def test_a_check_that_takes_too_long_is_ended(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SECONDS", 0.001)
    verdict = verify_upload(certificate().bytes, authority.signing.trust, at=NOW)
    assert verdict.reasons == ("time",)
    assert "tan complejo" in verdict.integrity.text


def test_checking_fetches_nothing(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = sign_pdf(certificate().bytes, authority.secretario, authority.signing, level="B-T", at=NOW)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    bare = type(authority.signing.trust)(roots=authority.signing.trust.roots)
    verdict = verify_pdf(pdf, bare, at=NOW)
    assert verdict.signers[0].trusted
    assert not verdict.signers[0].revocation_checked
