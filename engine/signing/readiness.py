"""Can this person sign today? Looked at before a document is sent to them, not when they sit down to sign (R-23)."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from asn1crypto import x509
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathError,
    RevokedError,
    ValidationError,
)

from engine.signing.room import Signing

SOON = timedelta(days=15)
REMEMBERED = timedelta(minutes=10)
MOST_REMEMBERED = 2000
NO_CERTIFICATE = "no tiene un certificado de firma registrado; lo carga en su cuenta"


def certificate_problem(certificate: bytes | None, signing: Signing, at: datetime) -> str | None:
    """What keeps its holder from signing, as the rest of a sentence about them; None: nothing. Asks the certificate's
    authority, once its chain is known to end where we trust."""
    if certificate is None:
        return NO_CERTIFICATE
    parsed = x509.Certificate.load(certificate)
    if at > parsed.not_valid_after:
        return f"su certificado venció el {parsed.not_valid_after:%d/%m/%Y}; debe renovarlo"
    if at < parsed.not_valid_before:
        return f"su certificado vale recién desde el {parsed.not_valid_before:%d/%m/%Y}"
    if parsed.not_valid_after - at < SOON:
        return f"su certificado vence el {parsed.not_valid_after:%d/%m/%Y}; debe renovarlo antes de firmar"
    try:
        asyncio.run(_validate(parsed, signing))
    except RevokedError:
        return "su certificado fue revocado; debe pedir otro"
    except (ExpiredError, NotYetValidError):
        return "la cadena de su certificado no vale hoy"
    except InsufficientRevinfoError:
        return "no se pudo comprobar que su certificado siga vigente: su autoridad no responde"
    except PathBuildingError:
        return "su certificado no viene de una autoridad en la que esta institución confíe"
    except (InvalidCertificateError, PathError, ValidationError):
        return "su certificado no sirve para firmar documentos"
    return None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found out of a certificate, and when."""

    problem: str | None
    at: datetime


_found: dict[tuple[bytes, int], Checked] = {}  # of this process
_lock = Lock()


def remembered_problem(certificate: bytes | None, signing: Signing, at: datetime) -> Checked:
    """As ``certificate_problem``, asked once in some minutes: for pages. Call it outside any transaction."""
    if certificate is None:
        return Checked(NO_CERTIFICATE, at)
    key = (hashlib.sha256(certificate).digest(), hash(signing.trust))
    with _lock:
        known = _found.get(key)
    if known is not None and timedelta(0) <= at - known.at < REMEMBERED:
        return known
    checked = Checked(certificate_problem(certificate, signing, at), at)
    with _lock:
        if len(_found) >= MOST_REMEMBERED:
            _found.clear()
        _found[key] = checked
    return checked


async def _validate(certificate: x509.Certificate, signing: Signing) -> None:
    usage = certificate.key_usage_value
    wanted = {"digital_signature"} if usage is None or "digital_signature" in usage.native else {"non_repudiation"}
    for context in (signing.trust.context_at_hand(), signing.context()):  # what nobody vouches for is asked nothing
        validator = CertificateValidator(certificate, validation_context=context)
        await validator.async_validate_usage(wanted if usage is not None else set())
