"""What a docente states in a file that comes back: the Word file of an acta or its form in PDF (R-37 … R-39).

Called by the mail reader and by an upload. ``read_return`` looks at the file in a process of its own, since it comes
from outside; ``compare_return`` says what makes it another acta's. Whether the grades are complete and their letters
match is ``check_load``'s to say, as for every statement.
"""

from __future__ import annotations

import json
import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.actas.examen.escala import says_absent
from engine.actas.examen.written import read_day
from engine.apart import Limits, TooHard, ask
from engine.errors import CartularioError

LARGEST = 10 * 1024 * 1024  # bytes
SECONDS = 20
MEMORY = 768 * 1024 * 1024
MOST_SAID = 8  # faults of one kind that are told one by one
_TOO_HARD = "El archivo es tan complejo que no se puede leer aquí: hágalo de nuevo sobre el que se le envió."
_TOO_LARGE = f"El archivo pasa de {LARGEST // 1024 // 1024} MB: envíe el acta sola."
_BASE = re.compile(r"(?<!Rectifica el acta )(?<!Reconstruye el acta )\b[0-9]{4}-L[0-9]{4,}-F[0-9]{4,}\b")
_COUNT = re.compile(r"\s*([0-9]{1,4})(?![0-9])")


class ReturnUnread(CartularioError):
    """The file cannot be read; ``cause``: macros, encrypted, too_large, damaged, not_acta, or flattened: a PDF without
    its fields whose text is not certain, that only a person can read."""

    status = 422
    code = "return_unread"

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message, cause=cause)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """As it was written. ``fecha`` only when it differs from the acta's."""

    n: int  # the row of the acta
    expediente: str
    nombre: str
    documento: str  # "" when the file does not say it
    nota: str
    letras: str
    fecha: str


@dataclass(frozen=True, slots=True)
class Returned:
    base: str  # what the file says that it is, inside; "" when it does not
    written_day: str
    inscriptos: int | None
    examinados: int | None
    rows: tuple[ReturnedRow, ...]
    converted: bool = False  # read from where its letters stand: what then does not agree is for a person to look at

    @property
    def fecha(self) -> date | None:
        """The acta's date; none when it is not there or is no date."""
        return read_day(self.written_day)

    @property
    def says_something(self) -> bool:
        return any(row.nota or row.letras for row in self.rows)

    @property
    def stated(self) -> list[dict[str, Any]]:
        """The rows as ``record_load`` takes them; a date that is none is told by ``compare_return``."""
        return [
            {
                "n": one.n,
                "nota": one.nota,
                "letras": one.letras,
                "ausente": says_absent(one.nota) or says_absent(one.letras),
                "fecha": read_day(one.fecha),
            }
            for one in self.rows
        ]

    def to_json(self) -> dict[str, Any]:
        return _fields(self) | {"rows": [_fields(row) for row in self.rows]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Returned:
        return cls(**{**data, "rows": tuple(ReturnedRow(**row) for row in data["rows"])})


def _fields(one: Returned | ReturnedRow) -> dict[str, Any]:
    """Not ``asdict``, which copies every text that it meets."""
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def read_return(data: bytes) -> Returned:
    """Raises ReturnUnread, or Unavailable when the reading process cannot be started."""
    if len(data) > LARGEST:
        raise ReturnUnread("too_large", _TOO_LARGE)
    try:
        answer = json.loads(ask("engine.actas.examen.returned_apart", data, Limits(SECONDS, MEMORY)))
    except TooHard as error:
        raise ReturnUnread("damaged", _TOO_HARD) from error
    if "cause" in answer:
        raise ReturnUnread(answer["cause"], answer["message"])
    return Returned.from_json(answer)


def compare_return(returned: Returned, file_name: str, acta: Mapping[str, Any]) -> list[str]:
    """What makes it another acta's than ``acta`` (as ``acta_data`` gives it), in sentences; nothing: it is that one."""
    return [*_names(returned, file_name, str(acta["base"])), *_students(returned, acta["filas"])]


def own_bases(text: str) -> set[str]:
    """The base names that a text says it is of; not that of the acta which it says it rectifies or rebuilds."""
    return set(_BASE.findall(text))


def base_of(file_name: str) -> str:
    """The name without folder and extension, exactly as it came (R-34)."""
    return posixpath.splitext(posixpath.basename(file_name.replace("\\", "/")))[0]


def read_count(written: str) -> int | None:
    """The number of «21» or «21 (veintiuno)»."""
    found = _COUNT.match(written)
    return int(found[1]) if found else None


def _names(returned: Returned, file_name: str, base: str) -> Iterator[str]:
    if (named := base_of(file_name)) != base:
        yield f"El archivo se llama «{named[:60]}» y debe conservar su nombre, «{base}» (punto 1.4)."
    if returned.base and returned.base != base:
        yield f"El archivo es el del acta {returned.base[:40]}, no el de {base}."
    if returned.written_day and returned.fecha is None:
        yield f"La fecha «{returned.written_day[:20]}» no es un día: se escribe DD/MM/AA."
    if not returned.base:
        yield f"El archivo no dice de qué acta es: use el que se le envió, {base}."


def _students(returned: Returned, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    came: set[int] = set()
    faults = []
    for one in returned.rows:
        row = _row_of(one, rows)
        if row is None:
            faults.append(f"Fila {one.n}: {one.nombre[:60] or one.expediente[:20]} no está en esta acta.")
        elif row["n"] in came:
            faults.append(f"Fila {one.n}: {one.nombre[:60]} está dos veces.")
        else:
            came.add(row["n"])
            faults += _changed(one, row)
    faults += [f"Falta {row['nombre']}, de la fila {row['n']}." for row in rows if row["n"] not in came]
    yield from faults[:MOST_SAID]
    if len(faults) > MOST_SAID:
        yield f"Y {len(faults) - MOST_SAID} diferencias más con los inscriptos."


def _row_of(one: ReturnedRow, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """By the expediente; «12/3» and «1/23» are told apart when both are there."""
    alike = [row for row in rows if _bare(str(row["expediente"])) == _bare(one.expediente)]
    same = [row for row in alike if _joined(str(row["expediente"])) == _joined(one.expediente)]
    return next(iter(same or alike), None) if len(alike) < 2 or same else None


def _changed(one: ReturnedRow, row: Mapping[str, Any]) -> Iterator[str]:
    if _bare(one.nombre) != _bare(str(row["nombre"])):
        yield f"Fila {one.n}: dice «{one.nombre[:60]}» y es {row['nombre']}."
    if one.documento and _bare(one.documento) != _bare(str(row["documento"])):
        yield f"Fila {one.n}: el documento dice «{one.documento[:30]}» y es {row['documento']}."
    if one.fecha and read_day(one.fecha) is None:
        yield f"Fila {one.n}: la fecha «{one.fecha[:20]}» no es un día: se escribe DD/MM/AA."
    if one.n != row["n"]:
        yield f"Fila {one.n}: {row['nombre']} es de la fila {row['n']}."


def _bare(text: str) -> str:
    """Letters and digits: what programs change in a text on the way (spaces, dashes, quotes) makes no difference."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text).casefold() if sign.isalnum())


def _joined(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
