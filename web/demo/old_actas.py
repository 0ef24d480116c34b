"""The demo's exam actas of the year before: signed, locked and published, so that there are some to rectify and to
rebuild. Called by the demo's office and by the tests; a second call adds nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.actas import examen
from engine.actas.examen.printed import printed
from engine.app import Cartulario
from engine.config import Config
from engine.documents import house, render_pdf, store_document, verification
from engine.errors import NotFound
from engine.people import people_with_role
from engine.signing import sign_pdf

COURSES = (  # one acta each, 2025-L0001-F0001 and on
    ("P-2050", "Química analítica de aguas naturales"),
    ("P-2051", "Cinética de reacciones en fase líquida"),
    ("P-2052", "Espectroscopía de moléculas orgánicas"),
    ("P-2053", "Electroquímica de interfases"),
)
BASE = "2025-L0001-F0001"
SAT = date(2025, 3, 3)
AT = datetime(2025, 3, 10, 14, 0, tzinfo=UTC)
STUDENTS = (
    ("PG-0101/24", "Alvarado Ñauta", "Rosa Elena", "DNI", "30112233", "8"),
    ("PG-0102/24", "Güemes Ibarra", "Tomás", "DNI", "30445566", "8"),
    ("PG-0103/24", "Quinde D'Angelo", "Lucía", "DNI", "31778899", None),
)
STEPS = ("enviada", "en_carga", "cargada", "en_control", "a_firma", "firmada", "recibida", "validada", "con_notas")


def furnish_published_actas(app: Cartulario) -> None:
    with app.database.read() as conn:
        try:
            examen.acta_by_base(conn, BASE)
            return
        except NotFound:
            pass
    publish_courses(app, COURSES)


def publish_courses(app: Cartulario, courses: Sequence[tuple[str, str]]) -> list[str]:
    """An acta of each, of the same students and grades: their names. A tour needs more than the demo has."""
    with app.database.write() as conn:
        made = [_open(conn, app, *course) for course in courses]
        for acta in made:
            for state in STEPS:
                _go(conn, app, acta, state)
            examen.lock_acta(conn, acta.id, job_key=f"{acta.base} bloqueada", by=None, at=AT)
        examen.publish(conn, [one.id for one in made], examen.Schedule.of(app.config), app.clock.now())
    return [one.base for one in made]


def _open(conn: Connection, app: Cartulario, code: str, course: str) -> examen.Acta:
    docente = people_with_role(conn, "docente", SAT)[0]
    new = examen.NewMesa(
        curso=course,
        codigo=code,
        horas=60,
        fecha=SAT,
        departamento="quimica",
        docente_id=docente.id,
        escala=app.config.grade_scale,
        students=[examen.Student(*row[:5]) for row in STUDENTS],
    )
    how: dict[str, Any] = {"capacity": app.config.libro_capacity, "by": None, "at": AT, "zone": app.config.zone}
    return examen.actas_of_mesa(conn, examen.open_mesa(conn, new, job_key=f"mesa {code}", **how))[0]


def _go(conn: Connection, app: Cartulario, acta: examen.Acta, to: str) -> None:
    how: dict[str, Any] = {"job_key": f"{acta.base} {to}", "by": None, "at": AT}
    if to == "cargada":
        load = examen.record_load(conn, acta.id, source="mano", by=None, at=AT, **_stated(app))
        examen.accept_grades(conn, acta.id, load.id, zone=app.config.zone, **how)
    elif to == "con_notas":
        examen.load_grades(conn, acta.id, **how)
    else:
        document = _signed(conn, app, acta.id) if to == "firmada" else None
        examen.move_acta(conn, acta.id, to, document_id=document, **how)


def _stated(app: Cartulario) -> dict[str, Any]:
    scale = examen.escala(app.config.grade_scale)
    rows = [
        {"n": n, "nota": mark or "", "letras": scale.letters(scale.read(mark)) if mark else "", "ausente": mark is None}
        for n, (*_, mark) in enumerate(STUDENTS, 1)
    ]
    return {"rows": rows, "fecha": SAT, "inscriptos": len(rows), "examinados": len(rows) - 1}


def _signed(conn: Connection, app: Cartulario, acta_id: UUID) -> UUID:
    """The paper, with the institution's seal in the place of the authority's signature of that time."""
    casa = app.config.model_dump_json(include={"institution", "unit", "place", "demo", "actas_unit", "public_url"})
    acta = printed(examen.acta_data(conn, acta_id, app.config))
    key = app.signing.seal
    code = f"ACTA-2025-{acta['folio']:04d}"
    paper = _paper(app.config.forms_dir, casa, json.dumps(acta | {"id": None}), code)
    with ThreadPoolExecutor(1) as apart:  # who furnishes may have an event loop of its own
        data = apart.submit(sign_pdf, paper, key, app.signing, level="B-B", at=AT).result()
    document = store_document(
        conn,
        app.archive,
        case_id=None,
        kind="issued",
        name=f"{acta['base']}.pdf",
        title=f"Acta de Examen, libro {acta['libro']}, folio {acta['folio']}",
        media_type="application/pdf",
        data=data,
        code=code,
        facts=[("Curso", str(acta["curso"]))],
        signatures=[{"signer": key.name, "serial": key.serial, "level": "B-B", "at": AT.isoformat()}],
        at=AT,
    )
    return document.id


@cache
def _paper(forms: Path, house_of: str, acta: str, code: str) -> bytes:
    """Kept: the tests furnish many offices of one institution."""
    folders = (("_base/", forms / "_base"), ("forms/", forms / "_comunes"))
    files = {f"{to}{path.name}": path.read_bytes() for to, folder in folders for path in sorted(folder.iterdir())}
    config, told = Config(**json.loads(house_of)), json.loads(acta)
    checked = verification(config, code, f"Acta {told['base']}")
    given = {"acta": told, "casa": house(config), "verificacion": checked, "numero": told["base"]}
    return render_pdf(files, "acta.html", given | {"documento": {"titulo": told["base"], "codigo": code}}).bytes
