"""``escenarios.toml``: how a process is expected to go, written by its owner and played on the real engine.

Played by ``tests/processes``, by ``./run tour`` and before publishing. Each step is one thing that happens to a case.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from engine.definitions.finding import Finding
from engine.definitions.spelling import did_you_mean
from engine.errors import InvalidBundle

FILE = "escenarios.toml"
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Part):
    """Exactly one of its first seven keys says what happens."""

    task: Line | None = Field(None, alias="tarea")  # a person completes this user task
    operation: Line | None = Field(None, alias="operacion")  # the next job of this operation fails for good
    resolve: Line | None = Field(None, alias="resuelve")  # a person resolves this element's incident with a result
    clock: Literal["vence"] | None = Field(None, alias="reloj")  # time passes to the case's next timer
    message: Line | None = Field(None, alias="mensaje")
    withdraw: Line | None = Field(None, alias="retira")  # the requester withdraws, for this reason
    reserve: Line | None = Field(None, alias="reserva")  # who keeps the register reserves this acta of a session

    answers: Mapping[str, Any] = Field(default_factory=dict, alias="respuestas")
    failure: Line | None = Field(None, alias="falla")
    result: Mapping[str, Any] = Field(default_factory=dict, alias="resultado")
    correlation: Line | None = Field(None, alias="clave")
    payload: Mapping[str, Any] = Field(default_factory=dict, alias="datos")
    reason: Line | None = Field(None, alias="motivo")
    pages: Line | None = Field(None, alias="paginas")  # none: all of it
    acta: int | Literal["todas"] | None = Field(None, alias="acta")  # which one of the mesa's, from 1
    sheet: Mapping[str, Any] | None = Field(None, alias="planilla")  # how its grades are filled in

    @property
    def kind(self) -> str:
        return next(name for name in _STEPS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_thing(self) -> Step:
        told = [name for name in _STEPS if getattr(self, name) is not None]
        if len(told) != 1:
            raise ValueError(
                "Cada paso dice una sola cosa: tarea, operacion, resuelve, reloj, mensaje, retira, reserva."
            )
        for name, step in _BELONGS.items():
            if getattr(self, name) and told != [step]:
                alias = type(self).model_fields[name].alias
                raise ValueError(f"«{alias}» no va con este paso.")
        if (self.acta is not None or self.sheet is not None) and told[0] not in ("task", "message"):
            raise ValueError("«acta» y «planilla» van con una tarea o con un mensaje.")
        if self.reserve and not self.reason:
            raise ValueError("A «reserva» le falta su «motivo» legal.")
        return self


_STEPS = ("task", "operation", "resolve", "clock", "message", "withdraw", "reserve")
_BELONGS = {
    "answers": "task",
    "failure": "operation",
    "result": "resolve",
    "correlation": "message",
    "payload": "message",
    "reason": "reserve",
    "pages": "reserve",
}


PRODUCTS = {"entregado": "delivered", "rechazado": "refused", "desistido": "abandoned", "retirado": "withdrawn"}


class Expected(_Part):
    """How the case must be at the end. What is not said is not looked at."""

    status: Literal["open", "completed", "withdrawn"] = Field(alias="estado")
    outcome: Line | None = Field(None, alias="desenlace")
    documents: tuple[Line, ...] | None = Field(None, alias="documentos")  # names, in any order
    mails: tuple[Line, ...] | None = Field(None, alias="correos")  # templates without .txt, each sent at least once
    open_tasks: tuple[Line, ...] | None = Field(None, alias="tareas")
    products: Mapping[Line, Literal["entregado", "rechazado", "desistido", "retirado"]] | None = Field(
        None, alias="productos"
    )  # how each of these ended


class Scenario(_Part):
    name: Line = Field(alias="nombre")
    requester: Line | None = Field(None, alias="solicitante")  # a profile or a role; «sistema»: nobody, a timer
    filed_by: Line | None = Field(None, alias="presenta")  # the role that files it for them, in person
    start: Mapping[str, Any] = Field(default_factory=dict, alias="inicio")
    steps: tuple[Step, ...] = Field((), alias="paso")
    expected: Expected = Field(alias="espera")


class _File(_Part):
    scenarios: tuple[Scenario, ...] = Field((), alias="escenario")


def parse_scenarios(text: str) -> tuple[Scenario, ...]:
    """Raises ``InvalidBundle`` with one finding for each thing that is wrong."""
    try:
        return _File.model_validate(tomllib.loads(text)).scenarios
    except tomllib.TOMLDecodeError as error:
        raise InvalidBundle([Finding(FILE, None, f"No se puede leer: {error}.", "Corrija esa línea.")]) from error
    except ValidationError as error:
        raise InvalidBundle([_finding(dict(fault)) for fault in error.errors(include_url=False)]) from error


_KEYS = [f.alias or n for m in (Step, Expected, Scenario) for n, f in m.model_fields.items()]


def _finding(fault: dict[str, Any]) -> Finding:
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        mend = did_you_mean(str(fault["loc"][-1]), _KEYS) or "Quítela."
        return Finding(FILE, place, "No se conoce esta clave.", mend)
    if fault["type"] == "missing":
        return Finding(FILE, place, "Falta.", "Complétela.")
    if fault["type"] == "value_error":
        return Finding(FILE, place, str(fault["ctx"]["error"]), "Separe el paso en dos o quite lo que sobra.")
    return Finding(FILE, place, "El valor no es válido.", "Compárelo con los otros escenarios.")
