"""A revocation list that was fetched counts in the processes that run already, and a damaged folder changes nothing."""

from __future__ import annotations

import logging
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from engine.config import Config
from engine.errors import SignatureRefused
from engine.signing import Signing, Verdict, load_signing, verify_upload
from engine.signing.demo_certificates import make_crl
from engine.signing.trust_now import LOOK_EVERY, TrustNow
from tests.support.outside_signer import sign_outside
from tests.support.paper import certificate
from tests.support.pki import NOW, PIN, Authority

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def folder(authority: Authority, tmp_path: Path) -> Path:
    copied = tmp_path / "trust"
    shutil.copytree(authority.pki.settings()["trust_dir"], copied)
    return copied


def fetch(authority: Authority, folder: Path, revoked: set[int]) -> None:
    """As the operator's script does each night: the new list takes the place of the old one."""
    listed = next(folder.rglob("emisora.crl"))
    fresh = listed.with_name("fetched")
    fresh.write_bytes(make_crl(authority.pki.authority, dict.fromkeys(revoked, NOW - timedelta(hours=1)), NOW))
    fresh.replace(listed)


@pytest.mark.req("R-23", "R-47")
def test_a_certificate_of_a_list_fetched_meanwhile_is_refused_without_starting_anew(
    authority: Authority, folder: Path
) -> None:
    signing = Signing(TrustNow(folder, every=0))
    issued = certificate().bytes
    returned = sign_outside(issued, authority.pki.person_pkcs12("Eva Sosa", "0912345675", PIN), PIN, NOW)

    def judged() -> Verdict:
        return verify_upload(returned, signing.trust, original=issued, at=LATER)  # apart, as what comes back is

    before = judged()
    assert before.accepted
    known = signing.trust
    assert signing.trust is known  # nothing changed: nothing is derived again
    fetch(authority, folder, {int(before.signers[0].serial, 16)})
    after = judged()
    assert not after.accepted
    assert after.signers[0].problem == "el certificado con que se firmó fue revocado"
    fetch(authority, folder, set())
    assert judged().accepted


@pytest.mark.req("R-23")
def test_a_folder_that_is_damaged_meanwhile_leaves_what_was_known_and_says_so_once(
    authority: Authority, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = TrustNow(folder, every=0)
    known, listed = now.read(), next(folder.rglob("emisora.crl"))
    whole = listed.read_bytes()
    with caplog.at_level(logging.WARNING, "engine.signing.trust_now"):
        listed.write_bytes(b"-----BEGIN")
        assert now.read() is known
        assert now.read() is known
        assert caplog.text.count("emisora.crl: está incompleto") == 1
        foreign = folder / "otra" / "raiz.pem"
        foreign.parent.mkdir()
        listed.write_bytes(whole)
        foreign.write_bytes(authority.pki.root.pem())
        foreign.with_name("meta.toml").write_text('fingerprints = ["00"]\n', encoding="utf-8")
        assert now.read() is known
        assert "no está entre las de meta.toml" in caplog.text
        shutil.rmtree(folder)
        assert now.read() is known
        assert "No hay nada en" in caplog.text
    folder.mkdir()
    shutil.copytree(authority.pki.settings()["trust_dir"], folder, dirs_exist_ok=True)
    assert now.read() == known


def test_the_folder_is_looked_at_once_in_some_seconds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr("engine.signing.trust_now.time.monotonic", lambda: moment[0])
    now = TrustNow(folder)
    known = now.read()
    next(folder.rglob("emisora.crl")).unlink()
    moment[0] += LOOK_EVERY - 1
    assert now.read() is known
    moment[0] += 1
    assert len(now.read().crls) == len(known.crls) - 1


def test_a_folder_that_is_wrong_at_the_start_stops_the_start(folder: Path) -> None:
    next(folder.rglob("emisora.crl")).write_bytes(b"no")
    with pytest.raises(SignatureRefused, match=r"emisora\.crl"):
        load_signing(Config(trust_dir=folder))
    assert not load_signing(Config(trust_dir=folder / "nada")).trust.roots
