"""What the Carta offers, to whom, once a day; and whose terms a case keeps."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine import people
from engine.cases import Receipt, StartCase, WithdrawCase, start_case, withdraw_case
from engine.cases.offer import asked
from engine.errors import InvalidAnswers, NotAllowed, NotFound, SameRequestToday
from engine.storage.tables import case, event
from tests.support.case_office import CaseOffice
from tests.support.diagrams import Diagram, properties

MANIFEST = """
[proceso]
id = "copia"
titulo = "Copia"
descripcion = "Una prueba"
serie = "CO"
perfiles = ["estudiante"]
perfiles_mostrador = ["externo"]
responsable = "Secretaría"
[carriles]
"Secretaría" = "secretaria"
[datos]
productos = "productos"
[[producto]]
codigo = "simple"
nombre = "Copia simple"
dias = 2
[[producto]]
codigo = "certificada"
nombre = "Copia certificada"
dias = 5
"""
FORM = {
    "type": "default",
    "id": "pedido",
    "components": [
        {
            "type": "checklist",
            "key": "productos",
            "label": "¿Qué necesita?",
            "values": [{"value": one, "label": one} for one in ("simple", "certificada", "dorada")],
            "validate": {"required": True},
        }
    ],
}


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[CaseOffice]:
    opened = CaseOffice.open(database_url, tmp_path)
    d = Diagram("copia", lane="Secretaría")
    d.chain(d.node("startEvent", "inicio", properties(formJsonSchemaFilename="pedido.json")), d.node("userTask", "dar"))
    d.chain("dar", d.node("endEvent", "fin"))
    bundle = {"proceso.bpmn": d.xml(), "forms/pedido.json": json.dumps(FORM).encode()}
    opened.publish({**bundle, "proceso.toml": MANIFEST.encode()}, "copia")
    inside = MANIFEST.replace('"copia"', '"interno"').replace('["estudiante"]', "[]").replace('"CO"', '"IN"')
    inside = inside.replace("perfiles_mostrador", 'inician = ["secretaria"]\nperfiles_mostrador')
    own = d.xml().replace(b'id="copia"', b'id="interno"')
    opened.publish({**bundle, "proceso.bpmn": own, "proceso.toml": inside.encode()}, "interno")
    yield opened
    opened.app.close()


def ask(office: CaseOffice, *products: str, who: UUID | None = None, process: str = "copia", **more: object) -> Receipt:
    command = StartCase(process, who or office.maria, {"productos": list(products)}, uuid.uuid4(), **more)  # type: ignore[arg-type]
    return start_case(command, office.app.engine)


def outsider(office: CaseOffice) -> UUID:
    with office.app.database.write() as conn:
        return people.create_person(
            conn, username="oficio", given_names="Óscar", family_names="D'Angelo", email="o@une.example",
            profile="externo", at=office.clock.now(),
        )  # fmt: skip


@pytest.mark.req("C-48")
def test_a_product_that_the_service_does_not_offer_is_refused_by_name(office: CaseOffice) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        ask(office, "simple", "dorada")
    assert "«dorada»" in refused.value.errors["productos"]
    assert "Copia certificada" in refused.value.errors["productos"]
    assert office.all(sa.select(case.c.id).where(case.c.process == "copia")) == []


def test_the_same_product_on_the_same_day_is_asked_about_and_not_guessed(office: CaseOffice) -> None:
    first = ask(office, "simple")
    with pytest.raises(SameRequestToday) as told:
        ask(office, "certificada", "simple")
    assert told.value.details["number"] == first.number
    assert ask(office, "certificada").number != first.number  # another product is another request
    assert ask(office, "simple", confirmed=True).number == "CO-2026-000003"
    assert len(office.all(sa.select(case.c.id).where(case.c.process == "copia"))) == 3


def test_a_service_of_one_product_asks_about_the_second_of_the_day_and_an_internal_process_repeats(
    office: CaseOffice,
) -> None:
    plain = MANIFEST.replace('productos = "productos"', "")
    for process, extra in (("unico", 'servicio = "Z9"\n'), ("propio", "")):
        text = plain.replace('"copia"', f'"{process}"').replace('"CO"', '"UN"').replace("serie =", f"{extra}serie =")
        d = Diagram(process, lane="Secretaría")
        d.chain(d.node("startEvent", "inicio"), d.node("userTask", "dar"), d.node("endEvent", "fin"))
        office.publish({"proceso.bpmn": d.xml(), "proceso.toml": text.encode()}, process)

    def begin(process: str, **more: object) -> Receipt:
        return start_case(StartCase(process, office.maria, {}, uuid.uuid4(), **more), office.app.engine)  # type: ignore[arg-type]

    first = begin("unico")
    with pytest.raises(SameRequestToday) as told:
        begin("unico")
    assert told.value.details["number"] == first.number
    assert begin("unico", confirmed=True).number != first.number
    assert begin("propio").number != begin("propio").number
    office.clock.advance(timedelta(hours=14))  # past midnight in Guayaquil
    assert begin("unico").number


def test_tomorrow_or_after_a_withdrawal_it_is_another_request(office: CaseOffice) -> None:
    first = ask(office, "simple")
    withdraw_case(WithdrawCase(first.case_id, office.maria, "Me equivoqué", uuid.uuid4()), office.app.engine)
    second = ask(office, "simple")
    office.clock.advance(timedelta(hours=14))  # past midnight in Guayaquil
    assert ask(office, "simple").number not in (first.number, second.number)


def test_sent_twice_it_is_one_request(office: CaseOffice) -> None:
    command = StartCase("copia", office.maria, {"productos": ["simple"]}, uuid.uuid4())
    first = start_case(command, office.app.engine)
    assert start_case(command, office.app.engine).number == first.number


def test_two_tabs_at_once_make_one_case(office: CaseOffice) -> None:
    def go(_n: int) -> str:
        try:
            return ask(office, "simple").number
        except SameRequestToday as told:
            return f"told of {told.details['number']}"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(go, range(4)))
    assert answers == ["CO-2026-000001"] + ["told of CO-2026-000001"] * 3


@pytest.mark.req("C-10", "C-26")
def test_an_external_organism_is_served_at_the_desk_only(office: CaseOffice) -> None:
    stranger = outsider(office)
    with pytest.raises(NotAllowed, match="ventanilla"):
        ask(office, "simple", who=stranger)
    rosa = office.people["rosa"]
    made = ask(office, "simple", who=stranger, filed_by=rosa, channel="mostrador", origin="Contraloría, of. 12")
    row = office.case(made.case_id)
    assert (row.channel, row.origin, row.filed_by_id) == ("mostrador", "Contraloría, of. 12", rosa)
    with pytest.raises(NotAllowed, match="Solo Secretaría"):
        ask(office, "simple", who=stranger, filed_by=office.people["elena"])


def test_a_process_of_the_office_is_started_by_those_it_names(office: CaseOffice) -> None:
    with pytest.raises(NotAllowed, match="interno"):
        ask(office, "simple", process="interno")
    assert ask(office, "simple", process="interno", who=office.people["rosa"]).number == "IN-2026-000001"


def test_who_files_for_others_does_not_borrow_their_functions(office: CaseOffice) -> None:
    rosa, elena, on = office.people["rosa"], office.people["elena"], office.clock.now().date()
    with office.app.database.write() as conn:
        people.grant_role(conn, elena, "jefe_secretaria", on)
        assert "secretaria" not in people.roles_of(conn, elena, on)
    with pytest.raises(NotAllowed, match="en su propio nombre"):
        ask(office, "simple", process="interno", who=rosa, filed_by=elena)
    assert office.all(sa.select(case.c.id)) == []


@pytest.mark.req("C-11")
def test_a_process_owner_may_be_so_of_one_process_only(office: CaseOffice) -> None:
    with office.app.database.write() as conn:
        today = office.clock.now().date()
        rosa, elena = office.people["rosa"], office.people["elena"]
        people.delegate(
            conn, rosa, elena, "secretaria", today, today + timedelta(days=30), "Dueña de la copia", office.clock.now(),
            process="interno",
        )  # fmt: skip
        assert "secretaria" in people.roles_of(conn, elena, today, "interno")
        assert "secretaria" not in people.roles_of(conn, elena, today, "copia")
    assert ask(office, "simple", process="interno", who=elena).number == "IN-2026-000001"
    with pytest.raises(NotAllowed):
        ask(office, "simple", who=outsider(office), filed_by=elena)


def test_a_case_about_another_one_names_it(office: CaseOffice) -> None:
    first = ask(office, "simple")
    second = ask(office, "certificada", about=first.case_id)
    assert office.case(second.case_id).about_id == first.case_id
    begun = office.one(sa.select(event.c.data).where(event.c.case_id == second.case_id))
    assert json.loads(begun.data)["data"]["tramite"]["sobre"] == first.number
    with pytest.raises(NotFound):
        ask(office, "simple", about=uuid.uuid4(), confirmed=True)


@pytest.mark.req("C-48")
def test_outside_the_carta_the_terms_are_those_of_the_process(office: CaseOffice) -> None:
    begun = office.one(sa.select(event.c.data).where(event.c.case_id == ask(office, "simple").case_id))
    pinned = json.loads(begun.data)["data"]["tramite"]["carta"]
    assert pinned["plazos"] == {"simple": 2, "certificada": 5}
    assert pinned["edicion"] is None


def test_one_product_alone_reads_as_a_list() -> None:
    assert asked({"p": "simple"}, "p") == ["simple"]
    assert asked({}, "p") == []
