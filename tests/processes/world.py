"""An office that runs real processes: people of every role, a demonstration authority, a mail server, records.

What a scenario needs, with nothing pretended: documents are rendered, sealed and signed, letters leave over SMTP.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from engine import carta, people
from engine.app import Cartulario, build
from engine.clock import FixedClock
from engine.config import ROOT, Config
from engine.definitions import Bundle, publish
from engine.signing import DemoPki
from tests.processes import exam_cast
from tests.support.kept_keys import bring_key
from tests.support.smtp import Behaviour, SmtpServer
from web.demo.actas import furnish_actas
from web.demo.old_actas import furnish_published_actas

PIN = "246813"
OF_A_PUBLISHED_ACTA = ("acta_rectificativa", "reconstruir_acta")
OPENS = {"solicitar_copia_acta": ("reconstruir_acta_sesion", "reconstruir_acta")}  # by open_case
OF_EXAMS = ("acta_examen", *OF_A_PUBLISHED_ACTA, "digitalizar_actas")
ROLES = (
    "secretaria",
    "secretario_general",
    "rectorado",
    "jefe_secretaria",
    "archivo",
    "administrador",
    "dueno_proceso",
    "asistente_desarrollo",
    "experto_desarrollo",
    "director_calidad",
)
SIGNERS = ("secretario_general", "asistente_desarrollo", "experto_desarrollo", "director_calidad")
REQUESTERS = {  # profile → given names, family names, cédula
    "estudiante": ("María José", "Ñáñez de la Cruz", "0912345675"),
    "graduado": ("Segundo Manuel", "Sagñay Pilco", "1700000019"),
    "administrativo": ("Yadira", "Yépez Quinde", "3000000012"),
    "externo": ("Óscar Iván", "D'Angelo", None),
}
RECORD = {
    "identidad": "0912345675",
    "apellidos": "Ñáñez de la Cruz",
    "nombres": "María José",
    "carrera": "Ingeniería en Biotecnología",
    "facultad": "Facultad de Ciencias e Ingeniería",
    "modalidad": "Presencial",
    "estado": "Matriculado",
    "ingreso": "2023-I",
    "egreso": "",
    "escala": 100,
    "promedio": 91.47,
    "materias": [
        {"codigo": "BIO-101", "materia": "Biología general", "periodo": "2023-I", "creditos": 5, "nota": 94},
        {"codigo": "QUI-110", "materia": "Química orgánica", "periodo": "2023-I", "creditos": 6, "nota": 88.5},
    ],
}
GRADUATE = RECORD | {
    "identidad": "1700000019",
    "apellidos": "SAGNAY PILCO",
    "nombres": "Segundo Manuel",
    "estado": "Graduado",
    "egreso": "2025-II",
}
RECORDS = (RECORD, GRADUATE, GRADUATE | {"carrera": "Licenciatura en Enfermería", "promedio": 88.5})


@dataclass(frozen=True)
class World:
    app: Cartulario
    clock: FixedClock
    requesters: dict[str, UUID]  # profile → who has it
    staff: dict[str, UUID]  # role → who holds it
    smtp: Behaviour
    pki: DemoPki

    @property
    def requester(self) -> UUID:
        return self.requesters["estudiante"]

    def person(self, who: str) -> UUID:
        """Of a profile, or the holder of a role."""
        return self.requesters.get(who) or self.staff[who]

    def publish(self, process: str, bpmn: Path = ROOT / "bpmn", forms: Path = ROOT / "forms") -> UUID:
        bundle = Bundle.read(bpmn, forms, process)
        for opened in OPENS.get(process, ()):
            self.publish(opened)
        if process == "solicitar_copia_acta":
            furnish_actas(self.app)
        if process in OF_EXAMS:
            with self.app.database.write() as conn:
                self.staff.update(exam_cast.bring_in(conn, self.app, self.pki, PIN, self.clock.now()))
        if process in OF_A_PUBLISHED_ACTA:
            furnish_published_actas(self.app)
        with self.app.database.write() as conn:
            return publish(conn, bundle, None, self.clock.now(), self.app.operations)


@contextmanager
def open_world(database_url: str, folder: Path, pki: DemoPki) -> Iterator[World]:
    records = folder / "registros"
    records.mkdir()
    (records / "registros.json").write_text(json.dumps(RECORDS, ensure_ascii=False), encoding="utf-8")
    with SmtpServer() as smtp:
        config = Config(
            database_url=database_url,
            data_dir=folder,
            academic_records=records,
            demo=True,
            smtp_port=smtp.port,
            mail_accounts=exam_cast.ACCOUNTS,
            **pki.settings(),
        )
        clock = FixedClock(_office_morning(config))
        app = build(config, clock)
        requesters, staff = _people(app, pki, clock.now())
        with app.database.write() as conn:
            carta.seed_edition(conn, config, clock.now())
        yield World(app, clock, requesters, staff, smtp.behaviour, pki)
        app.close()


def _people(app: Cartulario, pki: DemoPki, at: datetime) -> tuple[dict[str, UUID], dict[str, UUID]]:
    requesters, staff = {}, {}
    with app.database.write() as conn:
        for profile, (given, family, cedula) in REQUESTERS.items():
            requesters[profile] = people.create_person(
                conn,
                username=profile,
                given_names=given,
                family_names=family,
                email=f"{profile}@une.example",
                identity_kind="cedula" if cedula else None,
                identity_number=cedula,
                profile=profile,
                at=at,
            )
        for role in ROLES:
            family = f"Peñafiel {role.replace('_', ' ').title()}"
            staff[role] = people.create_person(
                conn, username=role, given_names="Rosa Elvira", family_names=family, email=f"{role}@une.example", at=at
            )
            people.grant_role(conn, staff[role], role, date(2024, 1, 1))
            if role in SIGNERS:
                bring_key(conn, pki, staff[role], f"Rosa Elvira {family}", PIN, at)
    return requesters, staff


def _office_morning(config: Config) -> datetime:
    """Ten in the morning of the first Monday not before today: signatures are stamped with the hour of the machine."""
    today = datetime.now(UTC).astimezone(config.zone).replace(hour=10, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=-today.weekday() % 7)).astimezone(UTC)
