"""An acta that waits for its grades in a docente's inbox: a process of one task with a grid, over a mesa of any size."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

from engine.cases import StartCase, start_case
from engine.definitions import Bundle, publish
from engine.storage.tables import task
from tests.support import examen
from tests.support.diagrams import Diagram, properties
from tests.support.face import House

MANIFEST = """
[proceso]
id = "calificar"
titulo = "Calificar un acta"
descripcion = "Un acta, su docente."
serie = "AE"
responsable = "SGPyEC"
inician = ["sgpyec"]
[carriles]
"SGPyEC" = "sgpyec"
"Docente" = "docente"
"""


def bundle() -> Bundle:
    d = Diagram("calificar")
    d.node("startEvent", "inicio", properties(formJsonSchemaFilename="pedido.json"))
    d.node("scriptTask", "preparar", "<bpmn:script>acta = {'id': acta_id}</bpmn:script>")
    d.node("userTask", "cargar", properties(planilla="acta", formJsonSchemaFilename="carga.json"))
    d.node("endEvent", "fin", properties(desenlace="cargada"))
    d.chain("inicio", "preparar", "cargar", "fin")
    lanes = "".join(
        f'<bpmn:lane id="l{i}" name="{name}">{"".join(f"<bpmn:flowNodeRef>{r}</bpmn:flowNodeRef>" for r in refs)}</bpmn:lane>'
        for i, (name, refs) in enumerate({"SGPyEC": ["inicio", "preparar", "fin"], "Docente": ["cargar"]}.items())
    )
    diagram = d.xml().replace(
        b'isExecutable="true">', b'isExecutable="true"><bpmn:laneSet id="ls">' + lanes.encode() + b"</bpmn:laneSet>"
    )
    forms = {"pedido": "acta_id", "carga": "carga"}
    files = {"proceso.toml": MANIFEST.encode(), "proceso.bpmn": diagram}
    return Bundle("calificar", files | {f"forms/{name}.json": _form(name, key) for name, key in forms.items()})


def _form(name: str, key: str) -> bytes:
    question = {"type": "textfield", "key": key, "id": key, "label": key, "validate": {"required": True}}
    return json.dumps({"type": "default", "id": name, "schemaVersion": 19, "components": [question]}).encode()


def waiting_acta(house: House, students: int = 3) -> tuple[UUID, UUID]:
    """→ the task in the docente's inbox and the acta."""
    app, now = house.app, house.clock.now()
    mesa_id = examen.open_mesa(app.database, students)
    (acta, *_) = examen.actas(app.database, mesa_id)
    examen.bring(app.database, acta.id, "en_carga")
    with app.database.write() as conn:
        publish(conn, bundle(), None, now, app.operations)
    command = StartCase("calificar", house.people["jefa"], {"acta_id": str(acta.id)}, uuid4())
    start_case(command, app.engine)
    with app.database.read() as conn:
        return UUID(str(conn.execute(task.select()).one().id)), acta.id
