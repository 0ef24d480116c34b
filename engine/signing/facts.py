"""One signature of a file: who, when, at what level, and whether we believe it (ETSI EN 319 102-1).

The revocation data that the file carries and the lists of our trust folder are all that is asked.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from asn1crypto import crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed
from pyhanko.sign.validation.ades import AdESLTAValidationResult, ades_lta_validation
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import LEGACY_POLICY_MAP, CertRevTrustPolicy
from pyhanko_certvalidator.policy_decl import RevocationCheckingPolicy as Revocation
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from engine.signing.changes import signatures_only
from engine.signing.keys import common_name
from engine.signing.trust import LegacyRoots, Trust
from engine.signing.verdict import SignerFacts

_STRICT: Revocation = LEGACY_POLICY_MAP["require"]
_LENIENT: Revocation = LEGACY_POLICY_MAP["soft-fail"]
_BROKEN = (AdESFailure.FORMAT_FAILURE, AdESFailure.HASH_FAILURE, AdESFailure.SIG_CRYPTO_FAILURE)
_PROBLEMS = {
    AdESFailure.REVOKED: "el certificado con que se firmó estaba revocado",
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


async def signer_facts(signature: EmbeddedPdfSignature, reader: PdfFileReader, trust: Trust) -> SignerFacts:
    """The signature's integrity must have been computed. Raises what pyHanko raises on a malformed one."""
    result = await _validate(signature, trust, _STRICT)
    checked = result.ades_subindic is AdESPassed.OK
    if not checked:
        result = await _validate(signature, trust, _LENIENT)
    status = result.api_status
    intact = status.intact and status.valid if status is not None else result.ades_subindic not in _BROKEN
    trusted = intact and result.ades_subindic is AdESPassed.OK
    certificate = signature.signer_cert
    proved = _proved_at(result, status)
    return SignerFacts(
        name=common_name(certificate),
        organisation=_text(certificate.subject.native.get("organization_name")),
        issuer=_text(certificate.issuer.native.get("common_name")) or certificate.issuer.human_friendly,
        at=_iso(proved or signature.self_reported_timestamp),
        at_proved=proved is not None,
        level=_level(signature, reader),
        serial=f"{certificate.serial_number:x}",
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        reason=_text(signature.sig_object.get("/Reason")),
        intact=bool(intact),
        trusted=bool(trusted),
        revocation_checked=checked,
        demo=_is_demo(status, certificate, trust),
        problem=None if trusted else _problem(result, bool(intact)),
    )


async def _validate(signature: EmbeddedPdfSignature, trust: Trust, revocation: Revocation) -> AdESLTAValidationResult:
    roots, intermediates = trust.certificates()
    spec = SignatureValidationSpec(
        cert_validation_policy=CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(roots),
            revinfo_policy=CertRevTrustPolicy(revocation),
            algorithm_usage_policy=LegacyRoots(trust.legacy_keys),
        ),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(
            online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
            certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
        ),
        local_knowledge=LocalKnowledge(
            known_certs=intermediates,
            known_crls=[CRLContainer(crl.CertificateList.load(der)) for der in trust.crls],
        ),
        key_usage_settings=KeyUsageConstraints(
            key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
        ),
    )
    return await ades_lta_validation(signature, PdfSignatureValidationSpec(spec, diff_policy=signatures_only()))


def _proved_at(result: AdESLTAValidationResult, status: PdfSignatureStatus | None) -> datetime | None:
    """The instant of a valid time-stamp over this signature, if there is one."""
    stamp = result.signature_timestamp_status
    if stamp is not None and stamp.ades_subindic is AdESPassed.OK and stamp.api_status is not None:
        return stamp.api_status.timestamp  # type: ignore[no-any-return]
    validity = status.timestamp_validity if status is not None else None
    if validity is not None and validity.valid and validity.intact and validity.trusted:
        return validity.timestamp
    return None


def _level(signature: EmbeddedPdfSignature, reader: PdfFileReader) -> str:
    """What the file carries for it; whether that is believed is another matter."""
    if next(iter(extract_tst_data_iter(signature.signer_info, signed=False)), None) is None:
        return "B-B"
    if "/DSS" not in reader.root:
        return "B-T"
    later = [s for s in reader.embedded_timestamp_signatures if s.signed_revision > signature.signed_revision]
    return "B-LTA" if later else "B-LT"


def _problem(result: AdESLTAValidationResult, intact: bool) -> str:
    if not intact:
        return "lo que se firmó fue alterado"
    return _PROBLEMS.get(result.ades_subindic, "no se pudo comprobar el certificado con que se firmó")


def _is_demo(status: PdfSignatureStatus | None, certificate: x509.Certificate, trust: Trust) -> bool:
    path = status.validation_path if status is not None else None
    if path is None:
        return False
    root = path.trust_anchor.certificate  # type: ignore[attr-defined]
    return hashlib.sha256(root.dump()).hexdigest() in trust.demo_roots


def _iso(at: datetime | None) -> str | None:
    if at is None:
        return None
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).isoformat()


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return "".join(c for c in text if c.isprintable())[:200]
