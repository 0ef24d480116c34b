"""PAdES of four levels, checked by ourselves and by tools that are not ours."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pikepdf
import pikepdf.pdfa
import pytest
from asn1crypto import cms
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from engine.errors import SignatureRefused, Unavailable
from engine.signing import (
    LEVELS,
    Level,
    Signing,
    SigningKey,
    State,
    check_returned,
    field_for_person,
    sign_pdf,
    verify_pdf,
)
from tests.support.paper import certificate, stamp
from tests.support.pki import NOW, Authority

YEAR = timedelta(days=365)


@cache
def signed(key: SigningKey, signing: Signing, level: Level, at: datetime = NOW) -> bytes:
    return sign_pdf(
        certificate().bytes,
        key,
        signing,
        level=level,
        at=at,
        field="hueco",
        stamp=stamp(),
        reason="Certifica",
        location="Milagro",
    )


def container(pdf: bytes) -> tuple[bytes, bytes]:
    """What the first signature covers, and its CMS."""
    a, b, c, d = (int(v) for v in re.findall(rb"\d+", re.search(rb"/ByteRange \[[^\]]*\]", pdf)[0]))  # type: ignore[index]
    held = bytes.fromhex(pdf[b + 1 : c - 1].decode())
    return pdf[a : a + b] + pdf[c : c + d], cms.ContentInfo.load(held).dump()


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_is_what_it_says_and_is_believed(authority: Authority, level: Level) -> None:
    pdf = signed(authority.secretario, authority.signing, level)
    verdict = verify_pdf(pdf, authority.signing.trust, original=pdf, at=datetime.now(UTC))
    assert verdict.accepted, verdict
    (facts,) = verdict.signers
    assert (facts.level, facts.reason, facts.demo) == (level, "Certifica", True)
    assert facts.name == "Gonzalo Ñáñez Villavicencio (DEMO)"
    assert facts.at_proved is (level != "B-B")
    assert facts.revocation_checked
    assert "DEMOSTRACIÓN" in verdict.trust.text


@pytest.mark.parametrize("level", LEVELS)
def test_pdfsig_finds_the_signature_valid(authority: Authority, level: Level, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(signed(authority.secretario, authority.signing, level))
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature Validation: Signature is Valid." in said
    assert "ETSI.CAdES.detached" in said
    if level in ("B-B", "B-T"):
        assert "Total document signed" in said


@pytest.mark.parametrize("level", LEVELS)
def test_qpdf_finds_the_structure_sound(authority: Authority, level: Level, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(signed(authority.secretario, authority.signing, level))
    run = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("level", LEVELS)
def test_openssl_verifies_the_signature_up_to_the_root(authority: Authority, level: Level, tmp_path: Path) -> None:
    covered, container_der = container(signed(authority.secretario, authority.signing, level))
    (tmp_path / "covered").write_bytes(covered)
    (tmp_path / "cms.der").write_bytes(container_der)
    (tmp_path / "root.pem").write_bytes(authority.pki.root.pem())
    run = subprocess.run(
        [
            *("openssl", "cms", "-verify", "-cades", "-binary", "-purpose", "any", "-inform", "DER"),
            *("-in", str(tmp_path / "cms.der"), "-content", str(tmp_path / "covered")),
            *("-CAfile", str(tmp_path / "root.pem"), "-out", "/dev/null"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("level", LEVELS)
def test_a_signed_document_stays_pdf_a_2b(authority: Authority, level: Level) -> None:
    """pikepdf's check knows no forms, DSS or ESIC extension: on a copy the stamp is drawn in, and they are taken off."""
    with pikepdf.open(io.BytesIO(signed(authority.secretario, authority.signing, level))) as document:
        for page in document.pages:
            for annotation in page.get("/Annots", []):
                flags = int(annotation.F)
                assert flags & 4, "printed"
                assert not flags & (1 | 2 | 32 | 256), "hidden"
        document.flatten_annotations("all")
        for page in document.pages:
            if "/Annots" in page:
                del page["/Annots"]
        for key in ("/AcroForm", "/DSS", "/Extensions"):
            if key in document.Root:
                del document.Root[key]
        flat = io.BytesIO()
        document.save(flat, deterministic_id=True)
    report = pikepdf.pdfa.validate_written(flat, "2b")
    assert report.passed, report.findings


def test_the_stamp_is_drawn_in_the_gap(authority: Authority, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(signed(authority.secretario, authority.signing, "B-B"))
    box = certificate().signature_boxes["hueco"]
    page_height = 841.89
    cut = [f"{v:.0f}" for v in (box.x1, page_height - box.y2, box.x2 - box.x1, box.y2 - box.y1)]
    text = subprocess.run(
        ["pdftotext", "-x", cut[0], "-y", cut[1], "-W", cut[2], "-H", cut[3], str(file), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Gonzalo Xavier Ñáñez Villavicencio" in text
    assert "7K3M-Q9PX-2B4H" in text


def test_a_signed_field_is_never_signed_again(authority: Authority) -> None:
    once = signed(authority.secretario, authority.signing, "B-B")
    assert field_for_person(certificate().bytes) == "hueco"
    assert field_for_person(once) is None
    twice = sign_pdf(once, authority.rector, authority.signing, level="B-B", at=NOW, field="hueco")
    verdict = verify_pdf(twice, authority.signing.trust, at=datetime.now(UTC))
    assert verdict.accepted
    assert [s.name for s in verdict.signers] == ["Gonzalo Ñáñez Villavicencio (DEMO)", "Ana Lucía Güemes (DEMO)"]


def test_an_expired_certificate_does_not_sign(authority: Authority) -> None:
    expired = authority.person("Rosa Peñafiel", since=NOW - 2 * YEAR, until=NOW - YEAR)
    with pytest.raises(SignatureRefused, match="venció el") as refusal:
        sign_pdf(certificate().bytes, expired, authority.signing, level="B-B", at=NOW)
    assert refusal.value.details["cause"] == "expired"


def test_a_certificate_that_is_not_valid_yet_does_not_sign(authority: Authority) -> None:
    early = authority.person("Rosa Peñafiel", since=NOW + YEAR, until=NOW + 2 * YEAR)
    with pytest.raises(SignatureRefused, match="recién desde"):
        sign_pdf(certificate().bytes, early, authority.signing, level="B-B", at=NOW)


@pytest.mark.parametrize(("level", "believed"), [("B-B", False), ("B-LTA", True)])
def test_after_the_certificate_expires_only_the_archival_level_is_believed(
    authority: Authority, level: Level, believed: bool
) -> None:
    soon = NOW + timedelta(days=10)
    brief = authority.person("Rosa Peñafiel", since=NOW - YEAR, until=soon)
    pdf = signed(brief, authority.signing, level)
    verdict = verify_pdf(pdf, authority.signing.trust, at=soon + timedelta(days=5))
    assert verdict.accepted is believed, verdict
    if not believed:
        assert "venció" in verdict.trust.text


def test_a_revoked_certificate_is_not_believed_and_does_not_sign_with_proof(authority: Authority) -> None:
    lost = authority.person("Tadeo Güemes")
    before = signed(lost, authority.signing, "B-B")
    assert verify_pdf(before, authority.signing.trust, at=datetime.now(UTC)).accepted
    authority.pki.revoke(lost.certificate.serial_number, NOW - timedelta(hours=1))
    trust = type(authority.signing.trust)(
        authority.signing.trust.roots,
        authority.signing.trust.intermediates,
        tuple(path.read_bytes() for path in authority.pki.folder.rglob("*.crl")),
        authority.signing.trust.demo_roots,
    )
    verdict = verify_pdf(before, trust, at=datetime.now(UTC))
    assert verdict.trust.state is State.BAD
    assert "revocado" in verdict.trust.text
    with pytest.raises(SignatureRefused, match="revocado"):
        sign_pdf(certificate().bytes, lost, authority.signing, level="B-LT", at=NOW)


def test_an_unknown_authority_is_not_believed(authority: Authority) -> None:
    pdf = signed(authority.secretario, authority.signing, "B-B")
    verdict = verify_pdf(pdf, type(authority.signing.trust)(), at=datetime.now(UTC))
    assert verdict.integrity.state is State.OK
    assert verdict.trust.state is State.UNKNOWN
    assert "no conocemos a la autoridad" in verdict.trust.text
    assert not verdict.accepted


@pytest.mark.parametrize("level", ["B-T", "B-LT", "B-LTA"])
def test_a_time_stamp_service_that_is_down_is_worth_a_retry(authority: Authority, level: Level) -> None:
    down = Signing(authority.signing.trust, None, "http://127.0.0.1:9/tsa")
    with pytest.raises(Unavailable, match="sellado de tiempo no responde"):
        sign_pdf(certificate().bytes, authority.secretario, down, level=level, at=NOW)


def test_a_level_with_time_stamp_needs_a_service(authority: Authority) -> None:
    with pytest.raises(SignatureRefused, match="CARTULARIO_TSA_URL"):
        sign_pdf(certificate().bytes, authority.secretario, Signing(), level="B-T", at=NOW)


def test_a_certificate_of_nobody_we_trust_does_not_sign_with_proof(authority: Authority) -> None:
    stranger = Signing(tsa_url=authority.signing.tsa_url)
    with pytest.raises(SignatureRefused, match="no viene de una autoridad"):
        sign_pdf(certificate().bytes, authority.secretario, stranger, level="B-LT", at=NOW)


@pytest.mark.parametrize("data", [b"", b"hola", b"%PDF-1.7\n%%EOF", certificate().bytes[:-3_000]])
def test_what_is_no_pdf_is_not_signed(authority: Authority, data: bytes) -> None:
    with pytest.raises(SignatureRefused):
        sign_pdf(data, authority.secretario, authority.signing, level="B-B", at=NOW)


def test_a_signature_made_outside_as_firmaec_makes_it_is_believed(authority: Authority) -> None:
    """adbe.pkcs7.detached, SHA-512, neither time-stamp nor revocation data, and visibly nowhere."""
    key = authority.secretario
    signer = PdfSigner(
        PdfSignatureMetadata("FirmaEC", md_algorithm="sha512", subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED),
        signer=key.signer,
        new_field_spec=SigFieldSpec("FirmaEC"),
    )
    returned = bytes(signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(certificate().bytes))).getbuffer())
    facts = check_returned(
        certificate().bytes,
        returned,
        authority.signing.trust,
        fingerprint=key.fingerprint,
        at=datetime.now(UTC),
    )
    assert (facts.level, facts.at_proved) == ("B-B", False)


def test_the_fingerprint_is_that_of_the_certificate(authority: Authority) -> None:
    der = authority.secretario.certificate.dump()
    assert authority.secretario.fingerprint == hashlib.sha256(der).hexdigest()
    assert "DEMO" in x509.load_der_x509_certificate(der).issuer.rfc4514_string()
