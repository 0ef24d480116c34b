"""Look up an exam acta by its base name, as the person who asked may see it: for what is done about it afterwards."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from sqlalchemy import Connection

from engine.actas.examen import (
    LOCKED,
    WORDS,
    Acta,
    acta_data,
    acta_of,
    actas_about,
    copies_of,
    get_mesa,
    in_course,
    mesa_of,
    rebuilt_as,
    require_in_scope,
    scope_of,
    steps_of,
)
from engine.documents import list_documents
from engine.errors import NotFound
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import named_acta, refusals_told
from engine.people import roles_of


class Sought(BaseParameters):
    acta: str = Field(description="Su nombre, como 2021-L0012-F0034.", max_length=60)


class ActaFound(BaseResult):
    hallada: bool = Field(description="Existe, y quien lo pidió puede verla.")
    bloqueada: bool = Field(description="Está bloqueada: solo se corrige o se reconstruye con otra.")
    motivo: str = Field(description="Por qué no se puede seguir; vacío cuando está bloqueada.")
    acta: dict[str, Any] | None = Field(description="El acta: id, base, anio, libro, folio, alumnos.")
    mesa: dict[str, Any] | None = Field(description="Su mesa.")
    filas: list[dict[str, Any]] = Field(description="Una por alumno: fila, alumno, documento, consta.")
    opciones: list[dict[str, str]] = Field(description="Las mismas, para elegirlas en un formulario.")
    pasos: list[str] = Field(description="Los trámites registrados del acta, como «10/03/2025: Firmada».")
    ejemplar: str = Field(description="Dónde está su ejemplar impreso, según lo último que se anotó.")
    en_lugar: str = Field(description="La reconstruida que tiene su lugar, por su nombre; vacío si ninguna.")
    rectificada_por: list[str] = Field(description="Las rectificativas bloqueadas que tratan de ella, por su nombre.")
    en_reconstruccion: str = Field(description="El trámite que ya la reconstruye, abierto antes que este; o vacío.")
    papeles: list[str] = Field(description="Los otros documentos de ella que el sistema conserva, por su nombre.")


class FindActa(Operation[Sought]):
    name = "find_acta"
    summary = "Busca un acta de examen por su nombre, con lo que consta de cada alumno."
    Parameters = Sought
    Result = ActaFound

    def run(self, parameters: Sought, call: Call) -> ActaFound:
        with refusals_told(), call.tools.database.read() as conn:
            try:
                acta = named_acta(conn, parameters.acta)
                _require_seen(conn, acta, call)
            except NotFound:
                return _none(f"No hay un acta «{parameters.acta.strip()[:40]}» a su alcance: revise el nombre.")
            return _found(conn, acta, call)


def _require_seen(conn: Connection, acta: Acta, call: Call) -> None:
    if call.requester_id is None:
        return
    today = call.at.astimezone(call.tools.config.zone).date()
    require_in_scope(conn, acta, scope_of(call.requester_id, roles_of(conn, call.requester_id, today, call.process)))


def _found(conn: Connection, acta: Acta, call: Call) -> ActaFound:
    data, mesa = acta_data(conn, acta.id, call.tools.config), get_mesa(conn, acta.mesa_id)
    rows = [
        {
            "fila": row["n"],
            "alumno": row["nombre"],
            "documento": f"{row['tipo']} {row['documento']}",
            "consta": _said(row),
        }
        for row in data["filas"]
    ]
    places = [step.place for step in copies_of(conn, acta.id) if step.place]
    locked = acta.state in LOCKED
    taken = rebuilt_as(conn, acta.id)
    return ActaFound(
        hallada=True,
        bloqueada=locked,
        motivo=_why_not(acta, taken),
        acta=acta_of(conn, acta),
        mesa=mesa_of(conn, mesa.id),
        filas=rows,
        opciones=[
            {
                "value": str(row["fila"]),
                "label": f"{row['fila']}. {row['alumno']}",
                "description": f"{row['documento']}: consta {row['consta']}",
            }
            for row in rows
        ],
        pasos=[
            f"{step.at.astimezone(call.tools.config.zone):%d/%m/%Y}: {WORDS[step.to]}"
            for step in steps_of(conn, acta.id)
        ],
        ejemplar=places[-1] if places else "No consta dónde está.",
        en_lugar=taken.base if taken else "",
        rectificada_por=[
            one.base for one in actas_about(conn, acta.id) if one.kind == "rectificativa" and one.state in LOCKED
        ],
        en_reconstruccion=in_course(conn, acta.base, call.case_id) or "",
        papeles=_papers(conn, acta),
    )


def _why_not(acta: Acta, taken: Acta | None) -> str:
    if acta.state not in LOCKED:
        return f"El acta {acta.base} está «{WORDS[acta.state]}»: se corrige en su propio trámite."
    return f"La reconstruida {taken.base} tiene el lugar del acta {acta.base}: nombre la {taken.base}." if taken else ""


def _papers(conn: Connection, acta: Acta) -> list[str]:
    """What its own case made or kept of it: the docente's letter, the form, the copy; not the original."""
    kept = list_documents(conn, acta.case_id) if acta.case_id else []
    names = (one.name for one in kept if one.name.startswith(acta.base) and one.sha256 != acta.original_sha256)
    return sorted(set(names) - {f"{acta.base}.pdf"})


def _said(row: dict[str, Any]) -> str:
    if row["ausente"]:
        return "ausente"
    return f"{row['calificacion']} ({row['letras']})" if row["calificacion"] else "sin nota"


def _none(why: str) -> ActaFound:
    return ActaFound(
        hallada=False, bloqueada=False, motivo=why, acta=None, mesa=None, filas=[], opciones=[], pasos=[], ejemplar="",
        en_lugar="", rectificada_por=[], en_reconstruccion="", papeles=[],
    )  # fmt: skip
