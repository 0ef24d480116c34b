"""One signed PDF of no meaning, with an authority of its own, made once by a process that signs and checked by the one
that waits for real ones (``checked_apart``): what the libraries load and build at their first signature is then there
for every child.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from engine.signing.keys import load_pkcs12
from engine.signing.sign import sign_pdf

_PIN = "1234"  # of keys that nobody keeps
_USES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Rehearsal:
    issued: bytes
    signed: bytes
    root: bytes
    crl: bytes
    at: datetime


@cache
def rehearsal() -> Rehearsal:
    return rehearsal_on(_page())


def rehearsal_on(issued: bytes) -> Rehearsal:
    at = datetime.now(UTC)
    authority, signer = (rsa.generate_private_key(65_537, 2_048) for _ in range(2))  # as certifiers' are
    root = _certificate("Autoridad de ensayo", authority, "Autoridad de ensayo", authority, at)
    mine = _certificate("Ensayo", signer, "Autoridad de ensayo", authority, at)
    listed = x509.CertificateRevocationListBuilder().issuer_name(root.subject)
    crl = listed.last_update(at - _HOUR).next_update(at + _HOUR).sign(authority, hashes.SHA256())
    how = serialization.BestAvailableEncryption(_PIN.encode())
    key = load_pkcs12(pkcs12.serialize_key_and_certificates(b"ensayo", signer, mine, None, how), _PIN)
    signed = sign_pdf(issued, key, cast(Any, None), level="B-B", at=at)
    der = serialization.Encoding.DER
    return Rehearsal(issued, signed, root.public_bytes(der), crl.public_bytes(der), at)


def _page() -> bytes:
    """Packed in the ways that real ones are."""
    page = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array(), SigFlags=3))
        with pdf.open_metadata() as told:
            told["dc:title"] = "Ensayo (ñ)"
        pdf.save(page, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return page.getvalue()


def _certificate(
    subject: str, key: rsa.RSAPrivateKey, issuer: str, by: rsa.RSAPrivateKey, at: datetime
) -> x509.Certificate:
    authority = subject == issuer
    uses = {use: use in (("key_cert_sign", "crl_sign") if authority else ("digital_signature",)) for use in _USES}
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(1 if authority else 2)
        .not_valid_before(at - _HOUR)
        .not_valid_after(at + _HOUR)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**uses), critical=True)
        .sign(by, hashes.SHA256())
    )


def _name(said: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, said)])
