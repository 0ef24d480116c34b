"""The Carta for programs: the edition in force, those before it, and what is not there."""

from __future__ import annotations

import pytest

from engine.carta import apply_draft, publish_edition, read_draft, seed_edition
from tests.integration.api.conftest import Api
from tests.support.carta import first_edition
from tests.support.face import MONDAY


@pytest.mark.req("C-1", "C-50")
def test_programs_read_the_carta_and_its_editions(api: Api) -> None:
    call, first = api.caller("maria"), first_edition()
    assert call.get("/carta").status_code == 404
    with api.house.app.database.write() as conn:
        seed_edition(conn, api.house.app.config, MONDAY)
        written = {"base": 1, "mision": "Servir.", "modificaciones": "La misión."}
        second = apply_draft(first, read_draft(written, first, MONDAY.date()), MONDAY.date())
        publish_edition(conn, second, MONDAY)
    now = call.get("/carta").json
    assert (now["number"], now["sha256"], now["text"]["mision"]) == (2, second.hash, "Servir.")
    listed = call.get("/carta/editions").json["items"]
    assert [(one["number"], one["changes"]) for one in listed] == [(2, "La misión."), (1, "Documento inicial")]
    before = call.get("/carta/editions/1").json
    assert before["text"] == first.as_json()
    assert call.get("/carta/editions/3").status_code == 404
