"""The demo's office: people of every role, their signing keys, academic records, the published processes. All
fictitious.

Made once in an empty data folder; afterwards only what is missing is added. Called by ``stage``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine import calendar, carta, people
from engine.actas.examen import put_departamento
from engine.app import Cartulario
from engine.definitions import Bundle, publish
from engine.signing import DemoPki, add_pkcs12
from web.demo.actas import furnish_actas
from web.demo.crowd import Neighbour, crowd
from web.demo.old_actas import furnish_published_actas

PASSWORD = "cartulario-demo"  # noqa: S105 - the demo's sign-in, shown on its page
PIN = "246810"
SINCE = date(2024, 1, 1)


@dataclass(frozen=True)
class Cast:
    """One person of the demo."""

    username: str
    given: str
    family: str
    who: str  # shown beside the sign-in
    roles: tuple[str, ...] = ()
    profile: str | None = None
    identity: str | None = None
    signs: bool = False


CAST = (
    Cast("maria", "María José", "Ñáñez de la Cruz", "Estudiante", (), "estudiante", "0912345675"),
    Cast("segundo", "Segundo Manuel", "Sagñay Pilco", "Graduado", (), "graduado", "1700000019"),
    Cast("fiorella", "Fiorella", "D'Angelo", "Estudiante", (), "estudiante", "3000000012"),
    Cast("yadira", "Yadira", "Yépez Quinde", "Personal administrativo", (), "administrativo", "0105566772"),
    Cast("rosa", "Rosa Elvira", "Peñafiel Güemes", "Secretaría", ("secretaria",)),
    Cast("tadeo", "Tadeo", "Güemes", "Secretaría", ("secretaria", "archivo")),
    Cast("ana", "Ana Lucía", "Villacís Arteaga", "Jefa de Secretaría", ("secretaria", "jefe_secretaria")),
    Cast("elena", "Elena", "Carrión Ugarte", "Secretaria General: firma", ("secretario_general",), signs=True),
    Cast("dario", "Darío", "Sagñay Lema", "Desarrollo institucional: elabora", ("asistente_desarrollo",), signs=True),
    Cast("norma", "Norma", "Güemes Dávila", "Desarrollo institucional: revisa", ("experto_desarrollo",), signs=True),
    Cast("sonia", "Sonia", "Castro Yánez", "Aseguramiento de la calidad", ("director_calidad",), signs=True),
    Cast("rector", "Ignacio", "Ormaza Lara", "Rectorado", ("rectorado",)),
    Cast("auditora", "Inés", "Zambrano Brito", "Auditoría", ("auditor",)),
    Cast("duena", "Lorena", "Ibarra Tuquerres", "Dueña de procesos", ("dueno_proceso",)),
    Cast("admin", "Mauro", "Quishpe Naula", "Administración", ("administrador",)),
    Cast("posgrado", "Ana Belén", "Ordóñez Cueva", "Posgrado: recibe las actas de examen", ("sgpyec",)),
    Cast("lidia", "Lidia", "Ñauta Berrezueta", "Departamento de Química", ("departamento:quimica",)),
    Cast("gaston", "Gastón", "Ibarra Güemes", "Departamento de Economía", ("departamento:economia",)),
    Cast("irene", "Irene", "Bermúdez Ñato", "Docente", ("docente",)),
    Cast("oscar", "Óscar Iván", "D'Angelo Paz", "Docente", ("docente",)),
    Cast(
        "hernan",
        "Hernán",
        "Sagñay Quinde",
        "Autoridad de Química: firma",
        ("autoridad_departamental:quimica",),
        signs=True,
    ),
    Cast(
        "julia",
        "Julia",
        "Peñafiel Lara",
        "Autoridad de Economía: firma",
        ("autoridad_departamental:economia",),
        signs=True,
    ),
    Cast("gestion", "Norma Inés", "Carrión Paz", "Autoridad de Gestión: certifica", ("autoridad_gestion",), signs=True),
    Cast("tic", "Darwin", "Lema Güiracocha", "Tecnologías de la Información de Posgrado", ("tic",)),
)
DEPARTMENTS = {"quimica": "Departamento de Química", "economia": "Departamento de Economía"}
ACCOUNTS: dict[str, dict[str, str]] = {  # of the demo's mail: who writes, and where answers go
    "actas": {"address": "actas.posgrado@une.example", "name": "Actas de examen, Posgrado"},
    **{f"departamento:{code}": {"address": f"{code}@une.example", "name": name} for code, name in DEPARTMENTS.items()},
}

_SUBJECTS = (
    ("BIO-101", "Biología general", "2023-I", 5, 94),
    ("QUI-110", "Química orgánica", "2023-I", 6, 88.5),
    ("MAT-120", "Cálculo de varias variables", "2023-II", 6, 91),
    ("EST-201", "Estadística aplicada a las ciencias de la vida", "2024-I", 4, 86),
    ("BIO-230", "Genética y biología molecular", "2024-I", 5, 97),
    ("GES-310", "Gestión integral de cuencas hidrográficas", "2024-II", 4, 92),
)


def furnish(app: Cartulario, pki: DemoPki) -> None:
    """Everything that the demo needs before its first page."""
    _records(app.config.data_dir / "registros")
    now = app.clock.now()
    with app.database.write() as conn:
        calendar.seed_feriados(conn, app.config, range(now.year - 1, now.year + 3))
        carta.seed_edition(conn, app.config, now)
        for code, name in DEPARTMENTS.items():
            put_departamento(conn, code, name)
        for one in CAST:
            _person(conn, app, one, pki, now)
        for neighbour in crowd():
            _neighbour(conn, neighbour, now)
        for folder in sorted(app.config.bpmn_dir.iterdir()):
            if (folder / "proceso.toml").is_file() and not folder.name.startswith("_"):
                bundle = Bundle.read(app.config.bpmn_dir, app.config.forms_dir, folder.name)
                publish(conn, bundle, None, now, app.operations)
    furnish_actas(app, recent=True)
    furnish_published_actas(app)
    hints = [{"username": c.username, "password": PASSWORD, "who": f"{c.given} {c.family}: {c.who}"} for c in CAST]
    (app.config.data_dir / "demo_people.json").write_text(json.dumps(hints, ensure_ascii=False, indent=1))


def _person(conn: Connection, app: Cartulario, one: Cast, pki: DemoPki, now: datetime) -> None:
    if people.find_person(conn, one.username) is not None:
        return
    person = people.create_person(
        conn,
        username=one.username,
        given_names=one.given,
        family_names=one.family,
        email=f"{one.username}@une.example",
        password=PASSWORD,
        identity_kind="cedula" if one.identity else None,
        identity_number=one.identity,
        profile=one.profile,
        at=now,
    )
    for role in one.roles:
        people.grant_role(conn, person, role, SINCE)
    if one.signs:
        p12 = pki.person_pkcs12(f"{one.given} {one.family}", one.identity, PIN)
        add_pkcs12(conn, person, p12, PIN, "Certificado de demostración", datetime.now(UTC))


def _neighbour(conn: Connection, one: Neighbour, now: datetime) -> None:
    """Somebody of the crowd: no sign-in, as they only asked."""
    if people.find_person(conn, one.username) is None:
        people.create_person(
            conn,
            username=one.username,
            given_names=one.given,
            family_names=one.family,
            email=f"{one.username}@une.example",
            identity_kind="cedula",
            identity_number=one.identity,
            profile=one.profile,
            at=now,
        )


def _records(folder: Path) -> None:
    """The file-based academic system."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        _record(
            one.identity,
            one.given,
            one.family,
            one.profile,
            "Ingeniería en Biotecnología",
            "Facultad de Ciencias e Ingeniería",
        )
        for one in CAST
        if one.identity
    ]
    rows += [_record(one.identity, one.given, one.family, one.profile, one.career, one.faculty) for one in crowd()]
    rows += [row | {"carrera": _other_career(row["carrera"])} for row in rows if row["estado"] == "Graduado"]
    (folder / "registros.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def _other_career(career: str) -> str:
    """Every graduate is in two careers, and is asked which; one of them is that of the scenarios."""
    ours = ("Ingeniería en Biotecnología", "Licenciatura en Enfermería")
    return ours[0] if career == ours[1] else ours[1]


def _record(
    identity: str | None, given: str, family: str, profile: str | None, career: str, faculty: str
) -> dict[str, Any]:
    subjects = [dict(zip(("codigo", "materia", "periodo", "creditos", "nota"), s, strict=True)) for s in _SUBJECTS]
    graduated = profile == "graduado"
    return {
        "identidad": identity,
        "apellidos": family,
        "nombres": given,
        "carrera": career,
        "facultad": faculty,
        "modalidad": "Presencial",
        "estado": "Graduado" if graduated else "Matriculado",
        "ingreso": "2023-I",
        "egreso": "2025-I" if graduated else "",
        "escala": 100,
        "promedio": 91.42,
        "materias": subjects,
    }
