"""The certificates of the demonstration authority, each for one use. Every name says DEMO.

RSA of 2,048 bits throughout, as the national authorities issue for persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

ORGANISATION = "DEMO sin valor legal"
FROM = datetime(2020, 1, 1, tzinfo=UTC)
UNTIL = datetime(2045, 1, 1, tzinfo=UTC)
LASTS = timedelta(days=3_650)  # what it says of a certificate: a demonstration's clock may be moved years ahead
_USES = ("digital_signature", "content_commitment", "key_cert_sign", "crl_sign")


@dataclass(frozen=True)
class Holder:
    """A certificate with its key."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def pkcs12(self, pin: str, chain: list[x509.Certificate]) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            _name_of(self.certificate).encode(),
            self.key,
            self.certificate,
            chain,
            serialization.BestAvailableEncryption(pin.encode()),
        )

    @classmethod
    def read(cls, key_pem: bytes, pem: bytes) -> Holder:
        key = serialization.load_pem_private_key(key_pem, None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("the demonstration authority's keys are RSA")
        return cls(key, x509.load_pem_x509_certificate(pem))


@dataclass(frozen=True)
class Points:
    """Where this authority answers, as its certificates say."""

    base: str

    def extensions(self, issuer: str) -> list[x509.ExtensionType]:
        ocsp = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{self.base}/ocsp")
        )
        ca = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(f"{self.base}/{issuer}.crt")
        )
        crl = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{self.base}/{issuer}.crl")], None, None, None)
        return [x509.AuthorityInformationAccess([ocsp, ca]), x509.CRLDistributionPoints([crl])]


def make_root() -> Holder:
    key = _new_key()
    name = _name("DEMO Autoridad raíz")
    builder = _builder(name, name, key, FROM, UNTIL)
    return Holder(key, _sign(_authority(builder, None), key, key))


def make_authority(root: Holder, points: Points) -> Holder:
    key = _new_key()
    builder = _builder(_name("DEMO Autoridad emisora"), root.certificate.subject, key, FROM, UNTIL)
    crl = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{points.base}/raiz.crl")], None, None, None)
    builder = _authority(builder, 0).add_extension(x509.CRLDistributionPoints([crl]), critical=False)
    return Holder(key, _sign(builder, key, root.key))


def make_signer(
    authority: Holder,
    points: Points,
    common_name: str,
    *,
    serial_number: str | None = None,
    since: datetime = FROM,
    until: datetime = UNTIL,
) -> Holder:
    """A person's or the institution's certificate: signs documents, nothing else."""
    key = _new_key()
    builder = _builder(_name(f"{common_name} (DEMO)", serial_number), authority.certificate.subject, key, since, until)
    builder = builder.add_extension(_usage("digital_signature", "content_commitment"), critical=True)
    for extension in points.extensions("emisora"):
        builder = builder.add_extension(extension, critical=False)
    return Holder(key, _sign(builder, key, authority.key))


def make_timestamper(authority: Holder, points: Points) -> Holder:
    key = _new_key()
    builder = _builder(_name("DEMO Sellado de tiempo"), authority.certificate.subject, key, FROM, UNTIL)
    builder = builder.add_extension(_usage("digital_signature"), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    for extension in points.extensions("emisora"):
        builder = builder.add_extension(extension, critical=False)
    return Holder(key, _sign(builder, key, authority.key))


def make_responder(authority: Holder) -> Holder:
    """Answers OCSP; its own revocation is not asked for (RFC 6960, 4.2.2.2.1)."""
    key = _new_key()
    builder = _builder(_name("DEMO Respuesta OCSP"), authority.certificate.subject, key, FROM, UNTIL)
    builder = builder.add_extension(_usage("digital_signature"), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
    builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    return Holder(key, _sign(builder, key, authority.key))


def make_crl(issuer: Holder, revoked: dict[int, datetime], at: datetime) -> bytes:
    """DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at - timedelta(minutes=5))
        .next_update(at + LASTS)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
    )
    for serial, when in sorted(revoked.items()):
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
        )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(common_name: str, serial_number: str | None = None) -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
    ]
    if serial_number:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, serial_number))
    return x509.Name(parts)


def _name_of(certificate: x509.Certificate) -> str:
    value = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return value if isinstance(value, str) else value.decode()


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )


def _authority(builder: x509.CertificateBuilder, path_length: int | None) -> x509.CertificateBuilder:
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    return builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)


def _usage(*uses: str) -> x509.KeyUsage:
    unused = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{use: use in uses for use in _USES}, **dict.fromkeys(unused, False))


def _sign(builder: x509.CertificateBuilder, own: rsa.RSAPrivateKey, issuer: rsa.RSAPrivateKey) -> x509.Certificate:
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False
    )
    return builder.sign(issuer, hashes.SHA256())
