"""What the operations on an enrolled list share: the list as the form gave it, judged, with whoever is refused because
the mesa that it completes has him already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from email.errors import HeaderDefect, HeaderParseError
from email.headerregistry import Address
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.actas.examen import Enrolled, already_enrolled, judge_rows, read_enrolled
from engine.actas.examen.mesa import plain
from engine.actas.examen.student import not_written
from engine.actas.examen.tribunal_space import does_not_fit
from engine.documents import read_document
from engine.errors import NotFound, OperationFailed
from engine.mail import MalformedMail, check_address
from engine.operations.base import BaseParameters, Tools
from engine.operations.document_id import DocumentId

MOST_TOLD = 50  # refusals, or warnings, in a result: it is case data
ALREADY = "Ya está en el acta {base}, de la mesa que esta lista completa: quítelo."


def _listed(value: Any) -> Any:
    return [value] if value and not isinstance(value, list) else value or []


class InTribunal(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    nombre: str | None = Field(default=None, max_length=200)  # a row left blank names nobody
    correo: str | None = Field(default=None, max_length=254)


class ListGiven(BaseParameters):
    """The list, and which mesa it completes."""

    tribunal: list[InTribunal] = Field(
        default_factory=list,
        description="Profesores como se imprimen: nombre y, si lo hay, correo registrado. Ninguno: solo el docente.",
        max_length=20,
    )
    listado: Annotated[list[DocumentId], BeforeValidator(_listed)] = Field(
        default_factory=list, description="La lista de inscriptos: CSV, XLSX o el archivo de SIU-Guaraní.", max_length=1
    )
    alumnos: list[dict[str, Any]] | None = Field(
        default=None, description="O sus filas: expediente, apellidos, nombres, tipo, documento.", max_length=3_000
    )
    completa: DocumentId | None = Field(
        default=None, description="La mesa que esta lista completa con quienes faltaron; si no, es una mesa nueva."
    )


def judged(given: ListGiven, tools: Tools, case_id: UUID | None) -> Enrolled:
    """``case_id``: whose the list is; none, before the case begins. Raises ListRefused, OperationFailed."""
    found = _read(given.listado, given.alumnos, tools, case_id)
    if given.completa is not None:
        with tools.database.read() as conn:
            for identity, base in already_enrolled(conn, given.completa, found.students).items():
                found.refuse(identity, ALREADY.format(base=base))
    return found


def refusals(given: ListGiven, codigo: str | None, enrolled: Enrolled) -> list[str]:
    """What has to be mended, the list's own faults first, then row by row."""
    said = of_another(codigo, enrolled) if codigo else ()
    rows = (f"Línea {one.line}, {one.who}: {' '.join(one.faults)}" for one in enrolled.refused)
    return [*said, *unfit_tribunal(given), *rows]


def _read(
    listado: Sequence[UUID], alumnos: Sequence[Mapping[str, Any]] | None, tools: Tools, case_id: UUID | None
) -> Enrolled:
    country = tools.config.country
    if not listado:
        rows = [{name: str(one or "") for name, one in row.items()} for row in alumnos or []]
        return judge_rows(rows, country=country)
    with tools.database.read() as conn:
        try:
            document, data = read_document(conn, tools.archive, listado[0])
        except NotFound as error:
            raise OperationFailed("La lista de inscriptos no existe.", permanent=True) from error
    if document.case_id != case_id:
        raise OperationFailed("La lista de inscriptos es de otro trámite.", permanent=True)
    return read_enrolled(document.name, data, country=country)


def of_another(codigo: str, enrolled: Enrolled) -> Iterator[str]:
    """An exchange file names its mesa: it must be the one that is asked for."""
    mesa = enrolled.mesa
    if mesa is not None and mesa.codigo.strip().casefold() != codigo.strip().casefold():
        yield f"El archivo es de otro curso: dice código {mesa.codigo} y usted pidió {codigo}."


def unfit_tribunal(given: ListGiven) -> Iterator[str]:
    """What the acta cannot print; and addresses that no server takes would stop an acta that is loaded already."""
    names = [plain(one.nombre) for one in given.tribunal if one.nombre and one.nombre.strip()]
    if told := does_not_fit(names):
        yield told
    if told := not_written(" ".join(names)):
        yield f"El tribunal {told}"
    for name, address in ((one.nombre or "un profesor", (one.correo or "").strip()) for one in given.tribunal):
        try:
            if address:
                Address(addr_spec=check_address(address))
        except (MalformedMail, HeaderParseError, HeaderDefect, ValueError):
            yield f"El correo «{address}», de {name} del tribunal, no es una dirección: corríjalo."
