"""The form of the files exchanged with SIU-Guaraní is published for who writes them."""

import json

import pytest
from jsonschema import Draft202012Validator

from engine.actas.examen.exchange import schema
from tests.support.face import Visitor


@pytest.mark.req("R-8")
def test_anybody_may_fetch_the_schema_of_the_exchange_files(visitor: Visitor) -> None:
    answer = visitor.client.get("/esquemas/siu_guarani.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
    published = json.loads(answer.data)
    assert published == schema()
    Draft202012Validator.check_schema(published)
