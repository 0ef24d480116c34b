"""A public certificate that somebody brings: read from DER and PEM, never with a key, and only their own."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest
from asn1crypto import pem
from cryptography.hazmat.primitives import serialization

from engine.errors import SignatureRefused
from engine.signing import Signing, Trust, certificate_problem, read_certificate, require_theirs
from engine.signing.demo_certificates import Holder, Points, make_authority, make_root, make_signer

POINTS = Points("http://127.0.0.1:9")


@pytest.fixture(scope="module")
def root() -> Holder:
    return make_root()


@pytest.fixture(scope="module")
def rosa(root: Holder) -> Holder:
    return make_signer(root, POINTS, "Rosa Elvira Peñafiel Güemes", serial_number="CUIL 27123456784")


def der(holder: Holder) -> bytes:
    return holder.certificate.public_bytes(serialization.Encoding.DER)


def cause(data: bytes) -> str:
    with pytest.raises(SignatureRefused) as refused:
        read_certificate(data)
    return str(refused.value.details["cause"])


def test_der_and_pem_with_its_chain_or_without_read_the_same(rosa: Holder, root: Holder) -> None:
    chain = rosa.pem() + make_authority(root, POINTS).pem() + root.pem()
    for data in (der(rosa), rosa.pem(), chain):
        assert read_certificate(data).dump() == der(rosa)


def test_what_is_no_persons_certificate_is_refused_with_its_cause(rosa: Holder, root: Holder) -> None:
    key = rosa.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert cause(rosa.key_pem()) == "private"
    assert cause(rosa.pem() + rosa.key_pem()) == "private"
    assert cause(key) == "private"
    assert cause(rosa.pkcs12("1234", [])) == "unreadable"
    assert cause(root.pem()) == "authority"
    assert cause(rosa.pem() + make_signer(root, POINTS, "Otra").pem()) == "several"
    for data in (b"", b"%PDF-1.7", b"0" * 70_000, pem.armor("CERTIFICATE", b"nada"), der(rosa)[:-9], der(rosa) + b"x"):
        assert cause(data) == "unreadable"


@pytest.mark.req("R-9")
def test_it_must_be_theirs_by_number_or_without_one_by_name(rosa: Holder, root: Holder) -> None:
    numbered = read_certificate(der(rosa))
    nameless = read_certificate(der(make_signer(root, POINTS, "PENAFIEL GUEMES ROSA")))
    require_theirs(numbered, "12345678", "Otro Apellido", Trust())
    require_theirs(numbered, None, "Peñafiel Güemes", Trust())
    require_theirs(nameless, "12345678", "Peñafiel Güemes", Trust())
    for certificate, identity, names in (
        (numbered, "12345679", "Peñafiel Güemes"),
        (numbered, None, "Ñato"),
        (nameless, "12345678", "Peñafiel Ñato"),
        (nameless, None, ""),
    ):
        with pytest.raises(SignatureRefused) as refused:
            require_theirs(certificate, identity, names, Trust())
        assert refused.value.details["cause"] == "others"


def test_the_dates_of_a_certificate_are_those_of_its_key(rosa: Holder) -> None:
    assert read_certificate(der(rosa)).not_valid_after > datetime.now(UTC)


def test_the_addresses_in_a_certificate_that_nobody_vouches_for_are_never_asked(root: Holder) -> None:
    """Whoever brings one wrote them: they are a way into our network."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        points = Points(f"http://127.0.0.1:{listening.getsockname()[1]}")
        own = make_signer(make_authority(root, points), points, "Rosa")
        problem = certificate_problem(der(own), Signing(), datetime.now(UTC))
        assert problem is not None
        assert "no viene de una autoridad" in problem
        with pytest.raises(TimeoutError):
            listening.accept()
