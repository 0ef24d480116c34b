"""Keys that sign: a PKCS#12 file under its PIN, or a key inside a PKCS#11 token.

``KeptKeySigner`` holds the loaded key: pyHanko's own signer parses and checks an RSA key anew for each signature, twice
per document, which costs more than the signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509
from asn1crypto.pkcs12 import Pfx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.errors import SignatureRefused, WrongPin

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class KeptKeySigner(Signer):
    """A pyHanko signer over one loaded RSA or elliptic-curve key."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> None:
        super().__init__(
            signing_cert=certificate, cert_registry=SimpleCertificateStore.from_certs([certificate, *others])
        )
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        algorithm: hashes.HashAlgorithm = getattr(hashes, digest_algorithm.upper())()
        if isinstance(self._key, rsa.RSAPrivateKey):
            if dry_run:
                return bytes((self._key.key_size + 7) // 8)
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm))


@dataclass(frozen=True)
class SigningKey:
    """A signer ready to sign, and what people are told of its certificate."""

    signer: Signer
    certificate: x509.Certificate

    @property
    def name(self) -> str:
        return common_name(self.certificate)

    @property
    def serial(self) -> str:
        return f"{self.certificate.serial_number:x}"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate."""
        return hashlib.sha256(self.certificate.dump()).hexdigest()

    def require_valid(self, at: datetime) -> None:
        """Raises SignatureRefused outside the certificate's dates."""
        require_valid(self.certificate, at)


def load_pkcs12(data: bytes, pin: str) -> SigningKey:
    """Open a PKCS#12 file. Raises WrongPin, or SignatureRefused when the file holds no usable key."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, pin.encode("utf-8"))
    except ValueError as error:
        raise WrongPin() from error
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SignatureRefused("El archivo de firma no contiene una clave y un certificado que sirvan para firmar.")
    own = x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    chain = [x509.Certificate.load(other.public_bytes(serialization.Encoding.DER)) for other in others]
    return SigningKey(KeptKeySigner(key, own, chain), own)


def require_pkcs12(data: bytes) -> None:
    """Raises SignatureRefused for a file of another kind, which ``load_pkcs12`` cannot tell from a wrong PIN."""
    try:
        usable = Pfx.load(data, strict=True)["version"].native == "v3"
    except (ValueError, TypeError):
        usable = False
    if not usable:
        raise SignatureRefused("El archivo no es un certificado de firma (PKCS#12).", cause="not_pkcs12")


def require_valid(certificate: x509.Certificate, at: datetime) -> None:
    if at > certificate.not_valid_after:
        raise SignatureRefused(
            f"El certificado de firma de {common_name(certificate)} venció el "
            f"{certificate.not_valid_after:%d/%m/%Y}. Renuévelo para firmar.",
            cause="expired",
        )
    if at < certificate.not_valid_before:
        raise SignatureRefused(
            f"El certificado de firma de {common_name(certificate)} vale recién desde el "
            f"{certificate.not_valid_before:%d/%m/%Y}.",
            cause="not_yet_valid",
        )


def common_name(certificate: x509.Certificate) -> str:
    return _name(certificate.subject)


def issuer_name(certificate: x509.Certificate) -> str:
    return _name(certificate.issuer)


def _name(of: x509.Name) -> str:
    name = of.native.get("common_name") or of.human_friendly
    return name if isinstance(name, str) else ", ".join(name)
