"""Forms like those that a process owner draws."""

from __future__ import annotations

from typing import Any

from engine.errors import InvalidAnswers
from engine.forms import Form


def schema(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": "default", "id": "prueba", "schemaVersion": 19, "components": list(components)}


def field(kind: str, key: str, label: str = "", **more: Any) -> dict[str, Any]:
    named = {"path": key} if kind == "dynamiclist" else {"key": key}
    return {"type": kind, "id": f"id_{key}", "label": label or key.capitalize(), **named, **more}


def options(*values: str) -> list[dict[str, str]]:
    return [{"value": value, "label": value.capitalize()} for value in values]


REQUIRED = {"required": True}

REQUEST = schema(
    {"type": "text", "id": "t", "text": "# Solicitud\nPida su **certificado**."},
    field(
        "checklist",
        "productos",
        "Productos",
        values=options("matriz", "institucional", "archivo"),
        validate=REQUIRED,
        properties={"mensaje": "Elija al menos un producto"},
    ),
    field("radio", "destino", "¿Dónde lo va a presentar?", values=options("pais", "exterior"), validate=REQUIRED),
    field("textfield", "lugar", "País", conditional={"hide": '=destino != "exterior"'}, validate=REQUIRED),
    field("textarea", "motivo", "Motivo", validate={"maxLength": 200}),
    field("textfield", "correo", "Correo", validate={"validationType": "email"}),
    field("number", "copias", "Copias", decimalDigits=0, validate={"min": 1, "max": 5}, defaultValue=1),
    field("filepicker", "cedula", "Copia de su cédula", accept=".pdf,.jpg", multiple=True),
    field("checkbox", "acepto", "Declaro que es cierto", validate=REQUIRED),
    {"type": "button", "id": "b", "action": "submit", "label": "Revisar mis respuestas"},
)

GRADES = schema(
    field(
        "dynamiclist",
        "alumnos",
        "Calificaciones",
        allowAddRemove=False,
        components=[
            field("textfield", "nombre", "Apellido y nombre", readonly=True),
            field(
                "number",
                "nota",
                "Calificación",
                decimalDigits=1,
                validate={"min": 0, "max": 10, "required": True},
                conditional={"hide": "=this.ausente = true"},
                properties={"letras": "En letras"},
            ),
            field("checkbox", "ausente", "Ausente"),
        ],
    )
)

STUDENTS = {
    "alumnos": [
        {"nombre": "Aguilar Ñauta, Bryan", "legajo": "EX-1"},
        {"nombre": "Álvarez, Sofía", "legajo": "EX-2"},
    ]
}

ANSWERS = {"productos": ["matriz"], "destino": "pais", "acepto": True}


def errors_of(form: Form | dict[str, Any], answers: Any, context: dict[str, Any] | None = None) -> dict[str, str]:
    """What ``clean`` refuses; empty when it accepts."""
    form = form if isinstance(form, Form) else Form(form)
    try:
        form.clean(answers, context or {})
    except InvalidAnswers as error:
        return error.errors
    return {}
