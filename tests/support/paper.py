"""A small template on the real base, and documents made from it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from engine.config import ROOT, Config
from engine.documents import RenderedPdf, house, render_pdf, render_stamp, verification

CODE = "7K3M-Q9PX-2B4H"
AT = "2024-04-15T15:32:07+00:00"
TEMPLATE = """{% extends "_base/oficio.html" %}
{% block cuerpo %}{{ p.persona(nombre, "cédula de ciudadanía 091234567-5") }}<p>{{ texto }}</p>{% endblock %}
{% block firma %}{{ p.firma("Gonzalo Ñáñez", "Secretario General") }}{% endblock %}"""


def base_files() -> dict[str, bytes]:
    return {f"_base/{path.name}": path.read_bytes() for path in sorted((ROOT / "forms" / "_base").iterdir())}


def files(template: str = TEMPLATE, **more: str) -> dict[str, bytes]:
    """The bundle's files with ``forms/certificacion.html`` and others by name, dots written as two underscores."""
    extra = {f"forms/{name.replace('__', '.')}": text.encode() for name, text in more.items()}
    return {**base_files(), "forms/certificacion.html": template.encode(), **extra}


def data(**more: Any) -> dict[str, Any]:
    config = Config(public_url="https://verificar.une.example")
    return {
        "casa": house(config),
        "documento": {"titulo": "Certificación"},
        "verificacion": verification(config, CODE, "Certificación n.º SG-2024-000112"),
        "emitido": AT,
        "numero": "SG-2024-000112",
        "nombre": "María José Sagñay Güiracocha",
        "texto": "aprobó el curso.",
        **more,
    }


@cache
def certificate() -> RenderedPdf:
    """One certificate with a gap for a signature."""
    return render_pdf(files(), "certificacion.html", data())


def forms_of(process: str) -> dict[str, bytes]:
    folder: Path = ROOT / "forms" / process
    return {**base_files(), **{f"forms/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())}}


def stamp(**more: str) -> bytes:
    said = {"signer": "Gonzalo Xavier Ñáñez Villavicencio", "role": "Secretario General", "reason": "Certifica"}
    return render_stamp(base_files(), Config(), at=datetime.fromisoformat(AT), code=CODE, **{**said, **more})
