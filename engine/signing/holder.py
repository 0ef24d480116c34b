"""Whose certificate it is, when the key is not one that we keep: a token, FirmaEC, a certifier's cloud.

National certifiers write the holder's number in the subject's serialNumber (RFC 5280, ETSI EN 319 412-1), each in its
own dress: «CUIL 20123456786», «PNOEC-0912345675», «0912345675». A DNI stands inside its CUIL. Those of Ecuador have an
extension of their own for it, which the trust folder names (``identity``).
"""

from __future__ import annotations

import re
from contextlib import suppress

from asn1crypto import core, x509

from engine.signing.verdict import SignerFacts

_CUIL = re.compile(r"2[0347](\d{8})\d")
_PREFIX = re.compile(r"(?:PNO|IDC|PAS|TIN)[A-Z]{2}-|(?:CUIL|CUIT|DNI|CI|CEDULA|PASAPORTE)[\s:-]+")


def holder_number(certificate: x509.Certificate, extension: str | None) -> str | None:
    """As the extension of this OID says it; without one, or when it has none, as the subject does."""
    for one in certificate["tbs_certificate"]["extensions"]:
        if extension is not None and one["extn_id"].dotted == extension:
            return _string(one["extn_value"].contents)
    said = certificate.subject.native.get("serial_number")
    return ", ".join(said) if isinstance(said, list) else said


def names_holder(facts: SignerFacts, identity: str | None) -> bool:
    """Whether the certificate says that number, however it writes it; a number nobody knows is nobody's."""
    return same_number(facts.identity, identity)


def same_number(in_certificate: str | None, identity: str | None) -> bool:
    if not identity or not in_certificate:
        return False
    said, known = _plain(in_certificate), _plain(identity)
    if said == known:
        return True
    inside = _CUIL.fullmatch(said)
    return inside is not None and known.isdigit() and 7 <= len(known) <= 8 and inside[1] == known.zfill(8)


def _plain(number: str) -> str:
    return re.sub(r"[\s.-]", "", _PREFIX.sub("", number.strip().upper(), count=1))


def _string(written: bytes) -> str | None:
    """A string in any of ASN.1's ways, or, as some certifiers do, the bare letters."""
    with suppress(ValueError, TypeError):
        said = core.load(written, strict=True)
        if isinstance(said.native, str):
            return str(said.native).strip()
    with suppress(UnicodeDecodeError):
        return written.decode("ascii").strip()
    return None
