"""What the waiting process does once, before any child: it goes the whole way of a real file."""

from engine.actas.examen.returned_apart import warm
from engine.signing.rehearsal import rehearse


def test_the_rehearsal_ends_with_a_signature_that_is_accepted() -> None:
    verdict = rehearse()
    assert verdict.accepted, verdict.reasons
    assert [signer.name for signer in verdict.signers] == ["Ensayo"]


def test_the_readers_rehearsal_breaks_nothing() -> None:
    warm()
