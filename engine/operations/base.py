"""What an operation is: the bridge from a service task of a diagram to something that the office can do.

One operation per file; ``inbound/worker.py`` runs it outside every lock and transaction. ``Call.key`` is the
idempotency key of its effects: the same call may arrive again after a crash, and must then record nothing twice and
give the same result. Parameters and results are Pydantic models, documented in Spanish for those who draw diagrams;
``cartulario operations`` prints them and the check of a diagram compares names with them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.clock import Clock
from engine.config import Config
from engine.documents import TemplateFault
from engine.errors import InvalidAnswers, OperationFailed
from engine.mail import Mailer
from engine.storage.unit_of_work import Database


class Bundle(Protocol):
    """What operations need of a process's bundle: its files, by name ("forms/entrega.txt", "_base/membrete.html")."""

    @property
    def files(self) -> Mapping[str, bytes]: ...


class Definition(Protocol):
    @property
    def bundle(self) -> Bundle: ...

    @property
    def manifest(self) -> Any: ...


class Definitions(Protocol):
    """The store of published versions; ``definitions`` is no capability, so operations see it through this."""

    def get(self, version_id: UUID) -> Any:
        """A ``Definition``."""
        ...


class OpenCase(Protocol):
    def __call__(self, process: str, answers: Mapping[str, Any], about: UUID, request_id: UUID) -> str:
        """The number of the case that begins, about the one that asks for it; the same request, the same case. Raises
        what ``cases.start_case`` raises."""
        ...


@dataclass(frozen=True)
class Tools:
    """The parts of the application that operations may use; built once in ``app.py``."""

    config: Config
    clock: Clock
    database: Database
    definitions: Definitions
    archive: Any  # engine.archive.Archive
    signing: Any  # engine.signing.Signing
    mailer: Mailer
    calendar: Any  # connection → engine.calendar.Calendar
    open_case: OpenCase


@dataclass(frozen=True)
class Call:
    """One execution of a service task."""

    key: str
    case_id: UUID
    case_number: str
    process: str
    version_id: UUID
    element: str
    requester_id: UUID | None  # none: the case was started by a timer or a message
    round: int  # how often a person had the job tried again
    at: datetime  # when the diagram asked: the same at every attempt
    tools: Tools


class BaseParameters(BaseModel):
    """Base of every operation's parameters: a name that is not declared is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BaseResult(BaseModel):
    """Base of every result: small JSON that becomes the task's result variable; documents by id."""

    model_config = ConfigDict(extra="forbid", frozen=True)


P = TypeVar("P", bound=BaseParameters)


class Operation(ABC, Generic[P]):
    name: ClassVar[str]
    summary: ClassVar[str]  # one sentence in Spanish, for the owner of a process
    Parameters: type[P]
    Result: type[BaseResult]
    by_hand: ClassVar[bool] = False  # whether a person may say its result when it fails: what they know or did, such as
    # a record read in the books; never a document, a check, or what becomes of an acta

    def review(self, files: Mapping[str, bytes], template: str, data: Any) -> list[TemplateFault]:
        """What is wrong with a template that it would fill, for the check of a bundle; ``data``: the fields that the
        diagram gives it, by name, none when that is not known. An operation without templates finds nothing."""
        return []

    def foresee(self, parameters: P, tools: Tools) -> list[str]:
        """What it would refuse of a request that is not sent yet, in sentences for who fills it in; its files are of no
        case so far, and whoever calls has seen that they are that person's. Most operations refuse nothing."""
        return []

    @abstractmethod
    def run(self, parameters: P, call: Call) -> BaseResult:
        """Do it. Raises only ``OperationFailed``: ``permanent`` when trying again would not help."""


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Card:
    """An operation as its owner reads it."""

    name: str
    summary: str
    parameters: tuple[Field, ...]
    result: tuple[Field, ...]


def describe(operation: Operation[Any]) -> Card:
    return Card(operation.name, operation.summary, _fields(operation.Parameters), _fields(operation.Result))


def check_parameters(operation: Operation[Any], names: Collection[str]) -> list[str]:
    """What is wrong with the names of the parameters that a diagram gives; sentences that say the mend."""
    known = operation.Parameters.model_fields
    listed = ", ".join(known) or "ninguno"
    unknown = [
        f"«{operation.name}» no conoce el parámetro «{name}»: quítelo o use uno de: {listed}."
        for name in names
        if name not in known
    ]
    missing = [
        f"A «{operation.name}» le falta el parámetro «{name}»: {field.description or 'agréguelo'}"
        for name, field in known.items()
        if field.is_required() and name not in names
    ]
    return unknown + missing


def perform(operation: Operation[Any], raw: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """Validate the parameters, run, and give the result as JSON. Raises ``OperationFailed``."""
    try:
        parameters = operation.Parameters.model_validate(dict(raw))
    except ValidationError as error:
        raise OperationFailed(_what_is_wrong(operation, error), permanent=True) from error
    return operation.run(parameters, call).model_dump(mode="json")


def said_by_hand(operation: Operation[Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """The operation's result as a person says it. Raises InvalidAnswers under ``result``."""
    try:
        return operation.Result.model_validate(dict(result)).model_dump(mode="json")
    except ValidationError as error:
        raise InvalidAnswers({"result": f"No es un resultado de «{operation.name}»: {_faults(error)}."}) from error


def _what_is_wrong(operation: Operation[Any], error: ValidationError) -> str:
    return f"Los parámetros de «{operation.name}» no son correctos: {_faults(error)}. Corrija el diagrama o los datos."


def _faults(error: ValidationError) -> str:
    return "; ".join(
        f"«{'.'.join(str(part) for part in fault['loc']) or '(todos)'}»: {fault['msg']}" for fault in error.errors()
    )


def _fields(model: type[BaseModel]) -> tuple[Field, ...]:
    schema = model.model_json_schema().get("properties", {})
    return tuple(
        Field(name, _kind(schema.get(name, {})), field.is_required(), field.description or "")
        for name, field in model.model_fields.items()
    )


_KINDS = {
    "string": "texto",
    "integer": "número entero",
    "number": "número",
    "boolean": "sí o no",
    "array": "lista",
    "object": "datos",
    "null": "nada",
}


def _kind(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " o ".join(dict.fromkeys(_kind(option) for option in schema["anyOf"]))
    return _KINDS.get(schema.get("type", ""), "datos")
