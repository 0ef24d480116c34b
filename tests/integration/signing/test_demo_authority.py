"""The demonstration authority is made once, says what it is, and keeps its keys to itself."""

from __future__ import annotations

import stat
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from asn1crypto import x509

from engine.config import Config
from engine.errors import SignatureRefused, WrongPin
from engine.signing import Signing, load_signing, open_demo_pki
from tests.support.pki import Authority


def test_it_is_made_once_and_opened_again(tmp_path: Path) -> None:
    first = open_demo_pki(tmp_path / "pki", "Universidad Nacional del Estuario")
    again = open_demo_pki(tmp_path / "pki", "Otra")
    assert again.settings() == first.settings()
    assert again.root.certificate == first.root.certificate


def test_every_certificate_says_demo(authority: Authority) -> None:
    pki = authority.pki
    for holder in (pki.root, pki.authority, pki.timestamper, pki.responder):
        assert "DEMO" in holder.certificate.subject.rfc4514_string()
    assert "(DEMO)" in authority.signing.seal.name
    assert authority.signing.seal.name.startswith("Sello de Universidad Nacional del Estuario")


def test_its_keys_are_readable_by_nobody_else(authority: Authority) -> None:
    files = [path for path in authority.pki.folder.rglob("*") if path.is_file()]
    assert files
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)


def test_it_answers_on_loopback_only_what_it_serves(authority: Authority) -> None:
    base = authority.pki.points.base
    assert base.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(f"{base}/raiz.crt", timeout=5) as answer:
        assert x509.Certificate.load(answer.read()).self_issued
    for path in ("/", "/emisora.key.pem", "/../sello.p12"):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{base}{path}", timeout=5)


def test_a_seal_with_a_wrong_pin_or_no_file_is_told_at_start(authority: Authority) -> None:
    settings = authority.pki.settings()
    with pytest.raises(WrongPin):
        load_signing(Config(**{**settings, "seal_pin": "0000"}))
    with pytest.raises(SignatureRefused, match="No se puede leer el sello"):
        load_signing(Config(**{**settings, "seal_p12": authority.pki.folder / "nada.p12"}))


def test_without_a_seal_nothing_is_sealed() -> None:
    with pytest.raises(SignatureRefused, match="CARTULARIO_SEAL_P12"):
        _ = Signing().seal
