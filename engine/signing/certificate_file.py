"""The public certificate of somebody who signs with another program: FirmaEC, Adobe, a token. Never a private key.

Called when a person brings it to their account. What is read here is public; what it is believed for is decided when a
file signed with it comes back.
"""

from __future__ import annotations

from asn1crypto import pem, x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_private_key

from engine.errors import SignatureRefused
from engine.signing.holder import holder_number, same_number
from engine.signing.keys import common_name
from engine.signing.trust import Trust
from engine.storage.search import fold, words

LARGEST = 64 * 1024  # bytes; a chain of four takes some 8 KB
MOST = 12  # certificates of a chain


def read_certificate(data: bytes) -> x509.Certificate:
    """The person's own of a file in DER or PEM, with its chain or without. Raises SignatureRefused with a ``cause``:
    unreadable, private, authority, several."""
    found = [_parsed(der) for der in _blocks(data)]
    own = [one for one in found if not one.ca]
    if not own:
        raise _refused("Es el certificado de una autoridad certificadora, no el de una persona.", "authority")
    if len(own) > 1:
        raise _refused("El archivo trae certificados de más de una persona.", "several")
    return own[0]


def require_theirs(certificate: x509.Certificate, identity: str | None, family_names: str, trust: Trust) -> None:
    """By the number, when the certificate says one and the person's is known; else by the name. Raises SignatureRefused
    (``others``)."""
    places = [one.partition(":")[2] for one in sorted(trust.identity_extensions)]
    said = next(filter(None, (holder_number(certificate, place) for place in (*places, None))), None)
    if said and identity:
        theirs = same_number(said, identity)
    else:
        names = words(fold(family_names))
        theirs = bool(names) and set(names) <= set(words(fold(common_name(certificate))))
    if not theirs:
        raise _refused("Ese certificado es de otra persona.", "others")


def _blocks(data: bytes) -> list[bytes]:
    if len(data) > LARGEST or not data:
        raise _unreadable()
    if b"PRIVATE KEY" in data or _is_private(data):
        raise _refused("El archivo trae una clave privada, que es solo de su titular.", "private")
    if not pem.detect(data):
        return [data]
    try:
        found = [der for kind, _headers, der in pem.unarmor(data, multiple=True) if kind == "CERTIFICATE"]
    except (ValueError, TypeError) as error:
        raise _unreadable() from error
    if not 1 <= len(found) <= MOST:
        raise _unreadable()
    return found


def _is_private(data: bytes) -> bool:
    """A bare key in DER."""
    try:
        load_der_private_key(data, None)
    except TypeError:  # under a password
        return True
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _parsed(der: bytes) -> x509.Certificate:
    """Whole: what asn1crypto reads late is read now."""
    try:
        certificate = x509.Certificate.load(der, strict=True)
        common_name(certificate)
        certificate.native  # noqa: B018 - reading it is the check
        return certificate
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise _unreadable() from error


def _unreadable() -> SignatureRefused:
    return _refused("El archivo no es un certificado.", "unreadable")


def _refused(message: str, cause: str) -> SignatureRefused:
    return SignatureRefused(message, cause=cause)
