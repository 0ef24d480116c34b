"""The institution's seal inside a PKCS#11 token, with SoftHSM."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.config import ROOT
from tests.support.pki import Authority

LIBRARY = next((path for path in Path("/usr/lib").glob("**/libsofthsm2.so")), Path("/usr/lib/softhsm/libsofthsm2.so"))
PIN = "1234"
SCRIPT = """
import sys, datetime
from engine.config import Config
from engine.errors import WrongPin, SignatureRefused
from engine.signing import load_signing, sign_pdf, verify_pdf
from tests.support.paper import certificate
library, trust = sys.argv[1:]
def config(place="sello:sello", pin="1234"):
    return Config(seal_pkcs11=f"{library}:{place}", seal_pin=pin, trust_dir=trust)
try:
    load_signing(config(pin="9999"))
except WrongPin as error:
    print(error.message)
now = datetime.datetime.now(datetime.UTC)
signing = load_signing(config())
for _ in range(2):
    pdf = sign_pdf(certificate().bytes, signing.seal, signing, level="B-B", at=now, field="hueco")
    verdict = verify_pdf(pdf, signing.trust, at=now)
    print(verdict.accepted, verdict.signers[0].name)
for place in ("otro:sello", "sello:otra"):
    try:
        load_signing(config(place))
    except SignatureRefused as error:
        print(error.message)
"""


@pytest.fixture
def token(tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A token «sello» with a key and certificate of that label."""
    (tmp_path / "tokens").mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    (tmp_path / "p12").write_bytes(authority.pki.person_pkcs12("Sello en dispositivo", None, PIN))
    for command in (
        ["softhsm2-util", "--init-token", "--free", "--label", "sello", "--pin", PIN, "--so-pin", PIN],
        ["openssl", "pkcs12", "-in", "p12", "-passin", f"pass:{PIN}", "-nodes", "-nocerts", "-out", "key.pem"],
        ["openssl", "pkcs12", "-in", "p12", "-passin", f"pass:{PIN}", "-nokeys", "-clcerts", "-out", "cert.pem"],
        ["openssl", "pkcs8", "-topk8", "-nocrypt", "-in", "key.pem", "-out", "key8.pem"],
        ["softhsm2-util", "--import", "key8.pem", "--token", "sello", "--label", "sello", "--id", "01", "--pin", PIN],
    ):
        subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    return tmp_path


def test_a_seal_in_a_token_signs_and_its_mistakes_are_told(token: Path, authority: Authority) -> None:
    """In a process of its own, since a process signs in to a token once."""
    write = (
        "import sys, pkcs11\n"
        "from asn1crypto import pem\n"
        "from pkcs11.util.x509 import decode_x509_certificate as read\n"
        "token = pkcs11.lib(sys.argv[1]).get_token(token_label='sello')\n"
        "der = pem.unarmor(open(sys.argv[2], 'rb').read())[2]\n"
        "with token.open(rw=True, user_pin='1234') as session:\n"
        "    session.create_object({**read(der), pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: 'sello',"
        " pkcs11.Attribute.ID: b'\\x01'})\n"
    )
    run([write, str(LIBRARY), str(token / "cert.pem")])
    said = run([SCRIPT, str(LIBRARY), str(authority.pki.folder / "trust")]).splitlines()
    assert said == [
        "El PIN del dispositivo de firma no es correcto.",
        "True Sello en dispositivo (DEMO)",
        "True Sello en dispositivo (DEMO)",
        "No se encuentra la clave «sello» en el dispositivo de firma «otro». Revise que esté conectado.",
        "No se encuentra la clave «otra» en el dispositivo de firma «sello». Revise que esté conectado.",
    ]


def run(arguments: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", *arguments], capture_output=True, text=True, cwd=ROOT, env=os.environ, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
