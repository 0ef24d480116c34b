"""The services of the Carta are signed in batches as they are: their forms allow it without a word of Python."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine.batches import prepare_signing, sign_batch, signable, take_signing
from tests.integration.hard_input.test_services_away import Signer, authority, signer  # noqa: F401 - fixtures
from tests.support.pki import PIN

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # nothing here is a matter of the database


def test_a_certificate_of_the_real_service_is_signed_in_a_batch(signer: Signer) -> None:  # noqa: F811
    app, general = signer.house.app, signer.house.people["general"]
    viewer, batch_id = app.inbox.viewer(general), uuid4()
    (one,) = signable(app, viewer)
    assert one.refusal == ""
    assert one.answers is not None
    assert one.answers["decision_firma"] == "firmar"
    key = prepare_signing(app, viewer, [one.task.task_id], PIN, batch_id)
    assert sign_batch(app, batch_id, take_signing(app, batch_id), key).done == 1
