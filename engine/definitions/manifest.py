"""``proceso.toml``: what a process says about itself beside its diagram. Written by process owners in Spanish, read by
everybody through English names. Strict: an unknown key is an error that suggests the right one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from engine.definitions.finding import Finding
from engine.definitions.part import Code, Line, Part, Text
from engine.definitions.service import Fee, Service
from engine.definitions.spelling import did_you_mean
from engine.errors import InvalidBundle

FILE = "proceso.toml"

Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]


class Product(Part):
    """A product of the Carta with its commitment in business days."""

    code: Code = Field(alias="codigo")
    name: Line = Field(alias="nombre")
    days: int = Field(alias="dias", ge=1, le=365)
    description: Text | None = Field(None, alias="descripcion")


class DocumentType(Part):
    """A document that the process makes: its template and the level of its signature."""

    template: Line = Field(alias="plantilla")
    level: Level = Field("B-B", alias="nivel")
    title: Line | None = Field(None, alias="titulo")


class _Process(Part):
    id: Code
    title: Line = Field(alias="titulo")
    description: Text = Field(alias="descripcion")
    service: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{1,2}$")] | None = Field(None, alias="servicio")
    series: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,6}$")] = Field(alias="serie")
    profiles: tuple[Literal["estudiante", "graduado", "administrativo", "externo"], ...] = Field((), alias="perfiles")
    desk_profiles: tuple[Literal["estudiante", "graduado", "administrativo", "externo"], ...] = Field(
        (), alias="perfiles_mostrador"
    )  # only when staff file for them (C-10)
    starters: tuple[Code, ...] = Field((), alias="inician")  # roles that may start it; none: whoever has the profile
    responsible: Line = Field(alias="responsable")
    legal_basis: tuple[Text, ...] = Field((), alias="base_legal")


class _Data(Part):
    title: Code | None = Field(None, alias="titulo")
    products: Code | None = Field(None, alias="productos")  # the variable that lists the products asked for
    search: tuple[Code, ...] = Field((), alias="buscar")
    withdraw_until: Code | None = Field(None, alias="retiro_hasta")
    readers: tuple[Code, ...] | None = Field(None, alias="lectores")  # who reads every case; none: those of its lanes


class Manifest(Part):
    process: _Process = Field(alias="proceso")
    lanes: dict[Line, Code] = Field(default_factory=dict, alias="carriles")
    data: _Data = Field(default_factory=lambda: _Data.model_validate({}), alias="datos")
    products: tuple[Product, ...] = Field((), alias="producto")
    service: Service = Field(default_factory=lambda: Service.model_validate({}), alias="servicio")
    documents: dict[Code, DocumentType] = Field(default_factory=dict, alias="documentos")

    @property
    def id(self) -> str:
        return self.process.id

    @property
    def title(self) -> str:
        return self.process.title

    @property
    def days(self) -> int | None:
        """The longest commitment among its products, in business days; none when the Carta promises no term."""
        return max((product.days for product in self.products), default=None)


def parse_manifest(text: str) -> Manifest:
    """Raises ``InvalidBundle`` with one finding for each thing that is wrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidBundle(
            [Finding(FILE, None, f"No se puede leer: {error}.", "Corrija la línea que se indica.")]
        ) from error
    try:
        return Manifest.model_validate(_tuples(raw))
    except ValidationError as error:
        raise InvalidBundle(list(_findings(error))) from error


def _tuples(value: Any) -> Any:
    """TOML has lists; the frozen model keeps tuples, and strict mode does not convert."""
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


_KEYS = {
    field.alias or name
    for model in (_Process, _Data, Manifest, Product, DocumentType, Service, Fee)
    for name, field in model.model_fields.items()
}
_SAYINGS = {
    "missing": "Falta.",
    "string_type": "Debe ser un texto entre comillas.",
    "string_too_short": "Está vacío.",
    "string_too_long": "Es demasiado largo.",
    "string_pattern_mismatch": "No tiene la forma esperada.",
    "int_type": "Debe ser un número entero.",
    "greater_than_equal": "Debe ser {ge} o más.",
    "less_than_equal": "Debe ser {le} o menos.",
    "too_short": "Escriba al menos uno.",
    "float_type": "Debe ser un número.",
    "tuple_type": "Debe ser una lista entre corchetes.",
    "dict_type": "Debe ser una sección.",
    "model_type": "Debe ser una sección.",
}
_FORMS = {
    "serie": 'De 2 a 6 mayúsculas, como "SG".',
    "servicio": 'Letra y número de la Carta, como "B2".',
    "moneda": 'Tres mayúsculas, como "USD".',
}


def _findings(error: ValidationError) -> Iterator[Finding]:
    for fault in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in fault["loc"])
        key = str(fault["loc"][-1]) if fault["loc"] else ""
        if fault["type"] == "extra_forbidden":
            yield Finding(FILE, place, "No se conoce esta clave.", did_you_mean(key, _KEYS) or "Quítela.")
        elif fault["type"] == "literal_error":
            yield Finding(
                FILE,
                place,
                "No es un valor permitido.",
                f"Use uno de: {fault['ctx']['expected']}.".replace(" or ", " o "),
            )
        else:
            saying = _SAYINGS.get(fault["type"], "No es válido.").format(**fault.get("ctx", {}))
            yield Finding(FILE, place, saying, _mend(fault["type"], key))


def _mend(kind: str, key: str) -> str:
    if kind == "string_pattern_mismatch":
        return _FORMS.get(key, "Minúsculas, números y «_»: es un nombre interno.")
    return "Complétela." if kind == "missing" else "Corríjalo."
