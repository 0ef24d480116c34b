"""The portal shows the edition in force: its services in its order, its products, its terms; and what the Carta is silent
on, as each service decided it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from engine import calendar, people
from engine.carta import Edition, current_edition, publish_edition, seed_edition
from engine.config import ROOT
from engine.definitions import Bundle, publish
from tests.support.face import MONDAY, SERVICE, House


@pytest.fixture
def chartered(house: House) -> House:
    with house.app.database.write() as conn:
        seed_edition(conn, house.app.config, MONDAY)
    return house


def publish_own(house: House, admits: bool = False, **changes: str) -> None:
    """The service again, with ``proceso.toml`` changed: old text → new. ``admits``: somebody does before its terms."""
    bundle = Bundle.read(ROOT / "bpmn", ROOT / "forms", SERVICE)
    text = bundle.files["proceso.toml"].decode()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    files = {**bundle.files, "proceso.toml": text.encode()}
    if admits:
        files["proceso.bpmn"] = _with_an_admission(files["proceso.bpmn"].decode()).encode()
    with house.app.database.write() as conn:
        publish(conn, Bundle(SERVICE, files), None, MONDAY, house.app.operations)


def _with_an_admission(diagram: str) -> str:
    begins, lane = '<bpmn:scriptTask id="fijar_plazos"', "<bpmn:flowNodeRef>revisar_admisibilidad</bpmn:flowNodeRef>"
    flow = '<bpmn:sequenceFlow id="de_admitir_a_fijar_plazos" sourceRef="admitir" targetRef="fijar_plazos"/>'
    assert begins in diagram
    assert lane in diagram
    return (
        diagram.replace('targetRef="fijar_plazos"/>', 'targetRef="admitir"/>')
        .replace(begins, f'<bpmn:manualTask id="admitir" name="Admitir"/>{flow}{begins}')
        .replace(lane, f"{lane}<bpmn:flowNodeRef>admitir</bpmn:flowNodeRef>")
    )


def next_edition(house: House, days: int) -> None:
    """One more edition, in which the certificate of B2 takes so many days."""
    with house.app.database.write() as conn:
        edition = current_edition(conn)
        assert edition is not None
        raw = edition.as_json()
        raw["edicion"] = 2
        raw["historico"].append({"edicion": "Segunda", "fecha": "2026-11-20", "modificaciones": "Plazo"})
        service = next(s for g in raw["gestiones"] for s in g["servicios"] if s["codigo"] == "B2")
        next(p for p in service["productos"] if p["codigo"] == "certificado_institucional")["dias"] = days
        publish_edition(conn, Edition.read(raw), MONDAY)


@pytest.mark.req("C-25", "C-33", "C-47", "C-48")
def test_every_service_of_the_edition_is_there_in_its_order_served_online_or_not(chartered: House) -> None:
    page = chartered.visitor().open("/servicios").text
    titles = re.findall(r"<h3>(?:<a[^>]*>)?([^<]+)", page)
    assert titles == [
        "Solicitar copia de Acta de sesión",
        "Solicitar certificado personalizado",
        "Solicitar certificación",
        "Solicitar sellado de certificados",
    ]
    assert page.count("Todavía no se atiende en línea.") == 3
    assert len(re.findall(r"</b> días? hábil", page)) == 12
    assert "1 servicio en línea" in page


@pytest.mark.req("C-41", "C-42", "C-43", "C-44")
def test_products_and_terms_are_those_of_the_edition_in_force(chartered: House) -> None:
    page = chartered.visitor().open(f"/servicios/{SERVICE}").text
    assert page.count("</b> día hábil") == 4
    assert "En la Carta: Documentos de los tratamientos y gestiones archivistas" in " ".join(page.split())
    next_edition(chartered, 3)
    page = chartered.visitor().open(f"/servicios/{SERVICE}").text
    assert page.count("</b> día hábil") == 3
    assert "<b>3</b> días hábiles" in page
    assert "jueves 26 de noviembre" in page, "of the product that takes longest"
    assert "martes 24 de noviembre" in page, "each product has its own day"


def test_what_nobody_decided_is_marked_as_a_default_and_what_somebody_did_is_not(chartered: House) -> None:
    page = " ".join(chartered.visitor().open(f"/servicios/{SERVICE}").text.split())
    assert "Sin costo." in page
    marked = page.count("por defecto</span>")
    extra = '[servicio]\ntarifa = { valor = 2.5, moneda = "USD" }\nqueja_dias = 5\nrequisitos = ["Cédula"]\n'
    publish_own(chartered, **{"[servicio]": extra})
    page = " ".join(chartered.visitor().open(f"/servicios/{SERVICE}").text.split())
    for said in ("USD 2,50", "Respondemos en 5 días hábiles.", "<p>Cédula</p>"):
        assert said in page
    assert page.count("por defecto</span>") == marked - 3


def test_a_clock_that_starts_at_admission_promises_no_day_before(chartered: House) -> None:
    publish_own(chartered, admits=True, **{"[servicio]": '[servicio]\ninicio_plazo = "admision"\n'})
    page = chartered.visitor().open(f"/servicios/{SERVICE}").text
    assert "El plazo cuenta desde que admitimos la solicitud." in page
    assert "Si lo solicita hoy" not in page


@pytest.mark.req("C-48")
def test_who_is_signed_in_reads_the_day_promised_where_they_are(chartered: House) -> None:
    with chartered.app.database.write() as conn:
        calendar.set_local_feriado(
            conn, date(2026, 11, 24), "Naranjito", "Fundación", "Ordenanza", None, MONDAY, chartered.app.config
        )
        people.update_person(conn, chartered.people["maria"], place="Naranjito")
    assert "martes 24 de noviembre" in chartered.visitor().open("/servicios").text
    assert "miércoles 25 de noviembre" in chartered.enter("maria").open("/servicios").text
