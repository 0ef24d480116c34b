"""The demo's register of session actas: some fictitious ones, rendered here and brought in as an office would bring
its own (``actas.csv`` is their index). Called by the demo's office and by the tests; a second call adds nothing. The
office asks for those of the last year too (``recent.py``), so that what it counts by month is never empty.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engine.actas import BODIES, ActaSearch, FileIn, Report, import_actas, search_actas
from engine.app import Cartulario
from engine.config import Config
from engine.documents import house, render_pdf
from web.demo.recent import recent_rows

INDEX = Path(__file__).with_name("actas.csv")
TEMPLATE = Path(__file__).with_name("acta.html")
POINTS = (
    (
        "Conocimiento del informe",
        "Se da lectura al informe de la comisión, que consta como anexo.",
        "Dar por conocido el informe y agradecer a quienes lo elaboraron.",
    ),
    (
        "Debate y resolución",
        "Se expone la propuesta, sus fundamentos y el criterio jurídico que la acompaña.",
        "Aprobar la propuesta en los términos expuestos y disponer su ejecución inmediata.",
    ),
    (
        "Encargos para la próxima sesión",
        "Se revisan los encargos pendientes de sesiones anteriores y su estado.",
        "Encargar a la Secretaría el seguimiento y un informe en la próxima sesión ordinaria.",
    ),
    (
        "Asuntos varios",
        "Se da lectura a las comunicaciones recibidas.",
        "Atender las comunicaciones por intermedio de las unidades competentes.",
    ),
)


def furnish_actas(app: Cartulario, *, recent: bool = False) -> Report:
    """Every acta of the index, through the same door as any import; nothing where there are actas already. ``recent``:
    also those whose dates go by the clock."""
    with app.database.read() as conn:
        if search_actas(conn, ActaSearch(size=1)).actas:
            return Report([], [])
    now = app.clock.now()
    index = INDEX.read_text(encoding="utf-8")
    if recent:
        index += recent_rows(now.astimezone(app.config.zone).date())
    casa = app.config.model_dump_json(include={"institution", "unit", "place", "demo"})
    files = rendered(app.config.forms_dir, casa, index)
    return import_actas(
        app.database,
        app.archive,
        (INDEX.name, index.encode()),
        [_file(name, data) for name, data in files.items()],
        by=None,
        at=now,
        zone=app.config.zone,
    )


@cache
def rendered(forms: Path, house_of: str, index: str) -> dict[str, bytes]:
    """File name → PDF. Kept: the tests furnish many offices of one institution."""
    base = {f"_base/{path.name}": path.read_bytes() for path in sorted((forms / "_base").iterdir()) if path.is_file()}
    files = base | {"forms/acta.html": TEMPLATE.read_bytes()}
    casa = house(Config(**json.loads(house_of)))
    rows = csv.DictReader(io.StringIO(index, newline=""), delimiter=";")
    return {row["archivo"]: render_pdf(files, "acta.html", {"casa": casa, "acta": _about(row)}).bytes for row in rows}


def _file(name: str, data: bytes) -> FileIn:
    return FileIn(name, len(data), lambda: data)


def _about(row: Mapping[str, str]) -> dict[str, Any]:
    """What the acta says of its session."""
    preside, secretary = (who.rsplit(",", 1)[0] for who in row["suscriben"].split("; "))
    session = "SE" if row["tipo"] == "extraordinaria" else "SO"
    return {
        **row,
        "organo": BODIES[row["organo"]],
        "hora": "09:00",
        "preside": preside,
        "secretario": secretary,
        "presentes": 7,
        "miembros": 9,
        "serie": f"{row['organo']}-{session}-{int(row['numero']):02d}-{row['fecha'][:4]}",
        "puntos": [(f"{row['titulo']}: {point[0].lower()}", *point[1:]) for point in POINTS[:2]] + list(POINTS[2:]),
    }
