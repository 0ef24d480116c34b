"""Is a signature to be believed, and as of when? After ETSI EN 319 102-1, without fetching anything.

A signature with a time-stamp that we believe is judged at the instant of that time-stamp, one without it at present.
Revocation data must answer for the whole chain (the file's own, our lists); where none does, it is judged without, and
said. What no longer holds at present but carries document time-stamps (B-LTA) is judged by their chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed, AdESSubIndic
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
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
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from engine.signing.changes import signatures_only
from engine.signing.trust import LegacyRoots, Trust

_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


@dataclass(frozen=True)
class Belief:
    status: PdfSignatureStatus
    believed: bool
    revocation_checked: bool
    proved_at: datetime | None  # the instant of a time-stamp that we believe
    doubt: AdESSubIndic | None


async def believe(signature: EmbeddedPdfSignature, reader: PdfFileReader, trust: Trust, at: datetime) -> Belief:
    """Raises what pyHanko raises on a malformed signature."""
    for revocation in ("require", "soft-fail"):
        status, proved = await _judge(signature, reader, trust, at, revocation)
        if status.trusted and status.intact and status.valid:
            return Belief(status, True, revocation == "require", proved, None)
        if status.revoked:
            break
    if reader.embedded_timestamp_signatures and status.intact and status.valid:
        result = await ades_lta_validation(
            signature, _long_term_spec(trust), timing_info=ValidationTimingInfo(at, at, point_in_time_validation=False)
        )
        if result.ades_subindic is AdESPassed.OK:
            return Belief(status, True, True, result.best_signature_time, None)
        return await _by_document_stamps(signature, reader, trust, at, status)
    return Belief(status, False, False, proved, status.trust_problem_indic)


async def _by_document_stamps(
    signature: EmbeddedPdfSignature, reader: PdfFileReader, trust: Trust, at: datetime, now: PdfSignatureStatus
) -> Belief:
    """A signature without CAdES attributes (``adbe.pkcs7.detached``, FirmaEC), which the standard's own way leaves out:
    each later document time-stamp is judged at the instant of the next, and the signature at that of the first."""
    moment = at
    for stamp in reversed(reader.embedded_timestamp_signatures):
        if stamp.signed_revision < signature.signed_revision:
            break
        status = await async_validate_pdf_timestamp(stamp, _context(reader, trust, moment, "require"), skip_diff=True)
        if not (status.valid and status.intact and status.trusted):
            break
        moment = status.timestamp
    if moment < at:
        then = await _validate(signature, reader, trust, moment, at, "require")
        if then.trusted and then.intact and then.valid:
            return Belief(then, True, True, moment, None)
    return Belief(now, False, False, None, now.trust_problem_indic)


async def _judge(
    signature: EmbeddedPdfSignature, reader: PdfFileReader, trust: Trust, at: datetime, revocation: str
) -> tuple[PdfSignatureStatus, datetime | None]:
    status = await _validate(signature, reader, trust, at, at, revocation)
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.valid and stamp.intact and stamp.trusted):
        return status, None
    return await _validate(signature, reader, trust, stamp.timestamp, at, revocation), stamp.timestamp


async def _validate(
    signature: EmbeddedPdfSignature,
    reader: PdfFileReader,
    trust: Trust,
    moment: datetime,
    at: datetime,
    revocation: str,
) -> PdfSignatureStatus:
    context = _context(reader, trust, moment, revocation)
    return await async_validate_pdf_signature(
        signature,
        signer_validation_context=context,
        ts_validation_context=context if moment == at else _context(reader, trust, at, revocation),
        diff_policy=signatures_only(),
        key_usage_settings=_USAGE,
        skip_diff=True,  # our own check of what changed has been made already
    )


def _context(reader: PdfFileReader, trust: Trust, moment: datetime, revocation: str) -> ValidationContext:
    roots, intermediates = trust.certificates()
    settings: dict[str, Any] = {
        "trust_roots": roots,
        "other_certs": intermediates,
        "crls": trust.revocation_lists(),
        "moment": moment,
        "allow_fetching": False,
        "revocation_mode": revocation,
        "retroactive_revinfo": True,
        "algorithm_usage_policy": LegacyRoots(trust.legacy_keys),
    }
    if "/DSS" in reader.root:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(settings)
    return ValidationContext(**settings)


def _long_term_spec(trust: Trust) -> PdfSignatureValidationSpec:
    roots, intermediates = trust.certificates()
    spec = SignatureValidationSpec(
        cert_validation_policy=CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(roots),
            revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
            algorithm_usage_policy=LegacyRoots(trust.legacy_keys),
        ),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(
            online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
            certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
        ),
        local_knowledge=LocalKnowledge(
            known_certs=intermediates,
            known_crls=[CRLContainer(one) for one in trust.revocation_lists()],
        ),
        key_usage_settings=_USAGE,
    )
    return PdfSignatureValidationSpec(spec, diff_policy=signatures_only())
