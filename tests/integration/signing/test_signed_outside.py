"""What comes back signed by somebody else's program: kept for ever when it is right, refused when it is not (R-9, R-47)."""

from __future__ import annotations

import io
import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pikepdf
import pytest

from engine.errors import SignatureRefused
from engine.inbound.sign_outside import ReturnSigned, return_signed
from engine.people import update_person
from engine.signing import State, add_pkcs12, preserve, stamped_until, verify_pdf
from engine.storage.tables import document, signing_key
from tests.support.batch_office import BatchOffice, open_batch_office
from tests.support.outside_signer import sign_outside
from tests.support.paper import certificate
from tests.support.pki import NOW, PIN, Authority

DAY = timedelta(days=1)


def key(authority: Authority, name: str = "Autoridad", identity: str | None = "0912345675", **dates) -> bytes:  # type: ignore[no-untyped-def]
    return authority.pki.person_pkcs12(name, identity, PIN, **dates)


@pytest.mark.req("R-9", "R-47")
def test_a_strangers_signature_is_kept_so_that_it_can_be_checked_after_its_certificate_expired(
    authority: Authority, tmp_path: Path
) -> None:
    issued = certificate().bytes
    returned = sign_outside(issued, key(authority, until=NOW + 10 * DAY), PIN, NOW)
    assert returned.startswith(issued)
    kept = preserve(returned, authority.signing)
    assert kept.startswith(returned)
    trust, later = authority.signing.trust, NOW + 15 * DAY
    assert verify_pdf(returned, trust, original=issued, at=NOW).accepted
    assert not verify_pdf(returned, trust, original=issued, at=later).accepted
    after = verify_pdf(kept, trust, original=issued, at=later)
    assert after.accepted, after
    assert after.signers[0].level == "B-LTA"
    (tmp_path / "kept.pdf").write_bytes(kept)
    told = subprocess.run(["pdfsig", tmp_path / "kept.pdf"], capture_output=True, text=True, check=False).stdout
    assert "adbe.pkcs7.detached" in told
    assert "Signature is Valid" in told
    subprocess.run(["qpdf", "--check", tmp_path / "kept.pdf"], check=True, capture_output=True)


@pytest.mark.req("R-53")
def test_what_is_kept_is_renewed_as_often_as_needed(authority: Authority) -> None:
    returned = sign_outside(certificate().bytes, key(authority), PIN, NOW)
    assert stamped_until(returned) is None
    once = preserve(returned, authority.signing)
    twice = preserve(once, authority.signing)
    assert twice.startswith(once)
    assert stamped_until(twice) is not None
    verdict = verify_pdf(twice, authority.signing.trust, original=once, at=NOW)
    assert verdict.accepted
    assert verdict.changes.state is State.OK


@pytest.mark.req("R-9")
def test_a_weak_algorithm_is_refused_whoever_signs(authority: Authority, tmp_path: Path) -> None:
    """MuPDF signs with SHA-1."""
    given, made, p12 = tmp_path / "given.pdf", tmp_path / "made.pdf", tmp_path / "key.p12"
    given.write_bytes(certificate().bytes)
    p12.write_bytes(key(authority))
    with pikepdf.open(given) as pdf:
        number = pdf.Root.AcroForm.Fields[0].objgen[0]
    sign = ["mutool", "sign", "-s", p12, "-P", PIN, "-o", made, given, str(number)]
    subprocess.run(sign, check=True, capture_output=True)
    verdict = verify_pdf(made.read_bytes(), authority.signing.trust, original=given.read_bytes(), at=NOW)
    assert not verdict.accepted
    assert "algoritmo" in verdict.trust.text


@pytest.fixture
def office(database_url: str, tmp_path: Path, authority: Authority):  # type: ignore[no-untyped-def]
    with open_batch_office(database_url, tmp_path / "data", authority.pki) as opened:
        opened.start(1)
        yield opened


def _issued(office: BatchOffice) -> bytes:
    (row,) = [r for r in office.all(document.select()) if r.kind == "draft"]
    return office.app.archive.get(row.sha256)


def _return(office: BatchOffice, data: bytes, name: str = "constancia.pdf", request_id: UUID | None = None) -> None:
    (task_id,) = office.open_tasks("firmar")
    answers = {"decision": "firmar"}
    command = ReturnSigned(task_id, office.people["general"], name, data, answers, request_id=request_id or uuid4())
    return_signed(command, office.app)


def _identify(office: BatchOffice, identity: str) -> None:
    with office.app.database.write() as conn:
        update_person(conn, office.people["general"], identity_kind="cedula", identity_number=identity)


@pytest.mark.req("R-9", "R-43")
def test_the_person_whose_task_it_is_signs_outside_and_the_task_is_done_with_the_proof(
    office: BatchOffice, authority: Authority
) -> None:
    _identify(office, "0912345675")
    request, issued = uuid4(), _issued(office)
    returned = sign_outside(issued, key(authority), PIN, office.app.clock.now())
    _return(office, returned, request_id=request)
    (made,) = office.issued()
    data = office.app.archive.get(made.sha256)
    assert data.startswith(returned)
    assert made.signatures[0]["level"] == "B-LTA"
    assert office.open_tasks("firmar") == []
    report = next(r for r in office.all(document.select()) if r.name.endswith(".validacion.json"))
    assert b'"accepted": true' in office.app.archive.get(report.sha256)


@pytest.mark.req("R-9")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_registered_certificate_that_says_no_number_is_its_owners(office: BatchOffice, authority: Authority) -> None:
    nameless, who = key(authority, "Fiorella D'Angelo", None), office.people["general"]
    with office.app.database.write() as conn:
        conn.execute(signing_key.delete())
        add_pkcs12(conn, who, nameless, PIN, "Firma", office.app.clock.now())
    _return(office, sign_outside(_issued(office), nameless, PIN, office.app.clock.now()))
    assert len(office.issued()) == 1


@pytest.mark.req("R-9", "R-47")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_comes_back_wrong_is_refused_with_the_reason_and_the_task_stays(
    office: BatchOffice, authority: Authority
) -> None:
    _identify(office, "0912345675")
    issued, now = _issued(office), office.app.clock.now()
    good = sign_outside(issued, key(authority), PIN, now)
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(issued)) as pdf:
        pdf.docinfo["/Title"] = "Otra cosa"
        pdf.save(changed)
    wrong = {
        "no trae ninguna firma nueva": issued,
        "lo firmó Otra Persona": sign_outside(issued, key(authority, "Otra Persona", "1700000019"), PIN, now),
        "no se acepta": sign_outside(changed.getvalue(), key(authority), PIN, now),
        "fue alterado|no se acepta": good.replace(b"%%EOF", b"%%EOF\nalgo mas", 1),
        "no se acepta. ": b"esto no es un PDF",
    }
    for said, data in wrong.items():
        with pytest.raises(SignatureRefused, match=said):
            _return(office, data)
    assert office.issued() == []
    assert len(office.open_tasks("firmar")) == 1
    _return(office, good)


@pytest.mark.req("R-9", "R-47")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_certificate_revoked_meanwhile_is_refused(office: BatchOffice, authority: Authority) -> None:
    _identify(office, "0912345675")
    p12 = key(authority)
    returned = sign_outside(_issued(office), p12, PIN, office.app.clock.now())
    serial = verify_pdf(returned, authority.signing.trust, original=None, at=NOW).signers[0].serial
    authority.pki.revoke(int(serial, 16))
    with pytest.raises(SignatureRefused):
        _return(office, returned)
    assert office.issued() == []
