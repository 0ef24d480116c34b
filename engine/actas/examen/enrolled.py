"""The list of enrolled students that a Departamento sends (R-28): CSV, XLSX or SIU-Guaraní's exchange file.

Called by the pages and operations that open a mesa. Every row is judged and told with its line; what is kept is kept
by who calls, and only when nothing was refused: half a list is no list. docs/siu_guarani.md describes the formats.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.actas.examen.exchange import Mesa, NotExchange, read_exchange
from engine.actas.examen.sheet import Line, Unread, csv_lines, xlsx_lines
from engine.actas.examen.student import COLUMNS, Student, read_student
from engine.errors import CartularioError

LARGEST = 5 * 1024 * 1024  # bytes
NAMES = {  # how lists call the columns, without accents or signs
    "expediente": ("expediente", "expte", "legajo", "nro de expediente", "n de expediente", "numero de expediente"),
    "apellidos": ("apellidos", "apellido", "apellido s", "apellido y nombre", "apellidos y nombres",
                  "apellido y nombre completos", "apellido y nombres", "alumno"),
    "nombres": ("nombres", "nombre", "nombre s"),
    "tipo": ("tipo", "tipo doc", "tipo documento", "tipo de documento", "tipo de doc"),
    "documento": ("documento", "nro documento", "numero de documento", "nro de documento", "n documento", "nro doc",
                  "n de documento", "num doc"),
}  # fmt: skip
_KNOWN = {said: column for column, names in NAMES.items() for said in names}
SAME_NAME = "Se llama igual que el de la línea {line}, con otro documento: compruebe que son dos personas."
SAME_NUMBER = "La línea {line} tiene el mismo número, como {kind}: compruebe que son dos personas."
_ZIP = b"PK\x03\x04"


class ListRefused(CartularioError):
    """The list as a whole cannot be read; the sentence says what to mend."""

    status = 422
    code = "list_refused"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    line: int  # of a CSV or XLSX, as a person counts them; of an exchange file, which student
    who: str  # what the row says of the student, to find it
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Of a row that is taken: what a person should look at."""

    line: int
    who: str
    said: str


@dataclass(slots=True)
class Enrolled:
    students: list[Student] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)  # identity → its line
    ignored: list[str] = field(default_factory=list)  # columns that say nothing to an acta
    mesa: Mesa | None = None  # an exchange file says for which

    @property
    def complete(self) -> bool:
        """Nothing was refused: only then may it be kept."""
        return bool(self.students) and not self.refused

    def refuse(self, identity: str, why: str) -> None:
        """A student whom the rows alone do not refuse."""
        for one in [one for one in self.students if one.identity == identity]:
            self.students.remove(one)
            self.refused.append(RefusedRow(self.lines[identity], f"{one.name} {one.documento}"[:80], (why,)))


def read_enrolled(name: str, data: bytes, *, country: str = "AR") -> Enrolled:
    """``country``: whose rules a cédula follows. Raises ListRefused."""
    if not data:
        raise ListRefused("El archivo está vacío: elija el de la lista.")
    if len(data) > LARGEST:
        raise ListRefused(f"La lista pasa de {LARGEST // 1024 // 1024} MB: no es de una mesa de examen.")
    try:
        if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            exchange = read_exchange(data)
            return _judged(enumerate(exchange.students, 1), country, mesa=exchange.mesa)
        lines = xlsx_lines(data, _knows) if data.startswith((_ZIP, b"\xd0\xcf\x11\xe0")) else csv_lines(data, _knows)
    except (Unread, NotExchange) as error:
        raise ListRefused(str(error)) from error
    if not lines:
        wanted = ", ".join(COLUMNS)
        raise ListRefused(f"«{name[:80]}» no tiene una fila de títulos que se reconozca. Las columnas son: {wanted}.")
    columns, ignored = _columns(lines[0])
    return _judged(((line.number, _values(line, columns)) for line in lines[1:]), country, ignored=ignored)


def judge_rows(rows: Sequence[Mapping[str, str]], *, country: str = "AR") -> Enrolled:
    """The same judgement for rows written on a form. Raises ListRefused."""
    return _judged(enumerate(rows, 1), country)


def _judged(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    country: str,
    *,
    mesa: Mesa | None = None,
    ignored: Sequence[str] = (),
) -> Enrolled:
    found = Enrolled(mesa=mesa, ignored=list(ignored))
    people = found.lines
    files: dict[str, int] = {}
    names: dict[str, tuple[str, int]] = {}
    numbers: dict[str, tuple[str, int]] = {}
    for line, values in rows:
        student, faults = read_student(values, country)
        if student is not None:
            for key, seen, what in (
                (student.identity, people, "El mismo documento está en la línea {line}: deje una de las dos."),
                (student.expediente.upper(), files, "El mismo expediente está en la línea {line}: corrija uno."),
            ):
                if seen.setdefault(key, line) != line:
                    faults.append(what.format(line=seen[key]))
        if student is None or faults:
            found.refused.append(RefusedRow(line, _who(values), tuple(faults)))
        else:
            found.students.append(student)
            name = " ".join(sorted(_bare(student.name).split()))
            for key, known, said in ((name, names, SAME_NAME), (student.documento, numbers, SAME_NUMBER)):
                kind, earlier = known.setdefault(key, (student.tipo, line))
                if earlier != line:
                    found.notices.append(Notice(line, student.name, said.format(line=earlier, kind=kind)))
    if not found.students and not found.refused:
        raise ListRefused("La lista no tiene ningún alumno: un acta necesita al menos uno.")
    return found


def _knows(cells: Sequence[str]) -> int:
    """A heading names at least who and with which document."""
    found = {_KNOWN.get(_bare(cell)) for cell in cells}
    return len(found - {None}) if {"apellidos", "documento"} <= found else 0


def _columns(heading: Line) -> tuple[dict[str, int], list[str]]:
    columns: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(heading.cells):
        column = _KNOWN.get(_bare(cell))
        if column is None:
            ignored += [cell] if cell else []
        elif column in columns:
            raise ListRefused(f"Dos columnas dicen lo mismo («{heading.cells[columns[column]]}» y «{cell}»): deje una.")
        else:
            columns[column] = place
    joined = _bare(heading.cells[columns["apellidos"]])
    optional = {"nombres"} if "nombre" in joined or joined == "alumno" else set()
    if missing := [name for name in COLUMNS if name not in columns and name not in optional]:
        raise ListRefused(f"A la lista le falta la columna «{missing[0]}».")
    return columns, ignored


def _values(line: Line, columns: Mapping[str, int]) -> dict[str, str]:
    return {name: line.cells[place] if place < len(line.cells) else "" for name, place in columns.items()}


def _bare(text: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(sign))
    return " ".join(
        "".join(sign if sign.isalnum() else " " for sign in plain.replace("º", "").replace("°", "")).split()
    )


def _who(values: Mapping[str, str]) -> str:
    said = ", ".join(part for part in (values.get("apellidos", ""), values.get("nombres", "")) if part)
    return " ".join(f"{said} {values.get('documento', '')}".split())[:80]
