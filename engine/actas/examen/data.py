"""What the templates of Anexo II and the diagrams get of an acta: plain data with Spanish names, all of it derived.

``acta_data`` is the acta itself, for documents; ``mesa_of`` and ``actas_of`` are the small variables of a case.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection

from engine.actas.examen.acta import (
    Acta,
    Enrolment,
    Mesa,
    actas_of_mesa,
    get_acta,
    get_mesa,
    students_of,
    students_of_all,
    tribunal_of,
)
from engine.actas.examen.carga import Load, Row, get_load
from engine.actas.examen.declarant import docente_of
from engine.actas.examen.escala import ABSENT, Escala, escala

LEGEND = (  # R-32, verbatim
    "Certifico que: el/la Docente que tomó el examen es quien cargó: fecha, calificaciones, total de alumnos "
    "inscriptos y total de alumnos examinados y remitió la copia del acta en formato .pdf, especificando los datos de "
    "la misma, desde su cuenta de correo electrónico registrada; esta información se resguarda en el Departamento "
    "Académico"
)
BY_HAND = {  # who loaded it, when it was not the docente whom the legend names: it is said beside it
    "normal": "Cargada por el Departamento Académico el {0}, con lo informado por escrito por el docente.",
    "rectificativa": "Cargada por el Departamento Académico el {0}, con lo informado por escrito por el docente.",
    "reconstruida": "Transcripta por la SGPyEC el {0}, de las copias reunidas en el expediente de reconstrucción.",
}
PRINTED_LEGEND = (  # R-52, verbatim
    "Es copia fiel del original digital enviado por el Departamento Académico. Archivar"
)


class House(Protocol):
    """What the header takes from the configuration (R-57)."""

    @property
    def institution(self) -> str: ...

    @property
    def actas_unit(self) -> str: ...

    @property
    def zone(self) -> tzinfo: ...


def acta_data(conn: Connection, acta_id: UUID, house: House | None = None) -> dict[str, Any]:
    """The acta as Anexo II has it; grades and totals from the accepted statement, None before there is one.

    Raises NotFound.
    """
    acta = get_acta(conn, acta_id)
    mesa, students = get_mesa(conn, acta.mesa_id), students_of(conn, acta_id)
    load = get_load(conn, acta.carga_id) if acta.carga_id else None
    said = {row.n: row for row in load.rows} if load else {}
    about = get_acta(conn, acta.about_id) if acta.about_id else None
    professors = tribunal_of(conn, mesa.id)
    scale = escala(mesa.escala)
    return {
        "id": str(acta.id),
        "base": acta.base,
        "anio": acta.year,
        "libro": acta.libro,
        "folio": acta.folio,
        "tipo": acta.kind,
        "rectifica": about.base if about and acta.kind == "rectificativa" else None,
        "reconstruye": about.base if about and acta.kind == "reconstruida" else None,
        "motivo": acta.reason,
        "estado": acta.state,
        "universidad": house.institution if house else "",
        "secretaria": house.actas_unit if house else "",
        "curso": mesa.curso,
        "codigo": mesa.codigo,
        "horas": mesa.horas,
        "fecha": (acta.fecha or mesa.fecha).isoformat(),
        "departamento": mesa.departamento_name,
        "docente": _docente(conn, mesa, load),
        "escala": {"codigo": scale.code, "desde": scale.least, "hasta": scale.most, "decimales": scale.decimals},
        "tribunal": [one.name for one in professors],
        "filas": [_row(student, said.get(student.fila), scale) for student in students],
        "inscriptos": load.inscriptos if load else None,
        "examinados": load.examinados if load else None,
        "leyenda": LEGEND,
        "observacion": _by_hand(acta, load, house.zone if house else UTC),
    }


def _docente(conn: Connection, mesa: Mesa, load: Load | None) -> str:
    """Whose statement it bears, also after another one became responsible for the mesa."""
    if load is None:
        return mesa.docente_name
    name, _ = docente_of(conn, mesa, None if load.source == "mano" else load.by, load.at)
    return name


def _by_hand(acta: Acta, load: Load | None, zone: tzinfo) -> str | None:
    """What the acta says besides its legend; None when the docente loaded it."""
    if load is None or load.source != "mano":
        return None
    return BY_HAND[acta.kind].format(f"{load.at.astimezone(zone):%d/%m/%y}")


def _row(student: Enrolment, said: Row | None, scale: Escala) -> dict[str, Any]:
    return {
        "n": student.fila,
        "expediente": student.expediente,
        "apellidos": student.apellidos,
        "nombres": student.nombres,
        "nombre": student.name,
        "tipo": student.tipo,
        "documento": student.documento,
        "calificacion": scale.printed(said.nota) if said and said.nota is not None else None,
        "letras": _letters(said, scale) if said else None,
        "ausente": said.ausente if said else False,
        "fecha": said.fecha.isoformat() if said and said.fecha else None,
    }


def _letters(said: Row, scale: Escala) -> str:
    """The scale's own, whatever was typed beside the grade that it agrees with: the statement keeps that."""
    return ABSENT if said.nota is None else scale.letters(Decimal(said.nota))


def mesa_of(conn: Connection, mesa_id: UUID) -> dict[str, Any]:
    """The variable ``mesa`` of a diagram."""
    mesa = get_mesa(conn, mesa_id)
    normal = [one.id for one in actas_of_mesa(conn, mesa_id, every=False)]
    enrolled = sum(len(rows) for rows in students_of_all(conn, normal).values())
    professors = tribunal_of(conn, mesa_id)
    return {
        "id": str(mesa.id),
        "curso": mesa.curso,
        "codigo": mesa.codigo,
        "horas": mesa.horas,
        "fecha": mesa.fecha.isoformat(),
        "departamento": mesa.departamento,
        "departamento_nombre": mesa.departamento_name,
        "docente": {"id": str(mesa.docente_id), "nombre": mesa.docente_name, "correo": mesa.docente_email},
        "tribunal": [one.name for one in professors],
        "cc": [str(one.person_id) for one in professors if one.person_id not in (None, mesa.docente_id)],
        "escala": mesa.escala,
        "inscriptos": enrolled,
    }


def acta_of(conn: Connection, acta: Acta) -> dict[str, Any]:
    """The variable ``acta`` of a diagram's instance; ``sobre`` and ``motivo`` of a later kind only."""
    about = get_acta(conn, acta.about_id) if acta.about_id else None
    return {
        "id": str(acta.id),
        "base": acta.base,
        "anio": acta.year,
        "libro": acta.libro,
        "folio": acta.folio,
        "alumnos": len(students_of(conn, acta.id)),
        "tipo": acta.kind,
        "sobre": about.base if about else None,
        "motivo": acta.reason if about else None,
    }


def actas_of(conn: Connection, mesa_id: UUID) -> list[dict[str, Any]]:
    """The variable ``actas`` of a diagram: those that the mesa was split into."""
    return [acta_of(conn, one) for one in actas_of_mesa(conn, mesa_id, every=False)]
