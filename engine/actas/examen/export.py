"""Grades for SIU-Guaraní (R-8): those of published actas, in JSON by docs/siu_guarani.schema.json or as CSV.

Called by the page of the mesa and by the command line. Nothing of an acta that is not published leaves: before that a
grade does not exist for anybody outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen.acta import Acta, Mesa, actas_of_mesa, get_acta, get_mesa, students_of, tribunal_of
from engine.actas.examen.calificacion import grades_of
from engine.actas.examen.carga import Load, get_load
from engine.actas.examen.declarant import docente_of
from engine.actas.examen.exchange import FORMAT, GRADES, VERSION
from engine.actas.examen.superseded import replaced_rows
from engine.errors import NotFound
from engine.spreadsheet import Value, csv_lines
from engine.storage.tables import acta, historia_academica, mesa_examen

MESA = ("mesa", "codigo", "curso", "horas", "fecha_mesa", "departamento")
ACTA = ("acta", "libro", "folio", "tipo_acta", "rectifica")
STUDENT = ("renglon", "expediente", "apellidos", "nombres", "tipo", "documento", "calificacion", "letras", "ausente")
COLUMNS = (*MESA, *ACTA, *STUDENT, "fecha", "condicion", "reemplazada_por")


def export_grades(conn: Connection, mesa_id: UUID, at: datetime) -> dict[str, Any]:
    """The exchange file of a mesa, as JSON data. Raises NotFound when nothing of it is published."""
    mesa = get_mesa(conn, mesa_id)
    published = [one for one in actas_of_mesa(conn, mesa_id) if one.published_at is not None and one.published_at <= at]
    if not published:
        raise NotFound("Esa mesa no tiene actas publicadas: antes de su día las notas no salen.")
    return {
        "formato": FORMAT,
        "version": VERSION,
        "contenido": GRADES,
        "generado": at.astimezone(UTC).isoformat(timespec="seconds"),
        "mesa": _mesa(conn, mesa),
        "actas": [_acta(conn, one, mesa, at) for one in published],
    }


def export_csv(exported: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The same of one or more mesas, a row for each student of each acta, as a spreadsheet reads it."""
    return csv_lines(COLUMNS, (row for one in exported for row in _rows(one)))


def _rows(exported: dict[str, Any]) -> Iterator[list[Value]]:
    mesa = exported["mesa"]
    activity = mesa["actividad"]
    of_mesa = {
        "mesa": mesa["id"], "codigo": activity["codigo"], "curso": activity["nombre"], "horas": activity["horas"],
        "fecha_mesa": mesa["fecha"], "departamento": mesa["departamento"],
    }  # fmt: skip
    for sheet in exported["actas"]:
        of_acta = {
            "acta": sheet["nombre"], "libro": sheet["libro"], "folio": sheet["folio"], "tipo_acta": sheet["tipo"],
            "rectifica": sheet["rectifica"],
        }  # fmt: skip
        for student in sheet["alumnos"]:
            row = of_mesa | of_acta | student | {"ausente": "si" if student["ausente"] else "no"}
            yield [row[name] for name in COLUMNS]


def published_mesas(conn: Connection, since: datetime, until: datetime) -> list[UUID]:
    """Mesas of which something was published from ``since`` until before ``until``, the first first."""
    query = (
        sa.select(mesa_examen.c.id, sa.func.min(acta.c.published_at))
        .join_from(mesa_examen, acta, acta.c.mesa_id == mesa_examen.c.id)
        .where(acta.c.published_at >= since, acta.c.published_at < until)
        .group_by(mesa_examen.c.id)
        .order_by(sa.func.min(acta.c.published_at), mesa_examen.c.id)
    )
    return [UUID(str(row.id)) for row in conn.execute(query)]


def _mesa(conn: Connection, mesa: Mesa) -> dict[str, Any]:
    return {
        "id": mesa.exchange_ref or str(mesa.id),
        "actividad": {"codigo": mesa.codigo, "nombre": mesa.curso, "horas": mesa.horas},
        "fecha": mesa.fecha.isoformat(),
        "departamento": mesa.departamento,
        "docente": {"nombre": mesa.docente_name, "correo": mesa.docente_email},
        "tribunal": [{"nombre": one.name, "correo": one.email} for one in tribunal_of(conn, mesa.id)],
    }


def _acta(conn: Connection, one: Acta, mesa: Mesa, at: datetime) -> dict[str, Any]:
    grades = {grade.fila: grade for grade in grades_of(conn, one.id)}
    shown = set(conn.scalars(sa.select(historia_academica.c.fila).where(historia_academica.c.acta_id == one.id)))
    replaced, rows = replaced_rows(conn, one.id, at), []
    for student in students_of(conn, one.id):
        if student.fila not in shown:  # rebuilt after it was rectified: what was rectified holds
            continue
        grade = grades[student.fila]
        rows.append(
            {
                "renglon": student.fila,
                "expediente": student.expediente,
                "apellidos": student.apellidos,
                "nombres": student.nombres,
                "tipo": student.tipo,
                "documento": student.documento,
                "calificacion": grade.nota,
                "letras": grade.letras,
                "ausente": grade.ausente,
                "fecha": grade.fecha.isoformat(),
                "condicion": grade.condicion,
                "reemplazada_por": replaced.get(student.fila),
            }
        )
    load = get_load(conn, one.carga_id) if one.carga_id else None
    return {
        "nombre": one.base,
        "anio": one.year,
        "libro": one.libro,
        "folio": one.folio,
        "tipo": one.kind,
        "rectifica": get_acta(conn, one.about_id).base if one.about_id else None,
        "docente": _docente(conn, mesa, load),
        "fecha": ((load and load.fecha) or mesa.fecha).isoformat(),
        "inscriptos": len(rows),
        "examinados": sum(1 for row in rows if not row["ausente"]),
        "sha256": one.original_sha256,
        "alumnos": rows,
    }


def _docente(conn: Connection, mesa: Mesa, load: Load | None) -> dict[str, str]:
    """Who answered for the grades, also when another one is responsible for the mesa by now."""
    name, email = mesa.docente_name, mesa.docente_email
    if load is not None:
        name, email = docente_of(conn, mesa, None if load.source == "mano" else load.by, load.at)
    return {"nombre": name, "correo": email}
