"""The staff's part of the main job in a real browser, on a desktop's and on a phone's screen, and without script."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESKTOP
from tests.support.face import PASSWORD, House, complete, furnish, open_house, run_jobs
from tests.support.served import check_page, listen, served
from tests.support.smtp import SmtpServer


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("staff")
    file = Path(shutil.copy(sqlite_template, folder / "furnished.db"))
    with SmtpServer() as smtp:
        house = open_house(f"sqlite:///{file}", folder, smtp.port)
        furnish(house)
        house.person("ana", "Ana Lucía", "Villacís Arteaga", "secretaria", "jefe_secretaria")
        house.person("teo", "Teodoro", "Villacís Sagñay", "auditor")
        maria = house.enter("maria")
        numbers = [maria.file() for _ in range(3)]
        run_jobs(house)
        complete(house, numbers[2], "revisar_admisibilidad", "rosa", admision="admitir", fuente_registro="sistema")
        house.app.close()
    return file


@dataclass
class Site:
    address: str
    house: House


@pytest.fixture
def site(furnished: Path, tmp_path: Path) -> Iterator[Site]:
    with SmtpServer() as smtp:
        file = shutil.copy(furnished, tmp_path / "cartulario.db")
        house = open_house(f"sqlite:///{file}", tmp_path, smtp.port)
        with served(house.flask) as address:
            yield Site(address, house)
        house.app.close()


def enter(page: Page, site: Site, who: str, path: str) -> None:
    page.goto(f"{site.address}/ingresar?volver={path}")
    page.fill("#usuario", who)
    page.fill("#clave", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(re.compile(re.escape(path.split("?")[0])))


def is_phone(page: Page) -> bool:
    return bool(page.viewport_size and page.viewport_size["width"] < 500)


def test_a_task_from_the_list_to_the_next_one(page: Page, site: Site) -> None:
    complaints = listen(page)
    enter(page, site, "rosa", "/bandeja")
    check_page(page)
    page.get_by_role("link", name=re.compile("De mis grupos")).first.click()
    check_page(page)
    page.locator(".row-title").first.click()
    expect(page.locator("article.detail h2").first).to_be_visible()
    expect(page.locator(".list")).to_be_visible(visible=not is_phone(page))
    check_page(page)
    page.get_by_role("button", name="Tomar").click()
    expect(page.get_by_text("La tarea es suya.")).to_be_visible()
    page.locator("#detalle").get_by_role("button", name="Completar", exact=True).click()
    expect(page.locator(".error-summary")).to_be_focused()
    check_page(page)
    page.check("input[name=admision][value=devolver]", force=True)
    page.fill("textarea[name=motivo_admision]", "Falta la copia de la cédula")
    expect(page.locator("#borrador")).to_contain_text(re.compile(r"Borrador guardado, \d"), timeout=8000)
    page.goto(page.url)  # not a reload, which would send the form again
    expect(page.locator("textarea[name=motivo_admision]")).to_have_value("Falta la copia de la cédula")
    page.get_by_role("button", name="Completar y abrir la siguiente").click()
    expect(page.get_by_text("quedó completada")).to_be_visible()
    assert [text for text in complaints if "409" not in text] == []


@pytest.mark.parametrize("tab", ["historia", "documentos", "comentarios", "diagrama"])
def test_every_part_of_a_task_reads_well(page: Page, site: Site, tab: str) -> None:
    complaints = listen(page)
    enter(page, site, "rosa", "/bandeja")
    page.goto(f"{site.address}/bandeja?bandeja=todas")
    page.goto(f"{page.locator('.row-title').first.evaluate('a => a.href')}&pestana={tab}")
    if tab == "diagrama":
        expect(page.locator(".djs-container svg").first).to_be_visible()
        expect(page.locator(".bjs-powered-by")).to_be_visible()
        expect(page.locator(".way-token").first).to_be_attached()
        page.get_by_text("Ver los pasos como lista").click()
        expect(page.locator(".steps-list .now")).not_to_have_count(0)
    check_page(page)
    assert complaints == []


def test_the_inbox_obeys_the_keyboard_and_can_be_told_not_to(browser: Browser, site: Site) -> None:
    with browser.new_context(viewport=DESKTOP, locale="es-EC") as context:  # type: ignore[arg-type]
        page = context.new_page()
        enter(page, site, "rosa", "/bandeja")
        page.goto(f"{site.address}/bandeja?bandeja=grupos")
        page.keyboard.press("j")
        expect(page.locator(".row-title").nth(0)).to_be_focused()
        page.keyboard.press("j")
        expect(page.locator(".row-title").nth(1)).to_be_focused()
        page.keyboard.press("k")
        page.keyboard.press("x")
        expect(page.locator(".row [type=checkbox]").nth(0)).to_be_checked()
        expect(page.locator(".bulk")).to_contain_text("1 elegida")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        check_page(page)
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator("article.detail h2").first).to_be_visible()
        page.get_by_role("button", name="Desactivar atajos").click()
        page.keyboard.press("j")
        expect(page.locator(".row-title").nth(0)).not_to_be_focused()


def test_several_tasks_are_chosen_and_taken(page: Page, site: Site) -> None:
    enter(page, site, "rosa", "/bandeja")
    page.goto(f"{site.address}/bandeja?bandeja=grupos")
    expect(page.locator(".bulk")).to_be_hidden()
    for n in range(2):
        page.locator(".row [type=checkbox]").nth(n).check()
    expect(page.locator(".bulk")).to_contain_text("2 elegidas")
    check_page(page)
    page.locator(".bulk").get_by_role("button", name="Tomar").click()
    expect(page.get_by_text("Hecho con 2 tareas.")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/casos", "/casos/{number}", "/casos/{number}?ver=historia", "/casos/{number}?ver=diagrama"]
)
def test_the_pages_of_a_case_with_an_incident_read_well(page: Page, site: Site, path: str) -> None:
    complaints = listen(page)
    enter(page, site, "rosa", "/casos")
    number = page.locator("th .num-case").first.inner_text()
    page.goto(site.address + path.format(number=number))
    check_page(page)
    assert complaints == []


def test_the_auditor_walks_through_a_case(page: Page, site: Site) -> None:
    complaints = listen(page)
    enter(page, site, "teo", "/auditoria")
    check_page(page)
    page.locator("th .num-case").first.click()
    expect(page.locator(".djs-container svg").first).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Al principio").click()
    expect(page.locator("#en-el-evento h2")).to_have_text("En el evento 1")
    page.get_by_role("link", name="Evento siguiente").click()
    expect(page.locator("#en-el-evento h2")).to_have_text("En el evento 2")
    page.get_by_role("button", name="Repetir").click()
    expect(page.get_by_text("Idéntica")).to_be_visible()
    page.goto(f"{site.address}/auditoria/sellos")
    page.get_by_role("button", name="Sellar ahora").click()
    expect(page.get_by_text("Sello 1 hecho")).to_be_visible()
    check_page(page)
    assert complaints == []


def test_everything_works_without_script(browser: Browser, site: Site) -> None:
    with browser.new_context(java_script_enabled=False, locale="es-EC") as context:
        page = context.new_page()
        enter(page, site, "rosa", "/bandeja")
        page.goto(f"{site.address}/bandeja?bandeja=grupos")
        page.locator(".row-title").first.click()
        page.get_by_role("link", name="Diagrama").click()
        assert page.locator(".steps-list li").count() > 2
        page.get_by_role("link", name="Formulario").click()
        page.check("input[name=admision][value=rechazar]", force=True)
        page.fill("textarea[name=motivo_admision]", "Debe pedirlo en su facultad, no aquí")
        page.locator("#detalle").get_by_role("button", name="Completar", exact=True).click()
        assert page.get_by_text("quedó completada").is_visible()
