"""Hard input over HTTP: each thing refused with its sentence, nothing of what was typed lost, never a fault."""

from __future__ import annotations

import io
import re
from html import unescape
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.integration.hard_input.front_desk import FrontDesk

GOOD = {
    "productos": "certificado_institucional",
    "tipo": "matricula",
    "destino": "Universidad de Cuenca",
    "declaracion": "1",
}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF"


def words(answer: TestResponse) -> str:
    """The text of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def post(client: FlaskClient, address: str, fields: dict[str, object]) -> TestResponse:
    return client.post(address, data=fields, content_type="multipart/form-data")


BAD_ANSWERS = (
    ("destino", "Cuenca\x00", "caracteres de control"),
    ("destino", "Cuenca \u202efdp.exe", "orden de lectura"),
    ("destino", "x" * 201, "no más de 200 caracteres"),
    ("destino", "x" * 70_000, "demasiado largo"),
    ("rol", "administrador", "Este formulario no tiene ese campo"),
    ("typename", "datetime", "«typename» no se admite"),
    ("productos", "todos", "esa opción no está en la lista"),
    ("adjuntos", str(uuid4()), "uno de los archivos ya no está"),
)


def test_a_bad_answer_is_refused_by_its_name_and_the_rest_is_shown_again(desk: FrontDesk) -> None:
    client = desk.client("maria")
    address = desk.draft_of(client)
    for field, value, said in BAD_ANSWERS:
        answer = post(client, address, GOOD | {field: value})
        assert answer.status_code == 422
        assert said in words(answer), (field, value)
        assert field == "destino" or 'value="Universidad de Cuenca"' in answer.get_data(as_text=True)


def test_fifty_megabytes_are_refused_and_the_answers_stay(desk: FrontDesk) -> None:
    client = desk.client("maria")
    address = desk.draft_of(client)
    answer = post(
        client, address, GOOD | {"adjuntos": (io.BytesIO(b"%PDF-1.4" + b"0" * 50 * 1024 * 1024), "tesis.pdf")}
    )
    assert answer.status_code in (413, 422)
    assert "10 MB" in words(answer)
    assert 'value="Universidad de Cuenca"' in client.get(address).get_data(as_text=True)


def test_a_pdf_that_says_it_is_a_word_document_is_refused(desk: FrontDesk) -> None:
    client = desk.client("maria")
    answer = post(client, desk.draft_of(client), GOOD | {"adjuntos": (io.BytesIO(PDF), "cedula.docx")})
    assert answer.status_code == 422
    assert "por dentro es un PDF" in words(answer)


def test_the_second_submit_of_a_page_finds_the_case_of_the_first(desk: FrontDesk) -> None:
    client = desk.client("maria")
    address = desk.draft_of(client)
    assert post(client, address, GOOD).location == f"{address}/revisar"
    first, second = client.post(f"{address}/enviar"), client.post(f"{address}/enviar")
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    assert client.get(first.location).status_code == 200
    assert words(client.get("/tramites")).count("SG-2026-") == words(client.get("/tramites")).count("SG-2026-000001")


def test_a_stale_page_says_who_was_first_and_shows_what_was_written(desk: FrontDesk) -> None:
    task = desk.open_task(desk.start().case_id)
    client, address = desk.client("rosa"), f"/bandeja/{task}/completar"
    first = client.post(address, data={"admision": "admitir", "fuente_registro": "sistema", "request_id": str(uuid4())})
    late = client.post(
        address,
        data={"admision": "devolver", "motivo_admision": "Falta la copia de la cédula", "request_id": str(uuid4())},
    )
    assert first.status_code == 303
    assert late.status_code == 409
    assert "ya la completó Rosa" in words(late)
    assert "Falta la copia de la cédula" in words(late)


def test_a_session_lost_in_the_middle_of_a_form_loses_nothing(desk: FrontDesk) -> None:
    client = desk.client("maria")
    address = desk.draft_of(client)
    client.get(address)
    with client.session_transaction() as session:
        session["person_id"] = str(desk.people["maria"])
        session["_user_id"] = "caducada"
    sent = client.post(address, data=GOOD | {"_pagina": address})
    assert sent.status_code == 302
    assert sent.location.startswith("/ingresar")
    with desk.client("maria").session_transaction() as fresh:
        token = fresh["_user_id"]
    with client.session_transaction() as session:
        assert session["lost"] is True
        session["_user_id"] = token
    assert 'value="Universidad de Cuenca"' in client.get(address).get_data(as_text=True)


ADDRESSES = (
    "/tramites/%00",
    "/tramites/SG-2026-000001%00",
    "/casos/%00",
    "/casos?proceso=%00",
    "/casos?tras=%00",
    "/casos?q=%00",
    "/casos?q=NEAR(%22",
    "/casos?desde=9999-12-31&hasta=9999-12-31",
    "/bandeja?q=%00&dato.x=%00&orden=-dato.x,%00",
    "/bandeja?desde=basura",
    "/tramites?pagina=99999999999999999999",
    "/tramites?pagina=-1",
    "/servicios/%00/solicitud",
    "/verificar/%00",
    "/verificar/" + "A" * 3_000,
    "/v/%E2%80%AE",
    "/solicitudes/no-es-un-uuid",
    "/bandeja/00000000-0000-0000-0000-000000000000",
    "/" + "../" * 30 + "etc/passwd",
    "/static/build/..%2f..%2f..%2fapp.py",
)


def test_a_hostile_address_is_never_a_fault(desk: FrontDesk) -> None:
    for client in (desk.client("rosa"), desk.client("maria"), desk.client("auditora")):
        for address in ADDRESSES:
            answer = client.get(address)
            assert answer.status_code < 500, address
            assert "Traceback" not in answer.get_data(as_text=True)


FIELDS: tuple[tuple[str | None, str, dict[str, str]], ...] = (
    (None, "/ingresar", {"usuario": "a\x00b", "clave": "\x00"}),
    (None, "/ingresar", {"usuario": "a" * 100_000, "clave": "b" * 100_000}),
    (None, "/verificar", {"codigo": "\x00\u202e" * 20}),
    ("maria", "/cuenta/accesos", {"name": "a\x00", "days": "9" * 6_000}),
    ("maria", "/cuenta/accesos", {"name": "a", "days": "²"}),
    ("maria", "/cuenta/contrasena", {"current": "\x00", "password": "\x00" * 30}),
    ("maria", "/cuenta/apariencia", {"tema": "\r\nSet-Cookie: x=1", "idioma": "../../x"}),
    ("rosa", "/bandeja/vistas", {"name": "a\x00"}),
    ("rosa", "/bandeja/masivo", {"t": "no-es-uuid", "accion": "tomar"}),
    ("rosa", "/bandeja/masivo", {"t": str(uuid4()), "accion": "completar"}),
)


def test_a_hostile_field_is_never_a_fault(desk: FrontDesk) -> None:
    for who, address, fields in FIELDS:
        answer = desk.client(who).post(address, data=fields)
        assert answer.status_code < 500, (address, fields)
        assert "Set-Cookie: x=1" not in str(answer.headers)


def test_a_witness_file_of_a_hundred_thousand_levels_is_not_a_seal(desk: FrontDesk) -> None:
    fields = {"sello": (io.BytesIO(b"[" * 100_000), "sello.json")}
    answer = post(desk.client("auditora"), "/auditoria/sellos/comparar", fields)
    assert answer.status_code == 422
    assert "no es un sello" in words(answer)


ELSEWHERE = ("//malo.example", "https://malo.example", "/\\malo.example", "/\t/malo.example", "javascript:1")


def test_the_door_leads_to_no_other_site(desk: FrontDesk) -> None:
    for target in ELSEWHERE:
        for client, address in ((desk.client("maria"), "/ingresar"), (desk.client(), "/idioma/en")):
            location = client.get(address, query_string={"volver": target}).location
            assert location in ("/", "/servicios", "/bandeja")


def test_without_its_token_a_form_changes_nothing(desk: FrontDesk) -> None:
    case = desk.start()
    desk.face.config.update(WTF_CSRF_ENABLED=True)
    answer = desk.client("maria").post(f"/tramites/{case.number}/retirar", data={"motivo": "ajeno"})
    assert answer.status_code == 400
    assert desk.open_task(case.case_id)


def test_every_answer_carries_the_headers_that_protect_it(desk: FrontDesk) -> None:
    for who, address in (
        (None, "/ingresar"),
        ("maria", "/tramites"),
        ("maria", "/no-existe"),
        (None, "/verificar/%00"),
    ):
        headers = desk.client(who).get(address).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        if who:
            assert headers["Cache-Control"] == "no-store"
