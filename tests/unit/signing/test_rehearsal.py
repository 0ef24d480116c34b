"""What the waiting process does once, before any child: it goes the whole way of a real file."""

import json
import logging
from collections.abc import Iterator

import pytest

from engine.actas.examen.returned_apart import warm
from engine.signing.checked_apart import rehearse, share
from engine.signing.isolated import _shared
from engine.signing.trust import Trust


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logger = logging.getLogger("pyhanko")
    before = logger.level
    yield
    logger.setLevel(before)


def test_the_rehearsal_ends_with_a_signature_that_is_accepted() -> None:
    given = json.loads(_shared(Trust()))["rehearsal"]
    for trust in (Trust(), Trust().ready()):
        verdict = rehearse(trust, given)
        assert verdict.accepted, verdict.reasons
        assert [(signer.name, signer.revocation_checked) for signer in verdict.signers] == [("Ensayo", True)]


def test_what_the_waiting_process_is_told_breaks_nothing_even_with_a_list_that_is_none() -> None:
    share(_shared(Trust()))
    share(_shared(Trust(crls=(b"nada",))))


def test_the_readers_rehearsal_breaks_nothing() -> None:
    warm()
