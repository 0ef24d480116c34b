"""The promised date is one: the confirmation, the status page, the inbox, the staff's file, the mails and the API say the
same day, for the request and for each product, filed, paused, answered, counted again and partly ready (C-48).
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import people
from engine.calendar import set_feriado
from engine.cases import CompleteTask, complete_task
from engine.definitions import Bundle
from engine.inbound.calendar_changes import follow_calendar
from engine.storage.tables import definition_version, mail, task, term
from tests.support.diagrams import Diagram, operator, properties
from tests.support.face import MONDAY, House, Visitor, run_jobs

NAMES = {"acta": "Copia del acta", "sello": "Sello de la copia"}
MANIFEST = """
[proceso]
id = "prometido"
titulo = "Proceso prometido"
descripcion = "Dos productos con plazos distintos."
servicio = "Z1"
serie = "PM"
perfiles = ["estudiante"]
responsable = "Secretaría"
[carriles]
"Estudiante" = "solicitante"
"Secretaría" = "secretaria"
[datos]
productos = "productos"
[[producto]]
codigo = "acta"
nombre = "Copia del acta"
dias = 5
[[producto]]
codigo = "sello"
nombre = "Sello de la copia"
dias = 2
"""
LANES = {
    "Estudiante": ["inicio", "corregir"],
    "Secretaría": ["acusar", "revisar", "pedir", "hacer_sello", "hacer_acta"],
}
MAIL = (
    "Asunto: Aviso\n\nTodo: {{ promesa.vence|fecha }}.{% for uno in promesa.productos %}\n"
    "{{ uno.nombre }}: {{ uno.vence|fecha }}.{% endfor %}"
)
PRODUCTS = {
    "type": "checklist",
    "key": "productos",
    "id": "p",
    "label": "Productos",
    "values": [{"label": name, "value": code} for code, name in NAMES.items()],
}
COMPLETE = {"type": "textfield", "key": "completa", "id": "c", "label": "¿Completa?"}
DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes")
MONTHS = {11: "noviembre", 12: "diciembre"}


def _diagram() -> bytes:
    d = Diagram("prometido")
    begin = "<bpmn:script>vence = iniciar_plazos(productos, tramite.carta.plazos)</bpmn:script>"
    asks, form = properties(formJsonSchemaFilename="productos.json"), properties(formJsonSchemaFilename="revision.json")
    stops = properties(formJsonSchemaFilename="productos.json", pausaPlazo="true")
    told = {"template": "'aviso.txt'", "to": "'solicitante'"}
    d.chain(d.node("startEvent", "inicio", asks), d.node("scriptTask", "empezar", begin))
    d.chain("empezar", d.node("sendTask", "acusar", operator("send_mail", "acuse", **told)))
    d.chain("acusar", d.node("userTask", "revisar", form), d.node("exclusiveGateway", "falta", default="procede"))
    d.flow("falta", d.node("sendTask", "pedir", operator("send_mail", "pedido", **told)), "completa == 'no'")
    d.chain("pedir", d.node("userTask", "corregir", stops), d.node("scriptTask", "otra_vez", begin), "revisar")
    d.flow("falta", d.node("userTask", "hacer_sello", properties(producto="'sello'")), id="procede")
    ready = "<bpmn:script>listo = cumplir_plazo('sello')</bpmn:script>"
    d.chain("hacer_sello", d.node("scriptTask", "sellado", ready), d.node("userTask", "hacer_acta"))
    d.chain("hacer_acta", d.node("endEvent", "fin", properties(desenlace="entregado")))
    lanes = "".join(
        f'<bpmn:lane id="l{i}" name="{name}">{"".join(f"<bpmn:flowNodeRef>{r}</bpmn:flowNodeRef>" for r in refs)}</bpmn:lane>'
        for i, (name, refs) in enumerate(LANES.items())
    )
    opening = b'isExecutable="true">'
    return d.xml().replace(opening, opening + f'<bpmn:laneSet id="ls">{lanes}</bpmn:laneSet>'.encode())


def _form(name: str, component: dict[str, Any]) -> bytes:
    return json.dumps({"type": "default", "id": name, "schemaVersion": 19, "components": [component]}).encode()


@pytest.fixture
def promised(house: House) -> House:
    files = {
        "proceso.bpmn": _diagram(),
        "proceso.toml": MANIFEST.encode(),
        "forms/aviso.txt": MAIL.encode(),
        "forms/plazo_movido.txt": MAIL.encode(),
        "forms/productos.json": _form("productos", PRODUCTS),
        "forms/revision.json": _form("revision", COMPLETE),
    }
    bundle = Bundle("prometido", files)
    row = {
        "id": uuid.uuid4(), "process": "prometido", "number": 1, "hash": bundle.hash, "title": "Proceso prometido",
        "bundle": bundle.zip(), "library_version": "", "state": "published", "at": MONDAY,
    }  # fmt: skip
    with house.app.database.write() as conn:
        conn.execute(definition_version.insert().values(row))
    return house


def long_day(day: date) -> str:
    return f"{DAYS[day.weekday()]} {day.day} de {MONTHS[day.month]} de {day.year}"


def chip_day(day: date) -> str:
    return f"{DAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month][:3]}"


def one_space(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


class Faces:
    """Everybody who looks at one case."""

    def __init__(self, house: House, number: str) -> None:
        self.house, self.number = house, number

    @property
    def maria(self) -> Visitor:
        """Signed in again: the clock moved."""
        return self.house.enter("maria")

    @property
    def rosa(self) -> Visitor:
        return self.house.enter("rosa")

    def act(self, element: str, who: str, **answers: Any) -> None:
        complete_task(
            CompleteTask(self.open_task(element), self.house.people[who], answers, uuid.uuid4()), self.house.app.engine
        )
        run_jobs(self.house)

    def open_task(self, element: str) -> uuid.UUID:
        with self.house.app.database.read() as conn:
            query = sa.select(task.c.id).where(task.c.element == element, task.c.status == "open")
            return conn.execute(query).scalar_one()

    def say(self, due: date, products: dict[str, date], task_due: date | None = None, element: str = "revisar") -> None:
        """All of them: the request's day, and that of each product."""
        maria, rosa = self.maria, self.rosa
        for path in (f"/tramites/{self.number}/recibido", f"/tramites/{self.number}"):
            page = one_space(maria.open(path).text)
            assert long_day(due) in page, path
            assert _products(page) == set(products.values()) or len(products) < 2, path
        file = one_space(rosa.open(f"/casos/{self.number}").text)
        assert all(long_day(day) in file or f"{NAMES[code]} En pausa" in file or f"{NAMES[code]} Cumplido" in file
                   for code, day in products.items())  # fmt: skip
        told = self.api()
        assert told["due_at"] == due
        assert told["terms"] == products
        if task_due:
            assert chip_day(task_due) in one_space(rosa.open(f"/bandeja/{self.open_task(element)}").text)

    def mail_says(self, due: date, products: dict[str, date]) -> None:
        """The last one, as it left."""
        with self.house.app.database.read() as conn:
            body = conn.scalar(
                sa.select(mail.c.body).order_by(mail.c.created_at.desc(), mail.c.sent_at.desc()).limit(1)
            )
        spoken = [f"Todo: {due.day} de {MONTHS[due.month]} de {due.year}."]
        spoken += [f"{NAMES[code]}: {day.day} de {MONTHS[day.month]} de {day.year}." for code, day in products.items()]
        assert all(line in body for line in spoken), body

    def api(self) -> dict[str, Any]:
        with self.house.app.database.write() as conn:
            token = people.create_token(conn, self.house.people["maria"], uuid.uuid4().hex, self.house.clock.now())
        headers = {"Authorization": f"Bearer {token}"}
        told = self.house.flask.test_client().get(f"/api/v1/cases/{self.number}", headers=headers).json
        terms = {one["key"]: _local(self.house, one["due_at"]) for one in told["terms"]}
        return {"due_at": _local(self.house, told["due_at"]), "terms": terms}


def _local(house: House, text: str) -> date:
    return type(MONDAY).fromisoformat(text).astimezone(house.app.config.zone).date()


def _products(page: str) -> set[date]:
    """The days beside the names of the products, or those that have none because they stand still or are ready."""
    days = re.findall(rf"(?:{'|'.join(NAMES.values())}) \w{{3}} (\d+) (\w{{3}})", page)
    short = {name[:3]: month for month, name in MONTHS.items()}
    return {date(2026, short[month], int(day)) for day, month in days}


@pytest.mark.req("C-48")
def test_every_face_says_the_same_day_whatever_happens(promised: House) -> None:
    maria = promised.enter("maria")
    draft = maria.begin("prometido")
    maria.send(draft, {"productos": ["acta", "sello"]})
    faces = Faces(promised, maria.send(f"{draft}/enviar").location.split("/")[2])
    run_jobs(promised)
    filed = {"acta": date(2026, 11, 30), "sello": date(2026, 11, 25)}
    faces.say(filed["acta"], filed, filed["acta"])
    faces.mail_says(filed["acta"], filed)

    promised.clock.advance(timedelta(days=1))  # Tuesday: something is missing; the answer comes on Thursday
    faces.act("revisar", "rosa", completa="no")
    assert faces.api() == {"due_at": filed["acta"], "terms": filed}
    faces.mail_says(filed["acta"], filed)
    page = one_space(faces.maria.open(f"/tramites/{faces.number}").text)
    assert long_day(filed["acta"]) in page
    assert "El plazo está detenido" in page
    assert page.count("En pausa") == 2
    promised.clock.advance(timedelta(days=2))
    faces.act("corregir", "maria", productos=["acta", "sello"])
    answered = {"acta": date(2026, 12, 3), "sello": date(2026, 11, 30)}
    faces.say(answered["acta"], answered, answered["acta"])

    with promised.app.database.write() as conn:
        set_feriado(conn, date(2026, 11, 27), "Puente", "decreto", "Decreto 1", None, promised.clock.now())
    assert follow_calendar(promised.app) == 1
    run_jobs(promised)
    moved = {"acta": date(2026, 12, 4), "sello": date(2026, 12, 1)}
    faces.say(moved["acta"], moved, moved["acta"])
    faces.mail_says(moved["acta"], moved)

    faces.act("revisar", "rosa", completa="si")
    faces.say(moved["acta"], moved, moved["sello"], "hacer_sello")
    faces.act("hacer_sello", "rosa")
    page = one_space(faces.maria.open(f"/tramites/{faces.number}").text)
    assert "Sello de la copia Listo" in page
    assert faces.api()["due_at"] == moved["acta"]


@pytest.mark.req("C-48")
def test_what_is_overdue_is_marked_in_the_list_of_the_staff_product_by_product(promised: House) -> None:
    maria = promised.enter("maria")
    draft = maria.begin("prometido")
    maria.send(draft, {"productos": ["acta", "sello"]})
    number = maria.send(f"{draft}/enviar").location.split("/")[2]
    run_jobs(promised)
    rosa = promised.enter("rosa")
    assert "Venció" not in rosa.open("/casos").text
    promised.clock.advance(timedelta(days=3))
    rosa = promised.enter("rosa")
    assert "Venció el mié 25 nov" in one_space(rosa.open("/casos").text), "the first product, though the request is not"
    assert "Sello de la copia Venció el mié 25 nov" in one_space(rosa.open(f"/casos/{number}").text)
    assert "Sello de la copia Venció el mié 25 nov" in one_space(
        promised.enter("maria").open(f"/tramites/{number}").text
    )


@pytest.mark.req("C-48")
@pytest.mark.parametrize(("result", "word"), [("refused", "Negado"), ("abandoned", "Archivado"), (None, "Listo")])
def test_a_product_that_is_over_says_how_while_the_others_go_on(promised: House, result: str | None, word: str) -> None:
    maria = promised.enter("maria")
    draft = maria.begin("prometido")
    maria.send(draft, {"productos": ["acta", "sello"]})
    number = maria.send(f"{draft}/enviar").location.split("/")[2]
    with promised.app.database.write() as conn:
        over = {"met_at": promised.clock.now(), "result": result}
        conn.execute(term.update().where(term.c.key == "sello").values(over))
    assert f"Sello de la copia {word}" in one_space(maria.open(f"/tramites/{number}").text)
    staff = one_space(promised.enter("rosa").open(f"/casos/{number}").text)
    assert f"Sello de la copia {'Cumplido' if word == 'Listo' else word}" in staff
