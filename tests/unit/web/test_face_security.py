from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from engine.config import Config
from tests.support.face import House, Visitor
from web.security import secret_key

PAGES = ("/servicios", "/servicios/solicitar_certificacion", "/ingresar", "/verificar", "/ayuda", "/accesibilidad")
OWN_PAGES = ("/tramites", "/documentos", "/cuenta")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_a_policy_without_inline_or_foreign_code(visitor: Visitor, path: str) -> None:
    answer = visitor.open(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES + OWN_PAGES)
def test_no_page_holds_inline_script_or_style(house: House, maria: Visitor, path: str) -> None:
    page = maria.open(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert not re.search(r'(src|href)="https?://', page.replace("https://www.w3.org", ""))


def test_what_a_person_sees_is_kept_by_no_cache(maria: Visitor) -> None:
    assert maria.open("/tramites").headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused_with_a_page(maria: Visitor) -> None:
    answer = maria.client.post("/cuenta/accesos", data={"name": "x", "days": "90"})
    assert answer.status_code == 400
    assert "Esta página venció" in answer.text
    assert "cartulario_" not in maria.open("/cuenta").text


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor) -> None:
    visitor.open("/ingresar")
    answer = visitor.send("/ingresar", {"usuario": "maria", "clave": "no"})
    cookie = " ".join(answer.headers.getlist("Set-Cookie")) or " ".join(
        visitor.client.get("/ingresar").headers.getlist("Set-Cookie")
    )
    kept = visitor.client.get_cookie("cartulario")
    assert kept is not None
    assert kept.http_only
    assert kept.same_site == "Lax"
    assert "cartulario" in cookie or kept


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path)
    first = secret_key(config)
    assert len(first) == 64
    assert secret_key(config) == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_the_hashed_assets_are_kept_for_a_year(visitor: Visitor) -> None:
    address = re.search(r'href="(/static/build/main-[^"]+\.css)"', visitor.open("/ingresar").text)
    assert address
    assert "immutable" in visitor.open(address[1]).headers["Cache-Control"]


def test_health_answers_without_a_session(visitor: Visitor) -> None:
    answer = visitor.open("/salud")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok"}


def test_a_browser_finds_the_icon_where_it_looks_for_it(visitor: Visitor) -> None:
    assert visitor.open("/favicon.ico").location.startswith("/static/build/favicon-")
