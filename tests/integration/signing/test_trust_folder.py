"""The folder of whom we believe: where a certifier writes its holders' number, and what in it is refused (R-9, R-23)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from engine.errors import SignatureRefused
from engine.signing import load_trust, names_holder, verify_pdf
from engine.signing.demo_certificates import Holder, make_signer
from tests.support.outside_signer import sign_outside
from tests.support.paper import certificate
from tests.support.pki import NOW, PIN, Authority
from web.cli import main

OWN = "1.3.6.1.4.1.37746.3.1"  # as a certifier of Ecuador has the cédula
CEDULA = "0912345675"


@pytest.fixture
def folder(authority: Authority, tmp_path: Path) -> Path:
    copied = tmp_path / "trust"
    shutil.copytree(authority.pki.settings()["trust_dir"], copied)
    return copied


def say(folder: Path, text: str) -> None:
    meta = next(folder.rglob("meta.toml"))
    meta.write_text(meta.read_text(encoding="utf-8") + text, encoding="utf-8")


def ecuadorian(authority: Authority, written: bytes) -> bytes:
    """A key whose certificate has no number in its subject, but in an extension."""
    plain = make_signer(authority.pki.authority, authority.pki.points, "Autoridad")
    builder = x509.CertificateBuilder(
        issuer_name=plain.certificate.issuer,
        subject_name=plain.certificate.subject,
        public_key=plain.certificate.public_key(),
        serial_number=plain.certificate.serial_number,
        not_valid_before=plain.certificate.not_valid_before_utc,
        not_valid_after=plain.certificate.not_valid_after_utc,
        extensions=list(plain.certificate.extensions),
    ).add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier(OWN), written), critical=False)
    made = Holder(plain.key, builder.sign(authority.pki.authority.key, hashes.SHA256()))
    return made.pkcs12(PIN, [authority.pki.authority.certificate])


@pytest.mark.req("R-9", "R-43")
@pytest.mark.parametrize("written", [b"\x0c\x0a0912345675", b"\x13\x0a0912345675", b"0912345675"])
def test_the_holder_is_known_by_the_number_in_the_certifiers_own_extension(
    authority: Authority, folder: Path, written: bytes
) -> None:
    issued = certificate().bytes
    returned = sign_outside(issued, ecuadorian(authority, written), PIN, NOW)
    (unknown,) = verify_pdf(returned, load_trust(folder), original=issued, at=NOW).signers
    assert not names_holder(unknown, CEDULA)
    say(folder, f'identity = "{OWN}"\n')
    verdict = verify_pdf(returned, load_trust(folder), original=issued, at=NOW)
    assert verdict.accepted
    assert names_holder(verdict.signers[0], CEDULA)
    assert not names_holder(verdict.signers[0], "1700000019")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('fingerprints = ["00"]\n', "huella SHA-256"),
        ('confia = "en todos"\n', "no es de los que se conocen"),
        ('identity = "cedula"\n', "OID de una extensión"),
        ("demo = [\n", "no se puede leer"),
        ("allow_sha1 = 1\n", "no es de su tipo"),
    ],
)
def test_what_is_wrong_in_the_folder_is_told_with_its_file(folder: Path, said: str, told: str) -> None:
    say(folder, said)
    with pytest.raises(SignatureRefused, match=told):
        load_trust(folder)


def test_a_file_that_is_no_certificate_is_told(folder: Path) -> None:
    next(folder.rglob("*.pem")).write_bytes(b"no")
    with pytest.raises(SignatureRefused, match=r"\.pem: no es un certificado"):
        load_trust(folder)


@pytest.mark.req("R-23")
def test_the_operator_sees_whom_the_installation_believes_and_what_ends(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTULARIO_TRUST_DIR", str(folder))
    shown = CliRunner().invoke(main, ["trust"])
    assert shown.exit_code == 0, shown.output
    assert "raíz" in shown.output
    assert "DEMOSTRACIÓN" in shown.output
    assert "revocados" in shown.output
    meta = next(folder.rglob("meta.toml"))
    meta.write_text('source = "https://autoridad.example"\n', encoding="utf-8")
    unnamed = CliRunner().invoke(main, ["trust"])
    assert unnamed.exit_code == 1
    assert "no dice las huellas" in unnamed.output
    monkeypatch.setenv("CARTULARIO_TRUST_DIR", str(folder / "nada"))
    nobody = CliRunner().invoke(main, ["trust"])
    assert nobody.exit_code == 1
    assert "No se confía en ninguna autoridad" in nobody.output
