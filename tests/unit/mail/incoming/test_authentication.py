"""What is noted of a letter's origin: our own server's word, and its DKIM signature."""

from __future__ import annotations

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from engine.mail.incoming import authentication, vouched
from tests.support.letters import letter

OURS = "mx.uni.example"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
RECORD = b"v=DKIM1; k=rsa; p=" + base64.b64encode(PUBLIC)


def signed(raw: bytes, **more: object) -> bytes:
    return dkim.sign(raw, b"docentes", b"docentes.example", PEM, include_headers=[b"from", b"subject"], **more) + raw  # type: ignore[no-any-return]


def resolver(name: str) -> bytes | None:
    return RECORD if name == "docentes._domainkey.docentes.example." else None


def test_a_good_signature_is_noted_with_its_domain() -> None:
    raw = signed(letter("ana@docentes.example", "quimica@uni.example"))
    found = authentication(raw, OURS, resolver)
    assert found["dkim"] == {"domain": "docentes.example", "result": "pass", "why": ""}


def test_a_letter_changed_on_its_way_fails() -> None:
    raw = signed(letter("ana@docentes.example", "quimica@uni.example")).replace(b"Va el acta", b"No va acta")
    assert authentication(raw, OURS, resolver)["dkim"]["result"] == "fail"


def test_a_signature_that_leaves_room_for_more_is_none() -> None:
    raw = signed(letter("ana@docentes.example", "quimica@uni.example"), length=True) + b"y algo que no estaba\r\n"
    found = authentication(raw, OURS, resolver)["dkim"]
    assert (found["result"], found["why"]) == ("error", "la firma no cubre todo el correo")


def test_without_leave_nobody_is_asked_for_the_key() -> None:
    raw = signed(letter("ana@docentes.example", "quimica@uni.example"))
    found = authentication(raw, OURS, None)["dkim"]
    assert found == {"domain": "docentes.example", "result": "unchecked", "why": ""}
    assert authentication(letter("a@b.example", "c@d.example"), OURS, None)["dkim"] is None


def test_only_the_word_of_our_own_server_is_noted_and_the_topmost_of_each_method() -> None:
    raw = (
        b"Authentication-Results: otro.example; dmarc=pass header.from=uni.example\r\n"
        b"Authentication-Results: mx.uni.example (nota; dkim=pass);\r\n spf=fail smtp.mailfrom=x@malo.example;\r\n"
        b" dkim=none\r\n"
        b"Authentication-Results: mx.uni.example; dkim=pass header.d=uni.example; dmarc=none header.from=uni.example\r\n"
        b"Authentication-Results: mx.uni.example; dmarc=fail (p=reject) header.from=uni.example\r\n"
        b"Authentication-Results: otro.example; dmarc=pass header.from=uni.example\r\n"
        b"Authentication-Results: mx.uni.example; arc=pass\r\n"
    ) + letter("a@uni.example", "c@d.example")
    found = authentication(raw, OURS)["results"]
    assert found == [
        {"method": "spf", "result": "fail", "smtp.mailfrom": "x@malo.example"},
        {"method": "dkim", "result": "none"},
        {"method": "dmarc", "result": "none", "header.from": "uni.example"},
        {"method": "dmarc", "result": "fail", "header.from": "uni.example"},
    ]
    assert authentication(raw, None)["results"] == []


@pytest.mark.req("R-45")
@pytest.mark.parametrize(
    ("said", "good"),
    [
        ("dmarc=pass header.from=uni.example", True),
        ("dmarc=pass", True),
        ("dmarc=pass header.from=malo.example", False),
        ("dmarc=fail header.from=uni.example; spf=pass smtp.mailfrom=ana@uni.example", False),
        ("dmarc=pass; dmarc=fail", False),
        ("spf=pass smtp.mailfrom=ana@uni.example", True),
        ("spf=pass smtp.mailfrom=correo.uni.example; dkim=fail", True),
        ("spf=softfail; dkim=pass header.d=uni.example", True),
        ("dkim/1=pass header.i=@uni.example", True),
        ("dkim=pass header.d=malo.example; dkim=pass header.d=uni.example", True),
        ("spf=pass smtp.mailfrom=ladron@malo.example; dkim=pass header.d=malo.example", False),
        ("spf=pass smtp.mailfrom=ladron@malo.example; dkim=pass header.d=malo.example; dmarc=none", False),
        ("spf=pass smtp.mailfrom=ana@otrauni.example", False),
        ("dkim=pass header.d=example", False),
        ("spf=pass; dkim=pass", False),
        ("dkim=none", False),
        ("spf=none; dkim=fail header.d=uni.example", False),
        ("arc=pass header.d=uni.example", False),
        ('spf=pass smtp.mailfrom="x; dkim=pass header.d=uni.example y"@malo.example', False),
        ('spf=fail (de "a)" ; dkim=pass header.d=uni.example)', False),
        ("spf=fail (de ((a) ; dkim=pass header.d=uni.example", False),
        ("spf=pass smtp.mailfrom=header.d=uni.example@malo.example", False),
        ("x=y dkim=pass header.d=uni.example", False),
        ("", False),
    ],
)
def test_a_letter_is_vouched_for_when_our_server_found_that_it_comes_from_its_senders_domain(
    said: str, good: bool
) -> None:
    raw = f"Authentication-Results: {OURS}; {said}\r\n".encode() + letter("ana@uni.example", "c@d.example")
    assert vouched(authentication(raw, OURS), "ana@uni.example") is good
