"""What the API takes and gives of tasks, incidents, the audit and verification; the rest is in ``schemas``."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from web.api.schemas import Answers, PersonOut
from web.api.text import GivenInstant, In, Out, Reason, ShortText, Text

# --- tasks -----------------------------------------------------------------------------------------------------------


class TaskQuery(In):
    tab: Literal["mias", "grupos", "todas", "pospuestas"] = "mias"
    process: ShortText | None = None
    due: Literal["vencidas", "hoy", "semana", "pausa", "sin_plazo"] | None = None
    role: ShortText | None = None
    q: ShortText = ""
    sort: ShortText = Field("", description="Claves separadas por comas; «-» delante, al revés.")
    after: ShortText | None = Field(None, description="El «next» de la página anterior.")


class TaskLine(Out):
    id: UUID
    name: str
    element: str
    role: str
    case_number: str
    case_title: str
    process: str
    requester: str | None
    due_at: datetime | None
    opened_at: datetime
    snoozed_until: datetime | None
    assignee: PersonOut | None
    comments: int
    can_do: bool


class TaskList(Out):
    items: list[TaskLine]
    next: str | None


class CountOut(Out):
    value: int
    capped: bool


class Counts(Out):
    mias: CountOut
    grupos: CountOut
    todas: CountOut
    pospuestas: CountOut


class TaskOut(Out):
    id: UUID
    name: str
    element: str
    role: str
    status: str
    case_number: str
    case_title: str
    process: str
    requester: PersonOut | None
    assignee: PersonOut | None
    opened_at: datetime
    due_at: datetime | None
    snoozed_until: datetime | None
    draft: dict[str, Any] | None
    can_complete: bool
    can_claim: bool
    can_release: bool
    can_assign: bool
    can_snooze: bool
    form: dict[str, Any] | None = Field(description="Reglas de las respuestas, como JSON Schema.")
    values: dict[str, Any] | None = Field(description="Lo que el trámite ya sabe de cada respuesta.")
    signs: bool = Field(description="Puede pedir el PIN del certificado.")


class Assignment(In):
    to: UUID
    note: ShortText = ""


class Snooze(In):
    until: GivenInstant | None = Field(description="null: traerla de vuelta ahora.")


class Draft(In):
    answers: Answers


class Saved(Out):
    at: datetime


class Completion(In):
    answers: Answers = Field(default_factory=dict)
    request_id: UUID
    pin: Text | None = Field(None, max_length=200, json_schema_extra={"writeOnly": True, "format": "password"})
    signed: UUID | None = Field(None, description="El archivo firmado con otro programa, subido en /uploads.")


# --- incidents, audit ------------------------------------------------------------------------------------------------


class Retry(In):
    reason: Reason
    request_id: UUID


class Resolution(Retry):
    result: dict[str, Any]


class ChainOut(Out):
    number: str
    events: int
    head: str
    intact: bool
    broken_at: int | None
    reason: str | None


class ReplayOut(Out):
    number: str
    events: int
    identical: bool
    differs_at: int | None
    reason: str | None


class SealOut(Out):
    n: int
    at: datetime
    cases: int
    events: int
    hash: str


class SealList(Out):
    items: list[SealOut]


class DiscrepancyOut(Out):
    number: str
    kind: Literal["edited", "deleted", "truncated", "inserted"]
    n: int | None
    sentence: str


class SealReportOut(Out):
    seal: SealOut
    intact: bool
    discrepancies: list[DiscrepancyOut]


class Exported(Out):
    """A file of ours, as it is kept."""

    model_config = ConfigDict(extra="allow")

    format: str


class HeldSeal(In):
    seal: Text = Field(description="El texto exacto del archivo guardado.", max_length=200_000_000)


class LaterActa(Out):
    """A published acta that says otherwise than an exam acta that is verified."""

    base: str
    kind: str = Field(description="rectificativa o reconstruida.")
    code: str | None
    filas: list[int] = Field(description="Las filas que cambió; ninguna: el acta entera.")


class VerifiedDocument(Out):
    code: str
    title: str
    sha256: str
    issued_at: datetime
    facts: list[list[str]]
    signatures: list[dict[str, Any]]
    superseded_by: list[LaterActa] = Field(description="Las actas posteriores que la rectifican o reconstruyen.")


class AnswerOut(Out):
    state: Literal["ok", "warning", "bad", "unknown"]
    text: str


class SignerOut(Out):
    """The least that identifies a signature; the certificate itself is in the file."""

    model_config = ConfigDict(extra="ignore")

    name: str
    issuer: str
    at: str | None
    at_proved: bool
    level: str
    intact: bool
    trusted: bool
    demo: bool
    problem: str | None


class VerdictOut(Out):
    """Integrity, trust, changes and archive are four answers: a bad one never hides behind three good ones."""

    accepted: bool
    summary: str
    answers: dict[str, AnswerOut]
    signers: list[SignerOut]
    code: str | None
    superseded_by: list[LaterActa] = Field(description="Las actas posteriores que la rectifican o reconstruyen.")
