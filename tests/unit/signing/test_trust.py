"""Whom we believe is read from a folder; weak algorithms are believed of the named roots only."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1
from asn1crypto.algos import SignedDigestAlgorithm

from engine.signing import Trust, load_trust
from engine.signing.demo_certificates import Points, make_authority, make_crl, make_root
from engine.signing.trust import LegacyRoots

ROOT = make_root()
ISSUER = make_authority(ROOT, Points("http://127.0.0.1:9"))
SHA1_RSA = SignedDigestAlgorithm({"algorithm": "sha1_rsa"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    authority = tmp_path / "ar" / "raiz-2007"
    authority.mkdir(parents=True)
    (authority / "both.pem").write_bytes(ISSUER.pem() + ROOT.pem())
    (authority / "list.crl").write_bytes(make_crl(ROOT, {}, datetime.now(UTC)))
    (authority / "meta.toml").write_text("allow_sha1 = true\ndemo = true\n", encoding="utf-8")
    (authority / "notes.txt").write_text("no es un certificado", encoding="utf-8")
    return tmp_path


def test_roots_intermediates_and_lists_are_told_apart(folder: Path) -> None:
    trust = load_trust(folder)
    roots, intermediates = trust.certificates()
    assert [c.subject.native["common_name"] for c in roots] == ["DEMO Autoridad raíz"]
    assert [c.subject.native["common_name"] for c in intermediates] == ["DEMO Autoridad emisora"]
    assert len(trust.crls) == 1
    assert trust.demo_roots == {hashlib.sha256(trust.roots[0]).hexdigest()}


def test_an_absent_folder_trusts_nobody(tmp_path: Path) -> None:
    assert load_trust(None) == load_trust(tmp_path / "nada") == Trust()


def test_sha1_is_believed_of_the_named_root_only(folder: Path) -> None:
    policy = LegacyRoots(load_trust(folder).legacy_keys)
    named = asn1.Certificate.load(load_trust(folder).roots[0]).public_key
    other = asn1.Certificate.load(load_trust(folder).intermediates[0]).public_key
    now = datetime.now(UTC) + timedelta(0)
    assert policy.signature_algorithm_allowed(SHA1_RSA, now, named).allowed
    assert not policy.signature_algorithm_allowed(SHA1_RSA, now, other).allowed
    assert not policy.signature_algorithm_allowed(SHA1_RSA, now, None).allowed
