"""Whom we believe: root certificates, the intermediates we know, revocation lists kept at hand (``trust_folder`` reads
them). Checking what a stranger sends never fetches anything: the URLs inside certificates are a way into our network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from asn1crypto import crl, x509
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, DisallowWeakAlgorithmsPolicy

FETCH_TIMEOUT = 10  # seconds per request, when signing


@dataclass(frozen=True, slots=True)
class Parsed:
    roots: list[x509.Certificate]
    intermediates: list[x509.Certificate]
    crls: list[crl.CertificateList]


@dataclass(frozen=True, slots=True)
class Trust:
    """DER certificates and CRLs; fingerprints are SHA-256 of the certificate, ``legacy_keys`` of the public key.
    ``identity_extensions``: «fingerprint of a root:OID», where those below it write the holder's number."""

    roots: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    demo_roots: frozenset[str] = field(default_factory=frozenset)
    legacy_keys: frozenset[str] = field(default_factory=frozenset)
    identity_extensions: frozenset[str] = field(default_factory=frozenset)
    parsed: Parsed | None = field(default=None, compare=False, repr=False)

    def ready(self) -> Trust:
        """The same, parsed once for all checks: only for a process that makes one at a time, since what is parsed
        notes what it is asked. Raises ValueError."""
        return replace(self, parsed=Parsed(*self.certificates(), self.revocation_lists()))

    def certificates(self) -> tuple[list[x509.Certificate], list[x509.Certificate]]:
        """Roots and intermediates, parsed."""
        if self.parsed is not None:
            return self.parsed.roots, self.parsed.intermediates
        return [x509.Certificate.load(der) for der in self.roots], [
            x509.Certificate.load(der) for der in self.intermediates
        ]

    def revocation_lists(self) -> list[crl.CertificateList]:
        return [crl.CertificateList.load(der) for der in self.crls] if self.parsed is None else self.parsed.crls

    def identity_extension(self, root: x509.Certificate) -> str | None:
        """The OID of the extension in which those below this root have their holder's number; None: the subject."""
        begins = hashlib.sha256(root.dump()).hexdigest() + ":"
        return next((one[len(begins) :] for one in self.identity_extensions if one.startswith(begins)), None)

    def context_at_hand(self) -> ValidationContext:
        """For a certificate that somebody brought: what we know, and not one of the addresses that it names."""
        roots, intermediates = self.certificates()
        return ValidationContext(
            trust_roots=roots,
            other_certs=intermediates,
            allow_fetching=False,
            revocation_mode="soft-fail",
            algorithm_usage_policy=LegacyRoots(self.legacy_keys),
        )

    def context_for_signing(self, revocation: str, others: Iterable[x509.Certificate] = ()) -> ValidationContext:
        """For embedding validation data (B-LT): our own certificate's chain, fetching its OCSP and CRL."""
        roots, intermediates = self.certificates()
        return ValidationContext(
            trust_roots=roots,
            other_certs=[*intermediates, *others],
            allow_fetching=True,
            fetcher_backend=RequestsFetcherBackend(per_request_timeout=FETCH_TIMEOUT),
            revocation_mode="soft-fail" if revocation == "off" else revocation,
            algorithm_usage_policy=LegacyRoots(self.legacy_keys),
        )


class LegacyRoots(DisallowWeakAlgorithmsPolicy):
    """Weak algorithms stay forbidden, but for what the named root keys themselves signed (Argentina's root of 2007)."""

    def __init__(self, keys: frozenset[str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko left this one without types
        self.keys = keys

    def signature_algorithm_allowed(
        self, algo: Any, moment: datetime | None, public_key: Any
    ) -> AlgorithmUsageConstraint:
        if public_key is not None and hashlib.sha256(public_key.dump()).hexdigest() in self.keys:
            return AlgorithmUsageConstraint(allowed=True)
        return super().signature_algorithm_allowed(algo, moment, public_key)
