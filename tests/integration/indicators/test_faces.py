"""The public page, the dashboard, its exports, the API and the command, as their readers use them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from engine import people
from engine.carta import seed_edition
from engine.storage.tables import indicator_month
from tests.support.face import MONDAY, House, open_house
from web.cli import main

MONTH = {"month": 202611, "process": "p", "channel": "portal"}


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    made = open_house(sqlite_url, tmp_path)
    made.person("maria", "María José", "Ñáñez de la Cruz", profile="estudiante")
    made.person("rosa", "Rosa Elvira", "Peñafiel Güemes", "secretaria")
    made.person("general", "Fiorella", "D'Angelo", "secretario_general")
    with made.app.database.write() as conn:
        seed_edition(conn, made.app.config, MONDAY)
    yield made
    made.app.close()


def _add(house: House, service: str, measure: str, count: int, product: str = "", value: int = 0) -> None:
    row = {**MONTH, "service": service, "measure": measure, "product": product, "value": value, "count": count}
    with house.app.database.write() as conn:
        conn.execute(indicator_month.insert().values(row))


def _year(house: House) -> None:
    """B1: 87 delivered, 77 of 87 on time; B3: two cases, one late."""
    for measure, n in (("opened", 90), ("delivered", 87), ("returned", 9)):
        _add(house, "B1", measure, n)
    _add(house, "B1", "days", 60, value=2)
    _add(house, "B1", "days", 27, value=4)
    _add(house, "B1", "kept", 77, "certificado_institucional")
    _add(house, "B1", "late", 10, "certificado_institucional")
    _add(house, "B3", "delivered", 2)
    _add(house, "B3", "days", 2, value=7)
    _add(house, "B3", "kept", 1, "certificado_institucional")
    _add(house, "B3", "late", 1, "certificado_institucional")


@pytest.mark.req("C-51", "C-52", "C-53", "C-54")
def test_anybody_reads_the_four_counts_of_the_carta_and_how_each_is_worked_out(house: House) -> None:
    _year(house)
    page = house.visitor().open("/carta/indicadores").text
    for name in ("Certificados emitidos", "Certificaciones realizadas", "Sellados realizados", "Actas realizadas"):
        assert name in page
    assert '<p class="big-num">87</p>' in page
    assert "88,5 %" in page  # B1, below its target, with icon and word
    assert "Cómo se calcula cada indicador" in page


def test_too_few_cases_show_their_number_and_neither_share_nor_duration(house: House) -> None:
    _year(house)
    page = house.visitor().open("/carta/indicadores?servicio=B3").text
    assert "50 %" not in page
    assert "pocos casos" in page
    assert '<p class="big-num">2</p>' in page


def test_nobody_asks_for_them_without_end(house: House) -> None:
    visitor = house.visitor()
    answers = [visitor.open("/carta/indicadores").status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


def test_before_the_first_case_every_page_says_so(house: House) -> None:
    assert "Todavía no hay nada que medir" in house.visitor().open("/carta/indicadores").text
    assert "Todavía no hay nada que medir" in house.enter("general").open("/tablero").text


@pytest.mark.parametrize(
    "query", ["?desde=ayer&hasta=2026-99", "?servicio=Z9&producto=%27--&canal=x", "?desde=2027-01&hasta=0001-01"]
)
def test_a_filter_that_says_nothing_is_as_if_it_were_not_there(house: House, query: str) -> None:
    assert house.enter("general").open(f"/tablero{query}").status_code == 200


@pytest.mark.req("C-16")
def test_the_dashboard_is_for_those_who_direct(house: House) -> None:
    for who in ("maria", "rosa"):
        visitor = house.enter(who)
        assert visitor.open("/tablero").status_code == 403
        assert visitor.open("/tablero/indicadores.csv").status_code == 403
        assert visitor.send("/tablero/informe").status_code == 403
        assert "/tablero" not in visitor.open("/ayuda").text
    assert house.visitor().open("/tablero").status_code == 302
    visitor = house.enter("general")
    assert 'href="/tablero"' in visitor.open("/ayuda").text


def test_every_chart_has_its_numbers_in_a_table_and_filters_stay_in_the_address(house: House) -> None:
    _year(house)
    page = house.enter("general").open("/tablero?desde=2026-11&hasta=2026-11&servicio=B1").text
    assert page.count('role="img"') >= 3
    assert "77 de 87 compromisos que vencían" in page
    assert "indicadores.csv?desde=2026-11&amp;hasta=2026-11&amp;servicio=B1" in page
    assert '<option value="B1" selected>' in page
    assert "Solicitar sellado" not in page.split("<tbody>", 1)[1]


@pytest.mark.req("C-16")
def test_the_spreadsheets_say_what_the_page_says(house: House) -> None:
    _year(house)
    visitor = house.enter("general")
    rows = list(csv.DictReader(io.StringIO(visitor.open("/tablero/indicadores.csv").data.decode("utf-8-sig"))))
    whole = next(row for row in rows if row["Servicio"] == "B1" and not row["Producto"])
    assert (whole["Entregadas"], whole["En término, %"], whole["Mediana, días hábiles"]) == ("87", "88.5", "2.0")
    book = load_workbook(io.BytesIO(visitor.open("/tablero/indicadores.xlsx").data))
    assert book.sheetnames == ["Por producto", "Por servicio", "Por mes", "Medidas correctivas"]
    service = {row[2].value: row for row in book["Por servicio"].iter_rows(min_row=2)}
    assert service["B1"][6].value == 87
    months = list(book["Por mes"].iter_rows(values_only=True))
    assert "Mediana, días hábiles" not in months[0]
    last = dict(zip(months[0], months[-1], strict=True))
    assert (last["Mes"], last["Certificados (B1)"], last["En término, %"]) == ("2026-11", 87, 87.6)


def test_programs_read_the_same_board(house: House) -> None:
    _year(house)
    with house.app.database.write() as conn:
        token = people.create_token(conn, house.people["general"], "panel", MONDAY)
        other = people.create_token(conn, house.people["maria"], "panel", MONDAY)
    client = house.flask.test_client()
    answer = client.get("/api/v1/indicadores?since=2026-11", headers={"Authorization": f"Bearer {token}"})
    board = json.loads(answer.data)
    assert answer.status_code == 200
    assert {one["code"]: one["now"] for one in board["headlines"]} == {"B1": 87, "B2": 0, "B3": 2, "actas": 0, "A1": 0}
    assert board["total"]["on_time"] == 87.6
    assert client.get("/api/v1/indicadores", headers={"Authorization": f"Bearer {other}"}).status_code == 403
    assert client.get("/api/v1/indicadores").status_code == 401


def test_the_operator_recounts_reviews_and_exports(
    house: House, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTULARIO_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CARTULARIO_DATA_DIR", str(tmp_path))
    run = CliRunner().invoke
    assert run(main, ["indicators", "recount"]).output.startswith("Iguales: 0")
    _add(house, "B1", "delivered", 3)
    wrong = run(main, ["indicators", "recount"])
    assert wrong.exit_code == 1
    assert "se muestran 3 y los eventos dicen 0" in wrong.output
    assert "Ningún servicio" in run(main, ["indicators", "review"]).output
    file = tmp_path / "indicadores.xlsx"
    assert run(main, ["indicators", "export", str(file), "--since", "2026-11"]).exit_code == 0
    assert load_workbook(file).sheetnames[0] == "Por producto"
    assert run(main, ["indicators", "export", str(tmp_path / "x.pdf")]).exit_code == 2
