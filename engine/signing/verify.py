"""Check a PDF that comes from outside. Nothing is fetched: the URLs inside certificates are a way into our network.

Called in a process of its own for what the public sends (``isolated``), directly for what our archive holds. The six
checks: it ends where a PDF ends; it begins with what we issued, byte for byte; a strict reader takes it, in clear;
since issue only signatures, time-stamps and validation data were added, and what they draw lies in the place left for
it (``widgets``); each signature validates; and ``check_returned`` asks whose it is. A file whose archive match is exact
is still checked: the answers stay apart.

A document that we sealed begins with somebody else's file, whose signatures hold for their own revision only: that
pages of ours follow them, within what we issued, is no alteration (C-45).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from engine.errors import SignatureRefused
from engine.signing import words
from engine.signing.changes import signatures_only
from engine.signing.facts import signer_facts
from engine.signing.structure import MAX_SIGNATURES, Unreadable, container_is_plain, open_strictly, revisions_of
from engine.signing.trust import Trust
from engine.signing.verdict import NOT_A_PDF, Answer, Change, SignerFacts, State, Verdict
from engine.signing.widgets import OutOfPlace, Overlay, check_added, empty_places


def verify_pdf(data: bytes, trust: Trust, *, original: bytes | None = None, at: datetime) -> Verdict:
    """``original`` is what our archive holds for it, by content or by code; None when nothing is known of it."""
    archive = words.archive(data, original)
    try:
        with _quietly():
            reader = open_strictly(data)
            signatures = reader.embedded_signatures
            if len(signatures) > MAX_SIGNATURES:
                raise Unreadable("El archivo lleva demasiadas firmas para comprobarlo.", "signatures")
            return asyncio.run(_verdict(data, reader, signatures, trust, original, archive, at))
    except Unreadable as error:
        return unreadable(error.text, error.reason, data, original)
    except Exception as error:
        return unreadable(words.BROKEN, f"{type(error).__name__}: {error}"[:300], data, original)


def check_returned(issued: bytes, returned: bytes, trust: Trust, *, fingerprint: str, at: datetime) -> SignerFacts:
    """A file that we issued comes back signed by the person of this certificate (SHA-256). Raises SignatureRefused."""
    verdict = verify_pdf(returned, trust, original=issued, at=at)
    return accept_returned(verdict, issued, returned, lambda facts: facts.fingerprint == fingerprint)


def accept_returned(
    verdict: Verdict, issued: bytes, returned: bytes, theirs: Callable[[SignerFacts], bool]
) -> SignerFacts:
    """The same of a verdict already given, as ``verify_upload`` gives it of what comes from outside; ``theirs`` knows
    the signature of whoever had to sign. Raises SignatureRefused."""
    whole = returned.startswith(issued)
    added = verdict.signers[verdict.earlier :]
    if whole and not added and verdict.integrity.state is not State.BAD:
        raise SignatureRefused("El archivo no trae ninguna firma nueva: fírmelo y vuelva a enviarlo.")
    if not (whole and verdict.accepted):
        raise SignatureRefused(f"El archivo no se acepta. {_worst(verdict)}", reasons=list(verdict.reasons))
    mine = [facts for facts in added if theirs(facts)]
    if not mine:
        names = ", ".join(facts.name for facts in added)
        raise SignatureRefused(f"El archivo no trae la firma de la persona que debía firmarlo: lo firmó {names}.")
    return mine[-1]


async def _verdict(
    data: bytes,
    reader: PdfFileReader,
    signatures: list[EmbeddedPdfSignature],
    trust: Trust,
    original: bytes | None,
    archive: Answer,
    at: datetime,
) -> Verdict:
    reasons: list[str] = []
    issued = revisions_of(original, reader) if original is not None and data.startswith(original) else 0
    change = Change.NONE if data == original or issued == 0 else _change_since_issue(reader, issued, reasons)
    intact, facts, brought, earlier = True, [], [], 0
    for signature in signatures:
        signature.compute_integrity_info(diff_policy=signatures_only())
        intact = _whole(signature, data, reasons) and intact
        followed = _change_since(reader, signature, reasons)
        before_ours = bool(followed) and signature.signed_revision < (issued or 0)
        change = change if before_ours else max(change, followed)
        if signature.sig_object_type == "/Sig":
            fact = await signer_facts(signature, reader, trust, at)
            facts.append(fact)
            earlier += signature.signed_revision < (issued or 0)
            brought += [fact] if before_ours else []
    intact = intact and all(f.intact for f in facts)
    reasons += [f"{f.name}: {f.problem}" for f in facts if f.problem]
    return Verdict(
        integrity=words.integrity(bool(facts), intact),
        trust=words.trust([f for f in facts if f not in brought] or facts),
        changes=words.changes(bool(facts), intact, change, len(signatures), brought),
        archive=archive,
        signers=tuple(facts),
        reasons=tuple(reasons),
        earlier=earlier,
    )


def _change_since_issue(reader: PdfFileReader, issued: int | None, reasons: list[str]) -> Change:
    if issued is None:
        reasons.append("since issue: another document follows, which does not build on ours")
        return Change.CONTENT
    difference = signatures_only().review_file(reader, issued - 1)
    if isinstance(difference, SuspiciousModification):
        reasons.append(f"since issue: {difference}")
        return Change.CONTENT
    return _drawn(reader, issued - 1, "since issue", reasons, in_place=True)


def _drawn(reader: PdfFileReader, since: int, when: str, reasons: list[str], *, in_place: bool) -> Change:
    """What the fields added after this revision (from 0) show, as the file is now."""
    old, new = reader.get_historical_resolver(since), reader.get_historical_resolver(reader.xrefs.total_revisions - 1)
    try:
        check_added(old, new, empty_places(old) if in_place else None)
    except Overlay as error:
        reasons.append(f"{when}: {error}")
        return Change.STAMP if isinstance(error, OutOfPlace) else Change.CONTENT
    return Change.NONE


def _whole(signature: EmbeddedPdfSignature, data: bytes, reasons: list[str]) -> bool:
    """The bytes that it covers are those of a whole revision, with no gap but the signature itself."""
    if signature.coverage is None or signature.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        reasons.append(f"{signature.field_name}: does not cover its revision")
        return False
    if not container_is_plain(signature, data):
        reasons.append(f"{signature.field_name}: its container holds something else")
        return False
    return True


def _change_since(reader: PdfFileReader, signature: EmbeddedPdfSignature, reasons: list[str]) -> Change:
    when = f"since {signature.field_name}"
    difference = signature.diff_result
    if isinstance(difference, SuspiciousModification):
        reasons.append(f"{when}: {difference}")
        return Change.CONTENT
    if (
        difference is not None
        and signature.docmdp_level is not None
        and difference.modification_level.value > signature.docmdp_level.value
    ):
        reasons.append(f"{when}: more than its certification allows")
        return Change.CONTENT
    return _drawn(reader, signature.signed_revision, when, reasons, in_place=False)


def unreadable(text: str, reason: str, data: bytes, original: bytes | None) -> Verdict:
    """What is told of a file that could not be looked into; whether the archive holds it can be told all the same."""
    if reason == NOT_A_PDF and not (original and data.startswith(original)):
        cannot = Answer(State.UNKNOWN, words.NO_SIGNATURES)
        return Verdict(Answer(State.UNKNOWN, text), cannot, cannot, words.archive(data, None), (), (reason,))
    cannot = Answer(State.UNKNOWN, words.CANNOT_TELL)
    return Verdict(Answer(State.BAD, text), cannot, cannot, words.archive(data, original), (), (reason,))


def _worst(verdict: Verdict) -> str:
    bad = [a.text for a in verdict.answers.values() if a.state is State.BAD]
    return (bad or [a.text for a in verdict.answers.values() if a.state is not State.OK] or [verdict.summary])[0]


@contextmanager
def _quietly() -> Iterator[None]:
    """pyHanko logs what hostile files contain; the verdict's reasons are enough."""
    logger = logging.getLogger("pyhanko")
    before = logger.level
    if before == logging.CRITICAL:  # to set it again would touch every logger
        yield
        return
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
