"""An edition of the Carta de Servicios: everything that the printed document says, as data (C-1 … C-58).

Read from ``bpmn/revisar_carta/carta.toml`` (the first) or from the row of ``carta_edition`` (any): both have the same
Spanish keys, as has ``/carta.json``. Frozen: a published edition never changes. Raises ``InvalidEdition``.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from engine.errors import InvalidEdition
from engine.words import business_days

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
ServiceCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{1,2}$")]

SECTIONS = 8
CATALOGUE_COLUMNS = ("Servicio", "Descripción", "Producto de la estructura", "Tiempo", "Responsable")  # C-25
HISTORY_COLUMNS = ("Edición", "Fecha", "Modificaciones realizadas")  # C-50
ORDINALS = ("Primera", "Segunda", "Tercera", "Cuarta", "Quinta", "Sexta", "Séptima", "Octava", "Novena", "Décima")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, str_strip_whitespace=True)


class Attribution(_Part):
    """``letter`` as printed: two are «e»; ``id`` is unique. ``within`` is printed on, in the same paragraph."""

    id: Id
    letter: Line = Field(alias="letra")
    text: Text = Field(alias="texto")
    within: tuple[Attribution, ...] = Field((), alias="dentro")
    items: tuple[Attribution, ...] = Field((), alias="incisos")


class Commitment(_Part):
    """A product of a service with its term in business days."""

    code: Id = Field(alias="codigo")
    name: Line = Field(alias="nombre")
    days: int = Field(alias="dias", ge=1, le=365)

    @property
    def term(self) -> str:
        """TIEMPO, as the Carta prints it."""
        return business_days(self.days)


class Service(_Part):
    code: ServiceCode = Field(alias="codigo")
    number: int = Field(alias="numero", ge=1)
    name: Line = Field(alias="nombre")
    description: Text = Field(alias="descripcion")
    responsible: Line = Field(alias="responsable")
    products: tuple[Commitment, ...] = Field(alias="productos", min_length=1)


class Management(_Part):
    """A «gestión»: the services for one profile of users."""

    letter: Line = Field(alias="letra")
    title: Line = Field(alias="titulo")
    intro: Text = Field(alias="presentacion")
    profile: Line = Field(alias="perfil")
    services: tuple[Service, ...] = Field(alias="servicios", min_length=1)


class Responsible(_Part):
    """``role`` and ``reports_to`` are functions of the system, whose dated holders ``engine.people`` knows."""

    text: Text = Field(alias="texto")
    role: Id = Field(alias="funcion")
    reports_to: Id = Field(alias="reporta_a")


class Change(_Part):
    edition: Line = Field(alias="edicion")
    date: datetime.date = Field(alias="fecha")
    changes: Text = Field(alias="modificaciones")


class Indicator(_Part):
    code: Id = Field(alias="codigo")
    text: Line = Field(alias="texto")


class IndicatorGroup(_Part):
    title: Line = Field(alias="titulo")
    indicators: tuple[Indicator, ...] = Field(alias="indicadores", min_length=1)


class Signature(_Part):
    """Who answers for the document, in the order of signing. ``role`` is the function that signs it in the system."""

    office: Line = Field(alias="unidad")
    act: Line = Field(alias="accion")
    name: Line = Field(alias="nombre")
    title: Line = Field(alias="cargo")
    role: Id = Field(alias="funcion")


class Edition(_Part):
    number: int = Field(alias="edicion", ge=1)
    code: Line = Field(alias="codigo")
    date: datetime.date = Field(alias="fecha")
    institution: Line = Field(alias="institucion")
    unit: Line = Field(alias="unidad")
    title: Line = Field(alias="titulo")
    full_title: Line = Field(alias="titulo_completo")
    sections: tuple[Line, ...] = Field(alias="secciones", min_length=SECTIONS, max_length=SECTIONS)
    mission: Text = Field(alias="mision")
    responsible: Responsible = Field(alias="responsable")
    attributions_intro: Text = Field(alias="atribuciones_presentacion")
    attributions: tuple[Attribution, ...] = Field(alias="atribuciones", min_length=1)
    managements: tuple[Management, ...] = Field(alias="gestiones", min_length=1)
    norms: tuple[Text, ...] = Field(alias="normas", min_length=1)
    history: tuple[Change, ...] = Field(alias="historico", min_length=1)
    indicators: tuple[IndicatorGroup, ...] = Field(alias="indicadores", min_length=1)
    signatures: tuple[Signature, ...] = Field(alias="firmas", min_length=1)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        for what, codes in (
            ("servicio", [service.code for service in self.services()]),
            ("atribución", [one.id for one in self.every_attribution()]),
            ("indicador", [one.code for group in self.indicators for one in group.indicators]),
            *(("producto de " + s.code, [p.code for p in s.products]) for s in self.services()),
        ):
            if twice := next((code for code in codes if codes.count(code) > 1), None):
                raise ValueError(f"el código «{twice}» de {what} está repetido")
        if len(self.history) != self.number:
            raise ValueError("el histórico de cambios debe tener una fila por edición")
        return self

    @property
    def ordinal(self) -> str:
        """1ª"""
        return f"{self.number}ª"

    @property
    def ordinal_word(self) -> str:
        """Primera"""
        return ordinal_word(self.number)

    @property
    def hash(self) -> str:
        """SHA-256 of its canonical JSON."""
        canonical = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)

    def services(self) -> Iterator[Service]:
        for management in self.managements:
            yield from management.services

    def service(self, code: str) -> Service | None:
        return next((service for service in self.services() if service.code == code), None)

    def management_of(self, code: str) -> Management | None:
        return next((one for one in self.managements if any(s.code == code for s in one.services)), None)

    def every_attribution(self) -> Iterator[Attribution]:
        """In the order of the page, those inside others too."""
        for one in self.attributions:
            yield one
            yield from (*one.within, *one.items)

    @classmethod
    def from_toml(cls, text: str) -> Edition:
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InvalidEdition([f"carta.toml no se puede leer: {error}."]) from error
        return cls.read(raw)

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Edition:
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            raise InvalidEdition(list(_faults(error))) from error


def ordinal_word(number: int) -> str:
    """As the histórico names its editions: Primera … Décima, then 11ª."""
    return ORDINALS[number - 1] if number <= len(ORDINALS) else f"{number}ª"


_SAYINGS = {
    "missing": "falta",
    "string_too_short": "está vacío",
    "string_too_long": "es demasiado largo",
    "extra_forbidden": "no se conoce esta clave",
    "greater_than_equal": "debe ser 1 o más",
    "less_than_equal": "debe ser 365 o menos",
    "int_parsing": "debe ser un número entero",
    "string_pattern_mismatch": "no tiene la forma esperada",
    "too_short": "le faltan filas",
}


def _faults(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in fault["loc"])
        saying = _SAYINGS.get(fault["type"], str(fault["msg"]).removeprefix("Value error, "))
        yield f"{place}: {saying}." if place else f"{saying[:1].upper()}{saying[1:]}."
