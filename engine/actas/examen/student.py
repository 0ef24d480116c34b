"""One student of an enrolled list, judged whole: every fault at once, each with its mend. Called by ``enrolled``.

What is accepted is kept as it will be printed: composed Unicode, single spaces, the document in its one written form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from stdnum.ar import cuit, dni
from stdnum.ec import ci
from stdnum.exceptions import ValidationError

from engine.letters import unprintable

COLUMNS = ("expediente", "apellidos", "nombres", "tipo", "documento")
TYPES = {
    "DNI": "Documento Nacional de Identidad",
    "CUIL": "Código Único de Identificación Laboral",
    "LE": "Libreta de Enrolamiento",
    "LC": "Libreta Cívica",
    "CI": "Cédula de identidad",
    "PAS": "Pasaporte",
    "DE": "Documento extranjero",
}
_SAID = {
    "CUIT": "CUIL",
    "PASAPORTE": "PAS",
    "PASS": "PAS",
    "CEDULA": "CI",
    "CEDULA DE IDENTIDAD": "CI",
    "CEDULA DE CIUDADANIA": "CI",
    "LIBRETA DE ENROLAMIENTO": "LE",
    "LIBRETA CIVICA": "LC",
    "DOCUMENTO EXTRANJERO": "DE",
    "DOCUMENTO NACIONAL DE IDENTIDAD": "DNI",
}
LONGEST_NAME = 130  # letters of surnames and names: two lines of the acta
LONGEST_FILE = 20
_EXPEDIENTE = re.compile(r"[0-9A-Za-zÀ-ÿ][0-9A-Za-zÀ-ÿ /.º°_-]*")
_OTHER = re.compile(r"(?=.*[0-9])[A-Z0-9][A-Z0-9 .-]{3,18}[A-Z0-9]")
_JOINTS = str.maketrans("", "", " .-")  # «AB-123456», «AB 123456» and «AB123456» are one passport
_PREFIXES = ("20", "23", "24", "27")  # of the CUIL of a person
_NAME_SIGNS = " '’.-ªº()"  # «Gómez (h)», as families of one name are told apart
_GARBLED = re.compile("[ÃÂ][\u0080-\u00bf]|\ufffd")


class Identified(Protocol):
    """A student of a list, of an acta or of a history."""

    @property
    def tipo(self) -> str: ...
    @property
    def documento(self) -> str: ...
    @property
    def identity(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Student:
    """``documento`` in its one written form: figures and letters alone, no zero before a DNI."""

    expediente: str
    apellidos: str
    nombres: str
    tipo: str
    documento: str

    @property
    def name(self) -> str:
        return f"{self.apellidos}, {self.nombres}" if self.nombres else self.apellidos

    @property
    def identity(self) -> str:
        return identity_of(self.tipo, self.documento)


def identity_of(tipo: str, documento: str) -> str:
    """The same for one person, whether the list gives the DNI or the CUIL that holds it."""
    if tipo in ("DNI", "CUIL"):
        return f"DNI {(documento[2:10] if tipo == 'CUIL' else documento).lstrip('0')}"
    return f"{tipo} {documento.translate(_JOINTS)}"


def numbers_of(tipo: str, documento: str) -> set[str]:
    """Every way in which a list may have this person's document, to be looked for in an index."""
    if tipo not in ("DNI", "CUIL"):
        return {documento, documento.translate(_JOINTS)}
    dni_number = identity_of(tipo, documento).removeprefix("DNI ")
    whole = dni_number.zfill(8)
    if len(whole) != 8 or not (whole.isascii() and whole.isdigit()):
        return {documento}
    cuils = {f"{prefix}{whole}{cuit.calc_check_digit(prefix + whole)}" for prefix in _PREFIXES}
    return {dni_number, dni_number.zfill(7), whole, documento, *cuils}


def read_student(values: Mapping[str, str], country: str) -> tuple[Student | None, list[str]]:
    """The student, or why not. ``country``: whose rules a cédula follows, EC or AR."""
    faults: list[str] = []
    given = {name: _plain(name, values.get(name, ""), faults) for name in COLUMNS}
    surnames, names = _names(given["apellidos"], given["nombres"], faults)
    kind = _kind(given["tipo"], faults)
    number = _document(kind, given["documento"], country, faults) if kind else ""
    if not given["expediente"]:
        faults.append("Falta el expediente.")
    elif len(given["expediente"]) > LONGEST_FILE or not _EXPEDIENTE.fullmatch(given["expediente"]):
        faults.append(f"El expediente «{given['expediente'][:30]}» no se admite: letras, cifras, «/» y «-», hasta 20.")
    if faults:
        return None, faults
    return Student(given["expediente"], surnames, names, kind, number), []


def _plain(name: str, value: str, faults: list[str]) -> str:
    text = " ".join(unicodedata.normalize("NFC", value).replace("\u00a0", " ").split())
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Cn") for sign in text):
        faults.append(f"«{name}» lleva signos que no se ven: bórrelo y escríbalo otra vez.")
        return "".join(sign for sign in text if unicodedata.category(sign)[0] != "C")
    if _GARBLED.search(text):
        faults.append(f"«{name}» tiene los acentos mal leídos («{text[:30]}»): guarde la lista como «CSV UTF-8».")
    return text


def _names(surnames: str, names: str, faults: list[str]) -> tuple[str, str]:
    if not names and "," in surnames:  # «Apellido, Nombre» in one column
        surnames, _, names = (part.strip() for part in surnames.partition(","))
    if not surnames:
        faults.append("Falta el apellido.")
    for what, text in (("El apellido", surnames), ("El nombre", names)):
        if strange := [sign for sign in text if not _of_a_name(sign)]:
            faults.append(f"{what} «{text[:40]}» lleva «{strange[0]}»: escríbalo en letras latinas, completo.")
        elif told := not_written(text):
            faults.append(f"{what} «{text[:40]}» {told}")
        elif text and not any(sign.isalpha() for sign in text):
            faults.append(f"{what} «{text[:40]}» no tiene letras.")
    if len(surnames) + len(names) + 2 > LONGEST_NAME:
        faults.append(f"El apellido y el nombre pasan de {LONGEST_NAME} letras: consulte cómo abreviarlos.")
    return surnames, names


def _of_a_name(sign: str) -> bool:
    latin = sign.isalpha() and ord(sign) <= 0x1EFF and unicodedata.name(sign, "").startswith("LATIN")
    return latin or sign in _NAME_SIGNS or unicodedata.category(sign) == "Mn"


def not_written(text: str) -> str | None:
    """What is wrong with a text of an acta that its letter cannot set: the acta would have a box in its place."""
    if not (strange := unprintable(text)):
        return None
    place = text.index(strange[0])
    shown = text[max(0, place - 1) : place + 1] if unicodedata.combining(strange[0]) else strange[0]
    return f"lleva «{shown}» (U+{ord(strange[0]):04X}), que el acta no puede escribir: use otra letra o consúltelo."


def _kind(written: str, faults: list[str]) -> str:
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFD", written.upper().replace(".", ""))
        if not unicodedata.combining(sign)
    )
    kind = _SAID.get(plain, plain)
    if kind in TYPES:
        return kind
    what = f"El tipo de documento «{written[:20]}» no se conoce" if written else "Falta el tipo de documento"
    faults.append(f"{what}: use {', '.join(TYPES)}.")
    return ""


def _document(kind: str, written: str, country: str, faults: list[str]) -> str:
    if not written:
        faults.append("Falta el documento.")
        return ""
    checks: dict[str, tuple[Callable[[str], str], str]] = {
        "DNI": (_dni, "son 7 u 8 cifras"),
        "LE": (_dni, "son 7 u 8 cifras"),
        "LC": (_dni, "son 7 u 8 cifras"),
        "CUIL": (_cuil, "son 11 cifras, empieza con 20, 23, 24 o 27 y la última comprueba las demás"),
    }
    if country == "EC":
        checks["CI"] = (ci.validate, "son 10 cifras y la última comprueba las demás")
    check, mend = checks.get(kind, (_other, "son de 5 a 20 letras y cifras"))
    try:
        return check(written)
    except ValidationError:
        faults.append(f"{kind} «{written[:25]}»: revíselo, {mend}.")
        return ""


def _dni(written: str) -> str:
    return str(dni.validate(written)).lstrip("0")


def _cuil(written: str) -> str:
    compact = str(cuit.validate(written))
    if compact[0] != "2":  # 30 and more are companies
        raise ValidationError
    return compact


def _other(written: str) -> str:
    if not _OTHER.fullmatch(written.upper()):
        raise ValidationError
    return written.upper().translate(_JOINTS)
