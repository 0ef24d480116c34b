"""What added signature fields draw: a forged picture is refused, a signer's own stamp stays in the place left for it (R-9).

The widely known attacks: a field that nobody signs over the text, a script in an invisible one, a signer's stamp that
covers the page. None breaks a signature, and each makes the page say something else.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from engine.errors import SignatureRefused
from engine.signing import State, check_returned, sign_pdf, verify_pdf
from engine.signing.widgets import Place, empty_places
from tests.support.outside_signer import sign_outside
from tests.support.paper import certificate
from tests.support.pki import NOW, PIN, Authority
from tests.support.stamps import (
    NOWHERE,
    OVER_THE_TEXT,
    Box,
    field_laid_over,
    field_that_acts,
    field_with_anothers_signature,
    stamped,
)

FORGERIES = (field_laid_over, field_that_acts)


def sealed(authority: Authority, pdf: bytes) -> bytes:
    return sign_pdf(pdf, authority.secretario, authority.signing, level="B-B", at=NOW, field="hueco")


def place_left(pdf: bytes) -> Box:
    places = empty_places(PdfFileReader(io.BytesIO(pdf)).get_historical_resolver(0))
    assert places
    left, bottom, right, top = (round(n) for n in places[0].box)
    return left, bottom, right, top


@pytest.mark.req("R-9")
@pytest.mark.parametrize("known", [True, False], ids=["known", "stranger"])
@pytest.mark.parametrize("forge", [*FORGERIES, field_with_anothers_signature], ids=lambda f: f.__name__)
def test_a_field_laid_over_a_signed_file_without_any_key_is_refused(
    authority: Authority, forge: Callable[[bytes], bytes], known: bool
) -> None:
    final = sealed(authority, certificate().bytes)
    verdict = verify_pdf(forge(final), authority.signing.trust, original=final if known else None, at=NOW)
    assert not verdict.accepted, verdict
    assert State.BAD in (verdict.changes.state, verdict.integrity.state), verdict
    assert verdict.summary.startswith("No confíe")


@pytest.mark.req("R-9", "R-47")
@pytest.mark.parametrize("forge", FORGERIES, ids=lambda f: f.__name__)
def test_a_field_laid_over_what_we_issued_before_it_was_signed_is_refused(
    authority: Authority, forge: Callable[[bytes], bytes]
) -> None:
    issued = certificate().bytes
    returned = sealed(authority, forge(issued))
    with pytest.raises(SignatureRefused, match="agregó contenido"):
        check_returned(issued, returned, authority.signing.trust, fingerprint=authority.secretario.fingerprint, at=NOW)


@pytest.mark.req("R-43", "R-47")
def test_a_signers_own_stamp_may_lie_in_the_place_left_for_it_or_be_invisible(authority: Authority) -> None:
    issued = certificate().bytes
    left, bottom, right, top = place_left(issued)
    person = authority.secretario
    for box in ((left + 4, bottom + 4, right - 20, top - 10), (left - 10, bottom - 10, right, top), NOWHERE):
        returned = stamped(issued, person, box)
        facts = check_returned(issued, returned, authority.signing.trust, fingerprint=person.fingerprint, at=NOW)
        assert facts.fingerprint == person.fingerprint


@pytest.mark.req("R-43", "R-47")
def test_a_signers_stamp_over_the_document_is_refused_with_what_to_do(authority: Authority) -> None:
    issued = certificate().bytes
    returned = stamped(issued, authority.secretario, OVER_THE_TEXT)
    with pytest.raises(SignatureRefused, match="dentro del recuadro, o sin sello visible"):
        check_returned(issued, returned, authority.signing.trust, fingerprint=authority.secretario.fingerprint, at=NOW)


@pytest.mark.req("R-9")
def test_nobody_with_a_key_of_their_own_covers_what_we_issued(authority: Authority) -> None:
    final = sealed(authority, certificate().bytes)
    verdict = verify_pdf(
        stamped(final, authority.rector, OVER_THE_TEXT), authority.signing.trust, original=final, at=NOW
    )
    assert not verdict.accepted
    added = verify_pdf(stamped(final, authority.rector, NOWHERE), authority.signing.trust, original=final, at=NOW)
    assert added.accepted
    assert added.summary == "Es nuestro documento, con firmas que alguien le agregó después. Vale el original."


def test_papers_of_others_may_carry_several_stamps(authority: Authority) -> None:
    once = stamped(certificate().bytes, authority.rector, (60, 60, 200, 110))
    twice = sign_outside(once, authority.pki.person_pkcs12("Otra", "1700000019", PIN), PIN, NOW)
    assert verify_pdf(twice, authority.signing.trust, at=NOW).accepted


def test_a_place_holds_a_stamp_that_leaves_it_by_a_hands_breadth() -> None:
    place = Place(0, (100, 100, 300, 160))
    assert place.holds(Place(0, (90, 95, 310, 170)))
    assert not place.holds(Place(0, (80, 95, 310, 170)))
    assert not place.holds(Place(1, (100, 100, 300, 160)))
