"""The requester's part of the main job in a real browser, on a desktop's and on a phone's screen, and without script."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.face import PASSWORD, House, a_pdf, complete, furnish, open_house
from tests.support.served import check_page, listen, served
from tests.support.smtp import SmtpServer


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    file = Path(shutil.copy(sqlite_template, folder / "furnished.db"))
    house = open_house(f"sqlite:///{file}", folder)
    furnish(house)
    house.app.close()
    return file


@pytest.fixture
def house(furnished: Path, tmp_path: Path) -> Iterator[House]:
    with SmtpServer() as smtp:
        file = shutil.copy(furnished, tmp_path / "cartulario.db")
        made = open_house(f"sqlite:///{file}", tmp_path, smtp.port)
        yield made
        made.app.close()


@pytest.fixture
def site(house: House) -> Iterator[str]:
    with served(house.flask) as address:
        yield address


def sign_in(page: Page, username: str = "maria") -> None:
    page.fill("#usuario", username)
    page.fill("#clave", PASSWORD)
    page.click("main button.primary")


def answer_the_form(page: Page) -> None:
    page.check("input[name=productos][value=certificado_institucional]", force=True)
    page.check("input[name=tipo][value=matricula]", force=True)
    page.fill("input[name=destino]", "Universidad de Cuenca, Maestría en Gestión Integral de Cuencas Hidrográficas")
    page.check("input[name=declaracion]")


def test_a_request_from_the_catalogue_to_its_status(page: Page, site: str) -> None:
    complaints = listen(page)
    page.goto(f"{site}/servicios")
    check_page(page)
    page.click("a.button.primary")
    check_page(page)
    sign_in(page)
    check_page(page)
    page.click("form.form button.primary:visible")
    expect(page.locator(".error-summary")).to_be_focused()
    check_page(page)
    answer_the_form(page)
    page.set_input_files(
        "input[name=adjuntos]", {"name": "cédula anverso.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    )
    page.click("form.form button.primary:visible")
    page.wait_for_url("**/revisar")
    expect(page.get_by_text("Universidad de Cuenca")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Enviar la solicitud").click()
    expect(page.get_by_role("heading", name="Recibimos su solicitud")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Ver mi trámite").click()
    expect(page.get_by_text("Estamos revisando su solicitud").first).to_be_visible()
    check_page(page)
    page.goto(f"{site}/tramites")
    check_page(page)
    assert complaints == []


def test_a_return_is_answered_and_a_request_withdrawn(page: Page, site: str, house: House) -> None:
    complaints = listen(page)
    number = house.enter("maria").file()
    complete(
        house, number, "revisar_admisibilidad", "rosa", admision="devolver", motivo_admision="No se lee la cédula."
    )
    page.goto(f"{site}/ingresar?volver=/tramites")
    sign_in(page)
    check_page(page)
    page.get_by_role("link", name="Responder").click()
    expect(page.get_by_text("No se lee la cédula.")).to_be_visible()
    check_page(page)
    page.fill("textarea[name=respuesta]", "Va la copia nueva.")
    page.get_by_role("button", name="Enviar mi respuesta").click()
    expect(page.get_by_text("Usted corrigió su solicitud")).to_be_visible()
    page.get_by_role("link", name="Retirar la solicitud").click()
    check_page(page)
    page.fill("#motivo", "Ya no la necesito")
    page.get_by_role("button", name="Retirar la solicitud").click()
    expect(page.get_by_text("Usted retiró la solicitud").first).to_be_visible()
    check_page(page)
    assert complaints == []


@pytest.mark.parametrize(
    "path", ["/ingresar", "/verificar", "/ayuda", "/accesibilidad", "/datos-personales", "/no-hay"]
)
def test_the_public_pages(page: Page, site: str, path: str) -> None:
    page.goto(site + path)
    check_page(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ones_account_in_both_schemes_and_both_densities(page: Page, site: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{site}/ingresar?volver=/cuenta")
    sign_in(page)
    check_page(page)
    page.check("input[name=densidad][value=compacta]", force=True)
    page.get_by_role("button", name="Guardar").click()
    expect(page.locator("html")).to_have_attribute("data-density", "compact")
    check_page(page)


def test_what_is_typed_is_saved_by_itself(page: Page, site: str) -> None:
    page.goto(f"{site}/ingresar?volver=/servicios/solicitar_certificacion/solicitud")
    sign_in(page)
    page.fill("input[name=destino]", "Consulado")
    page.locator("#borrador", has_text="Borrador guardado").wait_for(timeout=8_000)
    page.reload()
    expect(page.locator("input[name=destino]")).to_have_value("Consulado")


def test_a_menu_closes_with_escape_and_gives_the_focus_back(page: Page, site: str) -> None:
    page.goto(f"{site}/ingresar?volver=/cuenta")
    sign_in(page)
    summary = page.locator("details.menu > summary")
    summary.click()
    expect(page.get_by_role("button", name="Salir")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Salir")).to_be_hidden()
    expect(summary).to_be_focused()


def test_everything_is_done_without_script(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False, locale="es-EC") as context:
        page = context.new_page()
        page.goto(f"{site}/ingresar?volver=/servicios/solicitar_certificacion/solicitud")
        sign_in(page)
        answer_the_form(page)
        page.set_input_files(
            "input[name=adjuntos]", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
        )
        page.click("form.form button.primary:visible")
        page.get_by_role("button", name="Enviar la solicitud").click()
        expect(page.get_by_role("heading", name="Recibimos su solicitud")).to_be_visible()
