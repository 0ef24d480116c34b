"""The whole main job by clicking only, on the real server with its worker, on a desktop's and on a phone's screen.

María asks, Rosa admits and reviews, Elena signs, María downloads, and a stranger verifies by the code and by the file.
Every page on the way is checked with axe and for its width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.served import check_page, listen
from web.demo.office import PASSWORD, PIN
from web.demo.stage import Stage

WORKER = 30_000  # milliseconds that its steps may take on a busy machine
DESTINATION = "Universidad de Cuenca, Maestría en Gestión Integral de Cuencas Hidrográficas y Desarrollo Sostenible"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("main-job")) as raised:
        yield raised


@contextmanager
def desk(browser: Browser, stage: Stage, viewport: dict[str, int], username: str = "") -> Iterator[Page]:
    """A person's own browser, signed in from the first page unless they are a stranger; it must not complain."""
    with browser.new_context(viewport=viewport, locale="es-EC") as context:  # type: ignore[arg-type]
        page = context.new_page()
        complaints = listen(page)
        page.goto(stage.url)
        if username:
            page.get_by_role("link", name="Ingresar").first.click()
            page.get_by_label("Usuario").fill(username)
            page.get_by_label("Contraseña").fill(PASSWORD)
            page.get_by_role("button", name="Ingresar").click()
            page.wait_for_url(lambda address: "/ingresar" not in address)
        check_page(page)
        yield page
        assert complaints == []


def choose(where: Page | Locator, label: str) -> None:
    where.locator("label", has_text=label).first.click()


def after_reloading(page: Page, shown: Callable[[], Locator]) -> Locator:
    """What the worker brings, on a page that is opened again until it is there."""
    for _ in range(WORKER // 500):
        if shown().count():
            return shown().first
        page.wait_for_timeout(500)
        page.goto(page.url)
    raise AssertionError(f"nothing came on {page.url}")


def open_task(page: Page, number: str, name: str) -> Locator:
    """From the inbox, through the tab of the groups, to the task of this case. → its form"""
    page.get_by_role("link", name="Bandeja").first.click()
    page.get_by_role("link", name=re.compile("De mis grupos")).first.click()
    check_page(page)
    row = after_reloading(page, lambda: page.locator(".row", has_text=number).filter(has_text=name))
    row.get_by_role("link", name=name).click()
    expect(page.locator("#detalle h2").first).to_have_text(name)
    check_page(page)
    return page.locator("#detalle")


def ask(page: Page) -> str:
    """→ the number of the case."""
    page.get_by_role("link", name="Servicios").first.click()
    page.get_by_role("link", name=re.compile("Solicitar certificación")).first.click()
    check_page(page)
    page.get_by_role("link", name="Empezar la solicitud").click()
    choose(page, "Certificado institucional")
    choose(page, "Que está matriculado")
    page.get_by_label("¿Dónde lo va a presentar?").fill(DESTINATION)
    choose(page, "Declaro que los datos son ciertos")
    check_page(page)
    page.get_by_role("button", name="Revisar mis respuestas").click()
    expect(page.get_by_role("heading", name="Revise sus respuestas antes de enviar")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Enviar la solicitud").click()
    expect(page.get_by_role("heading", name="Recibimos su solicitud")).to_be_visible()
    check_page(page)
    found = re.search(r"SG-\d{4}-\d{6}", page.locator("main").inner_text())
    assert found
    return found[0]


def admit_and_review(page: Page, number: str) -> None:
    form = open_task(page, number, "Revisar la solicitud")
    expect(form.get_by_text(DESTINATION)).to_be_visible()  # what was asked stands beside the question
    choose(form, "Sí, se admite")
    choose(form, "En el sistema académico")
    form.get_by_role("button", name="Completar", exact=True).click()
    expect(page.get_by_text("quedó completada")).to_be_visible()
    form = open_task(page, number, "Revisar el borrador")
    choose(form, "Sí, pasa a la firma")
    form.get_by_role("button", name="Completar", exact=True).click()
    expect(page.get_by_text("quedó completada")).to_be_visible()


def sign(page: Page, number: str) -> None:
    form = open_task(page, number, "Firmar la certificación")
    choose(form, "Sí, la firmo")
    form.get_by_label("PIN de su certificado").fill(PIN)
    form.get_by_role("button", name="Completar", exact=True).click()
    expect(page.get_by_text("quedó completada")).to_be_visible(timeout=WORKER)
    check_page(page)


def download(page: Page, number: str, into: Path) -> tuple[str, Path]:
    """→ the code of verification and the file."""
    page.get_by_role("link", name="Mis trámites").first.click()
    check_page(page)
    page.get_by_role("link", name=re.compile(number)).or_(
        page.locator("li, article, tr", has_text=number).get_by_role("link")
    ).first.click()
    verify = after_reloading(page, lambda: page.get_by_role("link", name=re.compile("^Verificar: ")))
    check_page(page)
    code = verify.inner_text().removeprefix("Verificar: ")
    for reader in ("Peñafiel Güemes, Rosa Elvira", "Carrión Ugarte, Elena"):
        expect(page.get_by_text(reader).first).to_be_visible()  # who read it is told
    page.get_by_role("link", name="Documentos").first.click()
    check_page(page)
    with page.expect_download() as one:
        page.locator("main").get_by_role("link", name=re.compile("Descargar")).first.click()
    one.value.save_as(into / "certificacion.pdf")
    return code, into / "certificacion.pdf"


def verify(page: Page, code: str, file: Path) -> None:
    page.get_by_role("link", name="Verificar").first.click()
    check_page(page)
    page.get_by_label("Código de verificación").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Verificar").click()
    expect(page.get_by_role("heading", name=re.compile("Es nuestro documento original"))).to_be_visible()
    check_page(page)
    check_file(page, file)
    expect(page.get_by_role("heading", name=re.compile("Es nuestro documento original"))).to_be_visible()
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 1
    changed = file.with_name("cambiado.pdf")
    changed.write_bytes(data)
    check_file(page, changed)
    expect(page.get_by_role("heading", name=re.compile("No confíe en este archivo"))).to_be_visible()
    check_page(page)


def check_file(page: Page, file: Path) -> None:
    page.get_by_role("link", name="Verificar").first.click()
    page.get_by_label("Archivo PDF").set_input_files(file)
    page.get_by_role("button", name="Verificar").click()


def test_a_certification_from_asking_to_being_verified_by_a_stranger(
    browser: Browser, stage: Stage, viewport: dict[str, int], tmp_path: Path
) -> None:
    who = "maria" if viewport["width"] > 1000 else "fiorella"  # the same twice in a day would be asked about
    with desk(browser, stage, viewport, who) as maria:
        number = ask(maria)
        with desk(browser, stage, viewport, "rosa") as rosa:
            admit_and_review(rosa, number)
        with desk(browser, stage, viewport, "elena") as elena:
            sign(elena, number)
        code, file = download(maria, number, tmp_path)
    with desk(browser, stage, viewport) as stranger:
        verify(stranger, code, file)
