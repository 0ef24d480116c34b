"""One signed PDF of no meaning, made and checked once by the process that waits for real ones (``engine.apart``): what
the libraries load and build at their first signature is then there for every child.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from engine.signing.keys import load_pkcs12
from engine.signing.sign import sign_pdf
from engine.signing.trust import Trust
from engine.signing.verdict import Verdict
from engine.signing.verify import verify_pdf

_PIN = "1234"  # of a key that nobody keeps
_USES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip


def rehearse() -> Verdict:
    at = datetime.now(UTC)
    p12, certificate = _key(at)
    page = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array(), SigFlags=3))
        pdf.save(page)
    issued = page.getvalue()
    signed = sign_pdf(issued, load_pkcs12(p12, _PIN), cast(Any, None), level="B-B", at=at)
    return verify_pdf(signed, Trust(roots=(certificate,)), original=issued, at=at)


def _key(at: datetime) -> tuple[bytes, bytes]:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ensayo")])
    uses = {use: use == "digital_signature" for use in _USES}
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + timedelta(hours=1))
        .add_extension(x509.KeyUsage(**uses), critical=True)
        .sign(key, hashes.SHA256())
    )
    how = serialization.BestAvailableEncryption(_PIN.encode())
    return (
        pkcs12.serialize_key_and_certificates(b"ensayo", key, made, None, how),
        made.public_bytes(serialization.Encoding.DER),
    )
