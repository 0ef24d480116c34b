"""Pages of ours after a file that somebody brought: it stays byte for byte, its signatures hold, ours cover the whole."""

from __future__ import annotations

import hashlib
import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from engine.brought import Brought, rebuild_pdf
from engine.errors import SignatureRefused
from engine.signing import State, append_pages, check_returned, field_for_person, keeps_as_it_is, sign_pdf, verify_pdf
from tests.support import tampering
from tests.support.paper import certificate, stamp
from tests.support.pki import NOW, Authority, authority
from tests.support.prepared import foreign

__all__ = ["authority"]


def sealed(brought: bytes) -> bytes:
    page = certificate()
    gaps = {name: (box.page, box.x1, box.y1, box.x2, box.y2) for name, box in page.signature_boxes.items()}
    return append_pages(brought, page.bytes, gaps)


@pytest.fixture(scope="session")
def elsewhere(authority: Authority) -> bytes:
    """Signed by somebody of another office before it came to us."""
    return sign_pdf(certificate().bytes, authority.rector, authority.signing, level="B-B", at=NOW, field="hueco")


def signed_by_us(pdf: bytes, authority: Authority) -> bytes:
    field = field_for_person(pdf)
    return sign_pdf(pdf, authority.secretario, authority.signing, level="B-T", at=NOW, field=field, stamp=stamp())


@pytest.fixture(scope="session")
def issued(elsewhere: bytes) -> bytes:
    """With our page, before anybody of ours signs."""
    return sealed(elsewhere)


@pytest.fixture(scope="session")
def made(issued: bytes, authority: Authority) -> bytes:
    return signed_by_us(issued, authority)


def checked(tool: str, *arguments: str, pdf: bytes, folder: Path) -> str:
    (folder / "sellado.pdf").write_bytes(pdf)
    done = subprocess.run([tool, *arguments, folder / "sellado.pdf"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.req("C-45")
def test_what_was_brought_is_the_beginning_of_what_is_sealed(authority: Authority, tmp_path: Path) -> None:
    made = signed_by_us(sealed(foreign()), authority)
    assert made.startswith(foreign())
    assert checked("qpdf", "--check", pdf=made, folder=tmp_path)
    with pikepdf.open(io.BytesIO(made)) as document:
        assert len(document.pages) == 2


@pytest.mark.req("C-19", "C-45")
def test_the_signatures_that_it_brought_hold_for_their_revision_and_ours_for_the_whole(
    authority: Authority, made: bytes, tmp_path: Path
) -> None:
    told = checked("pdfsig", "-nocert", pdf=made, folder=tmp_path).split("Signature #")[1:]
    assert len(told) == 2
    assert all("Signature Validation: Signature is Valid." in one for one in told)
    assert "Not total document signed" in told[0]  # said so, and rightly: pages of ours follow
    assert "Total document signed" in told[1]
    verdict = verify_pdf(made, authority.signing.trust, original=made, at=NOW)
    assert verdict.accepted
    assert "Nos llegó firmado por" in verdict.changes.text


def test_who_signed_before_us_is_named_apart_from_those_who_vouch(authority: Authority, made: bytes) -> None:
    verdict = verify_pdf(made, authority.signing.trust, original=made, at=NOW)
    names = [one.name for one in verdict.signers]
    assert len(names) == 2
    assert names[0] not in verdict.trust.text
    assert names[1] in verdict.trust.text


def test_without_our_archive_to_vouch_for_the_pages_the_addition_is_reported(authority: Authority, made: bytes) -> None:
    assert verify_pdf(made, authority.signing.trust, at=NOW).changes.state is State.BAD


@pytest.mark.parametrize("tamper", tampering.AFTER, ids=lambda one: one.__name__)
def test_what_is_done_to_it_after_we_issued_it_is_found(
    tamper: tampering.Tampering, authority: Authority, made: bytes
) -> None:
    changed = tamper(made)
    verdict = verify_pdf(changed, authority.signing.trust, original=made, at=NOW)
    assert not verdict.accepted, verdict.answers


@pytest.mark.parametrize("tamper", tampering.BEFORE, ids=lambda one: one.__name__)
def test_nobody_slips_anything_in_before_the_signature(
    tamper: tampering.Tampering, authority: Authority, issued: bytes
) -> None:
    returned = signed_by_us(tamper(issued), authority)
    fingerprint = hashlib.sha256(authority.secretario.certificate.dump()).hexdigest()
    with pytest.raises(SignatureRefused):
        check_returned(issued, returned, authority.signing.trust, fingerprint=fingerprint, at=NOW)


@pytest.mark.parametrize("name", ["Signature1", "agregado_hueco"])
def test_we_sign_in_our_gap_and_never_in_one_that_was_brought(name: str, authority: Authority) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(foreign())) as document:
        page = document.pages[0].obj
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(name), Rect=Array([0, 0, 9, 9]))
        field.P = page
        made = document.make_indirect(field)
        page.Annots = Array([made])
        document.Root.AcroForm = Dictionary(Fields=Array([made]))
        document.save(out)
    issued = sealed(out.getvalue())
    ours = field_for_person(issued)
    assert ours not in (None, name)
    returned = signed_by_us(issued, authority)
    fingerprint = hashlib.sha256(authority.secretario.certificate.dump()).hexdigest()
    assert check_returned(issued, returned, authority.signing.trust, fingerprint=fingerprint, at=NOW).intact


def test_a_file_that_bears_no_addition_is_told(authority: Authority) -> None:
    assert keeps_as_it_is(foreign()) is None
    for careless in (tampering.rubbish_after_the_end, tampering.encrypted, tampering.cut_short):
        assert keeps_as_it_is(careless(certificate().bytes))


def test_a_file_in_which_two_readers_may_see_two_documents_is_not_added_to() -> None:
    """Hybrid cross-references (ISO 32000-1, 7.5.8.4), as some word processors still write them."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<<>>>>",
    ]
    data, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%b endobj\n" % (number, body)
    hidden = len(data)
    row = b"\x01" + hidden.to_bytes(3, "big") + b"\0"
    data += b"4 0 obj<</Type/XRef/Size 5/W[1 3 1]/Index[4 1]/Length 5>>stream\n" + row + b"\nendstream endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"xref\n0 4\n0000000000 65535 f \n" + table
    data += b"trailer<</Size 5/Root 1 0 R/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n" % (hidden, data.rindex(b"xref\n0 4"))
    assert keeps_as_it_is(data) == "hybrid cross-references"
    assert keeps_as_it_is(rebuild_pdf(Brought(data, "application/pdf"))) is None
