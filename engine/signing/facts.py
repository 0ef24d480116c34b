"""One signature of a file, as it is told: who, when, at what level, and what is wrong with it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from engine.signing.belief import Belief, believe
from engine.signing.holder import holder_number
from engine.signing.keys import common_name
from engine.signing.trust import Trust
from engine.signing.verdict import SignerFacts

_PROBLEMS = {
    AdESFailure.REVOKED: "el certificado con que se firmó fue revocado",
    AdESIndeterminate.REVOKED_NO_POE: "el certificado con que se firmó fue revocado y no consta que firmara antes",
    AdESIndeterminate.REVOKED_CA_NO_POE: "la autoridad que emitió el certificado fue revocada",
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "no conocemos a la autoridad que emitió el certificado",
    AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND: "la firma no trae el certificado de quien firma",
    AdESIndeterminate.EXPIRED: "el certificado estaba vencido al firmar",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "el certificado ya venció y la firma no lleva prueba de su hora",
    AdESIndeterminate.NOT_YET_VALID: "el certificado todavía no valía al firmar",
    AdESFailure.NOT_YET_VALID: "el certificado todavía no valía al firmar",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: "la firma usa un algoritmo que ya no es seguro",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "la firma usa un algoritmo que ya no es seguro",
}


async def signer_facts(
    signature: EmbeddedPdfSignature, reader: PdfFileReader, trust: Trust, at: datetime
) -> SignerFacts:
    """The signature's integrity must have been computed. Raises what pyHanko raises on a malformed one."""
    belief = await believe(signature, reader, trust, at)
    certificate = signature.signer_cert
    intact = belief.status.intact and belief.status.valid
    root = _root(belief)
    extension = trust.identity_extension(root) if root is not None and belief.believed else None
    return SignerFacts(
        name=common_name(certificate),
        organisation=_text(certificate.subject.native.get("organization_name")),
        issuer=_text(certificate.issuer.native.get("common_name")) or certificate.issuer.human_friendly,
        at=_iso(belief.proved_at or signature.self_reported_timestamp),
        at_proved=belief.proved_at is not None,
        level=_level(signature, reader),
        serial=f"{certificate.serial_number:x}",
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        reason=_text(signature.sig_object.get("/Reason")),
        intact=intact,
        trusted=belief.believed,
        revocation_checked=belief.revocation_checked,
        demo=root is not None and hashlib.sha256(root.dump()).hexdigest() in trust.demo_roots,
        problem=None if belief.believed else _problem(belief, intact),
        identity=_text(holder_number(certificate, extension)),
    )


def _level(signature: EmbeddedPdfSignature, reader: PdfFileReader) -> str:
    """What the file carries for it, be it in the signature or after it; whether that is believed is another matter."""
    later = any(s.signed_revision > signature.signed_revision for s in reader.embedded_timestamp_signatures)
    if not later and next(iter(extract_tst_data_iter(signature.signer_info, signed=False)), None) is None:
        return "B-B"
    if "/DSS" not in reader.root:
        return "B-T"
    return "B-LTA" if later else "B-LT"


def _problem(belief: Belief, intact: bool) -> str:
    if not intact:
        return "lo que se firmó fue alterado"
    if belief.status.revoked:
        return _PROBLEMS[AdESFailure.REVOKED]
    if belief.doubt is None:
        return "no se pudo comprobar el certificado con que se firmó"
    return _PROBLEMS.get(belief.doubt, "no se pudo comprobar el certificado con que se firmó")


def _root(belief: Belief) -> x509.Certificate | None:
    path = belief.status.validation_path
    return None if path is None else path.first


def _iso(at: datetime | None) -> str | None:
    if at is None:
        return None
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).isoformat()


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return "".join(c for c in text if c.isprintable())[:200]
