"""No account fills the archive: how fast a person sends has a bound, and so has what they hand in with nothing."""

from __future__ import annotations

import io
from uuid import uuid4

from werkzeug.test import TestResponse

from engine.documents import OF_A_PERSON
from tests.integration.api.conftest import ANSWERS, Api, Caller
from web.api.limits import limiter


def send(caller: Caller) -> TestResponse:
    headers = {"Authorization": f"Bearer {caller.token}"}
    data = {"file": (io.BytesIO(b"hola\n"), "nota.txt")}
    return caller.client.post("/api/v1/uploads", headers=headers, data=data)


def test_what_a_person_sends_by_the_api_has_a_bound_in_a_minute_and_another_until_it_is_handed_in(api: Api) -> None:
    maria = api.caller("maria")
    sent = [send(maria) for _ in range(OF_A_PERSON.files)]
    assert {one.status_code for one in sent} == {201}
    assert (send(maria).status_code, send(maria).json["title"]) == (429, "too_many")
    assert send(api.caller("tadeo")).status_code == 201
    limiter.reset()
    told = send(maria)
    assert (told.status_code, told.json["title"]) == (429, "too_many_uploads")
    asked = {"process": "solicitar_certificacion", "request_id": str(uuid4())}
    assert maria.post("/cases", {**asked, "answers": {**ANSWERS, "adjuntos": [sent[0].json["id"]]}}).status_code == 201
    assert send(maria).status_code == 201
