"""Whom we believe: root certificates, the intermediates we know, revocation lists kept at hand.

A trust folder holds ``<country>/<authority>/*.pem`` (or ``.crt``) with a ``meta.toml`` (source, dates, ``demo``,
``allow_sha1``). A self-issued certificate is a root, any other an intermediate; ``*.crl`` are revocation lists.
Checking what a stranger sends never fetches anything: the URLs inside certificates are a way into our network.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, DisallowWeakAlgorithmsPolicy

FETCH_TIMEOUT = 10  # seconds per request, when signing


@dataclass(frozen=True, slots=True)
class Trust:
    """DER certificates and CRLs; fingerprints are SHA-256 of the certificate, ``legacy_keys`` of the public key."""

    roots: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    demo_roots: frozenset[str] = field(default_factory=frozenset)
    legacy_keys: frozenset[str] = field(default_factory=frozenset)

    def certificates(self) -> tuple[list[x509.Certificate], list[x509.Certificate]]:
        """Roots and intermediates, parsed."""
        return [x509.Certificate.load(der) for der in self.roots], [
            x509.Certificate.load(der) for der in self.intermediates
        ]

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


def load_trust(folder: Path | None) -> Trust:
    """Read a trust folder; none, or an absent one, trusts nobody."""
    roots: list[bytes] = []
    intermediates: list[bytes] = []
    crls: list[bytes] = []
    demo: set[str] = set()
    legacy: set[str] = set()
    if folder is None or not folder.is_dir():
        return Trust()
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".crl":
            crls.append(path.read_bytes())
        if path.suffix not in {".pem", ".crt", ".cer"}:
            continue
        meta = _meta(path.parent)
        for der in _certificates(path.read_bytes()):
            certificate = x509.Certificate.load(der)
            if not certificate.self_issued:
                intermediates.append(der)
                continue
            roots.append(der)
            if meta.get("demo"):
                demo.add(hashlib.sha256(der).hexdigest())
            if meta.get("allow_sha1"):
                legacy.add(hashlib.sha256(certificate.public_key.dump()).hexdigest())
    return Trust(tuple(roots), tuple(intermediates), tuple(crls), frozenset(demo), frozenset(legacy))


def _certificates(data: bytes) -> list[bytes]:
    if not pem.detect(data):
        return [data]
    return [der for kind, _headers, der in pem.unarmor(data, multiple=True) if kind == "CERTIFICATE"]


def _meta(folder: Path) -> dict[str, Any]:
    file = folder / "meta.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
