from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.config import ROOT
from tests.support.face import PASSWORD, House, Visitor
from web.sign_in.lost_form import NOT_KEPT


def test_a_person_enters_and_returns_to_the_page_that_asked(visitor: Visitor) -> None:
    assert visitor.open("/tramites").location == "/ingresar?volver=/tramites"
    assert visitor.sign_in("maria", back="/tramites").location == "/tramites"
    assert visitor.open("/tramites").status_code == 200


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(visitor: Visitor, away: str) -> None:
    assert visitor.sign_in("maria", back=away).location == "/servicios"


def test_an_unknown_user_and_a_wrong_password_read_the_same(visitor: Visitor) -> None:
    unknown = visitor.send("/ingresar", {"usuario": "nadie", "clave": PASSWORD})
    wrong = visitor.send("/ingresar", {"usuario": "maria", "clave": "otra cosa larga"})
    assert unknown.status_code == wrong.status_code == 422
    said = "El usuario o la contraseña no son correctos."
    assert said in unknown.text
    assert said in wrong.text


def test_ten_wrong_passwords_for_one_user_are_followed_by_a_pause(visitor: Visitor) -> None:
    answers = [visitor.send("/ingresar", {"usuario": "maria", "clave": "no es"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    refused = visitor.send("/ingresar", {"usuario": "maria", "clave": PASSWORD})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "Demasiados intentos" in refused.text


def test_the_staff_arrive_at_their_inbox(visitor: Visitor) -> None:
    assert visitor.sign_in("rosa").location == "/bandeja"


def test_leaving_ends_the_session_on_the_server_too(house: House, maria: Visitor) -> None:
    cookie = maria.client.get_cookie("cartulario")
    assert cookie is not None
    assert maria.send("/salir").status_code == 302
    other = house.visitor()
    other.client.set_cookie("cartulario", cookie.value)
    assert other.open("/tramites").location == "/ingresar?volver=/tramites"


def test_a_session_is_listed_and_can_be_closed_from_another(house: House, maria: Visitor) -> None:
    phone = house.enter("maria")
    page = maria.open("/cuenta").text
    closing = [part.split('"')[0] for part in page.split('action="')[1:] if "/cerrar" in part.split('"')[0]]
    assert len(closing) == 1  # its own cannot be closed by mistake
    assert maria.send(closing[0]).status_code == 302
    assert phone.open("/cuenta").location == "/ingresar?volver=/cuenta"
    assert maria.open("/cuenta").status_code == 200


def test_a_session_of_somebody_else_cannot_be_closed(house: House, maria: Visitor) -> None:
    tadeo = house.enter("tadeo")
    maria_again = house.enter("maria")
    page = maria_again.open("/cuenta").text
    closing = next(part.split('"')[0] for part in page.split('action="')[1:] if "/cerrar" in part.split('"')[0])
    assert tadeo.send(closing).status_code == 404
    assert maria.open("/cuenta").status_code == 200


def test_a_session_ends_by_itself(house: House, maria: Visitor) -> None:
    house.clock.advance(timedelta(hours=house.app.config.session_hours, seconds=1))
    assert maria.open("/tramites").location == "/ingresar?volver=/tramites"


def test_a_form_sent_after_the_session_ended_is_there_after_signing_in(house: House, maria: Visitor) -> None:
    draft = maria.begin()
    house.clock.advance(timedelta(hours=11))
    answer = maria.send(draft, {"destino": "Embajada de Portugal", "_pagina": draft})
    assert answer.location == f"/ingresar?volver={draft}"
    assert "lo que escribió está guardado" in maria.open(answer.location).text
    assert maria.sign_in("maria", back=draft).location == draft
    assert "Embajada de Portugal" in maria.open(draft).text


def test_a_lost_form_is_not_given_to_the_next_person_on_the_same_computer(house: House, maria: Visitor) -> None:
    draft = maria.begin()
    house.clock.advance(timedelta(hours=11))
    maria.send(draft, {"destino": "Embajada de Portugal", "_pagina": draft})
    maria.sign_in("tadeo", back=draft)
    assert "Embajada de Portugal" not in maria.open(maria.begin()).text


def test_a_token_for_programs_is_shown_once(maria: Visitor) -> None:
    page = maria.send("/cuenta/accesos", {"name": "tablero de la facultad", "days": "90"}).text
    assert "cartulario_" in page
    again = maria.open("/cuenta").text
    assert "tablero de la facultad" in again
    assert "cartulario_" not in again
    ending = next(part.split('"')[0] for part in again.split('action="')[1:] if "/anular" in part.split('"')[0])
    maria.send(ending)
    assert "tablero de la facultad" not in maria.open("/cuenta").text


def test_a_token_without_a_name_says_what_is_missing(maria: Visitor) -> None:
    answer = maria.send("/cuenta/accesos", {"name": "", "days": "90"})
    assert answer.status_code == 422
    assert "Ponga un nombre" in answer.text


def test_a_new_password_asks_for_the_old_one_and_closes_the_other_sessions(house: House, maria: Visitor) -> None:
    other = house.enter("maria")
    wrong = maria.send("/cuenta/contrasena", {"current": "no es esta", "password": "otra frase bien larga"})
    assert wrong.status_code == 422
    right = maria.send("/cuenta/contrasena", {"current": PASSWORD, "password": "otra frase bien larga"})
    assert right.status_code == 302
    assert maria.open("/cuenta").status_code == 200
    assert other.open("/cuenta").status_code == 302


def test_language_colours_and_density_are_kept(maria: Visitor) -> None:
    assert '<html lang="es"' in maria.open("/cuenta").text
    maria.send("/cuenta/apariencia", {"tema": "oscuro", "densidad": "compacta", "idioma": "en"})
    page = maria.open("/cuenta").text
    assert '<html lang="en" data-theme="dark" data-density="compact">' in page
    assert "Sign out" in page


def test_a_stranger_changes_the_language_and_stays_on_the_page(visitor: Visitor) -> None:
    answer = visitor.open("/idioma/en?volver=/verificar")
    assert answer.location == "/verificar"
    assert '<html lang="en"' in visitor.open("/verificar").text
    assert visitor.open("/idioma/xx").status_code == 404


def test_no_secret_that_a_form_asks_for_is_kept_when_the_session_has_ended() -> None:
    """Nor in the database, nor in a backup of it."""
    asked = set()
    for page in (ROOT / "web" / "templates").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        asked |= set(re.findall(r'text_field\("(\w+)"[^\n]*type="password"', text))
        asked |= {
            name
            for tag in re.findall(r"<input[^>]*type=\"password\"[^>]*>", text)
            for name in re.findall(r'name="(\w+)"', tag)
        }
    assert {"clave", "current", "password", "pin"} <= asked
    assert asked <= NOT_KEPT
