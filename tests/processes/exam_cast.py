"""Who takes part in an acta de examen, in the office of the scenarios: two departments, docentes, authorities, SGPyEC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine import people
from engine.actas.examen import put_departamento
from engine.app import Cartulario
from engine.signing import DemoPki
from tests.support.kept_keys import bring_key

DEPARTMENTS = {"quimica": "Departamento de Química", "economia": "Departamento de Economía"}
CAST = {  # role, or who it is in a scenario → given names, family names
    "sgpyec": ("Ana Lucía", "Villacís Ordóñez"),
    "departamento:quimica": ("Rosa Elvira", "Peñafiel Güemes"),
    "departamento:economia": ("Tadeo", "Güemes Ibarra"),
    "docente": ("Irene", "Bermúdez Ñato"),
    "docente_suplente": ("Óscar Iván", "D'Angelo Paz"),
    "autoridad_departamental:quimica": ("Elena", "Carrión Ugarte"),
    "autoridad_departamental:economia": ("Darío", "Sagñay Lema"),
    "autoridad_gestion": ("Norma", "Güemes Dávila"),
    "tic": ("Mauro", "Quishpe Naula"),
}
ACCOUNTS: dict[str, Any] = {
    "actas": {"address": "actas.posgrado@une.example", "name": "Actas de examen, SGPyEC"},
    **{f"departamento:{code}": {"address": f"{code}@une.example", "name": name} for code, name in DEPARTMENTS.items()},
}


def bring_in(conn: Connection, app: Cartulario, pki: DemoPki, pin: str, at: datetime) -> dict[str, UUID]:
    """Once: role, or who, → person. A part of a role is known by the role itself too, the first one."""
    if people.find_person(conn, "sgpyec") is not None:
        return {}
    for code, name in DEPARTMENTS.items():
        put_departamento(conn, code, name)
    found: dict[str, UUID] = {}
    for who, (given, family) in CAST.items():
        username = who.replace(":", ".")
        found[who] = people.create_person(
            conn, username=username, given_names=given, family_names=family, email=f"{username}@une.example", at=at
        )
        role = who.removesuffix("_suplente")
        people.grant_role(conn, found[who], role, date(2024, 1, 1))
        found.setdefault(people.bare(role), found[who])
        if role == "docente":
            found[f"docente:{found[who]}"] = found[who]
        if role.startswith("autoridad_"):
            bring_key(conn, pki, found[who], f"{given} {family}", pin, at)
    return found
