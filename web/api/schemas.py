"""What the API takes and gives, as Pydantic models; the OpenAPI document is made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from web.api.text import Flag, GivenInstant, In, LongText, Out, Reason, ShortText, Text

Answers = dict[str, Any]


class Problem(Out):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: dict[str, str] | None = None
    reference: str | None = None


# --- people ----------------------------------------------------------------------------------------------------------


class PersonOut(Out):
    id: UUID
    full_name: str
    sort_name: str
    username: str


class Me(PersonOut):
    email: str
    profile: str | None
    roles: list[str]


# --- services --------------------------------------------------------------------------------------------------------


class ProductOut(Out):
    code: str
    name: str
    description: str | None = None
    days: int


class Service(Out):
    process: str
    version: int
    title: str
    description: str | None
    service: str | None
    profiles: list[str]
    products: list[ProductOut]


class ServiceForm(Service):
    form: dict[str, Any] | None = Field(description="Reglas de las respuestas, como JSON Schema.")


class ServiceList(Out):
    items: list[Service]


# --- cases -----------------------------------------------------------------------------------------------------------


class NewCase(In):
    process: ShortText
    answers: Answers = Field(default_factory=dict)
    request_id: UUID = Field(description="Repetido, no cambia nada y responde lo mismo.")
    requester: UUID | None = Field(None, description="Quien solicita, si otra persona presenta por ella.")


class Receipt(Out):
    case_id: UUID
    number: str
    event: int | None
    opened: list[UUID]
    due_at: datetime | None
    status: Literal["open", "completed", "withdrawn"]
    outcome: str | None


class CaseQuery(In):
    q: ShortText = ""
    process: ShortText | None = None
    status: Literal["open", "completed", "withdrawn"] | None = None
    since: GivenInstant | None = None
    until: GivenInstant | None = None
    troubled: Flag = False
    after: ShortText | None = Field(None, description="El «next» de la página anterior.")
    limit: int = Field(50, ge=1, le=200)


class CaseLine(Out):
    id: UUID
    number: str
    title: str
    process: str
    status: str
    outcome: str | None
    requester: str | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


class CaseList(Out):
    items: list[CaseLine]
    next: str | None


class OwnCase(Out):
    id: UUID
    number: str
    title: str
    process: str
    status: str
    outcome: str | None
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    asks: UUID | None = Field(description="La tarea que espera su respuesta.")


class OwnCaseList(Out):
    items: list[OwnCase]


class TermOut(Out):
    key: str
    days: int
    started_at: datetime
    due_at: datetime
    original_due_at: datetime
    paused_at: datetime | None
    met_at: datetime | None


class OpenTaskOut(Out):
    id: UUID
    name: str
    element: str
    role: str
    assignee: PersonOut | None
    opened_at: datetime
    due_at: datetime | None
    paused: bool
    can_do: bool


class DocumentOut(Out):
    id: UUID
    kind: str
    name: str
    title: str
    media_type: str
    size: int
    code: str | None
    scan: str
    released_at: datetime | None
    created_at: datetime


class CommentOut(Out):
    id: UUID
    author: PersonOut | None
    text: str
    at: datetime


class IncidentOut(Out):
    id: UUID
    element: str
    cause: str
    permanent: bool
    opened_at: datetime


class CaseOut(Out):
    relation: Literal["requester", "staff", "auditor"]
    id: UUID
    number: str
    title: str
    process: str
    version_id: UUID
    status: str
    outcome: str | None
    facts: dict[str, Any]
    requester: PersonOut | None
    opened_at: datetime
    due_at: datetime | None
    paused_at: datetime | None
    closed_at: datetime | None
    terms: list[TermOut]
    tasks: list[OpenTaskOut]
    documents: list[DocumentOut]
    comments: list[CommentOut]
    incidents: list[IncidentOut]


class MilestoneOut(Out):
    state: Literal["done", "wait", "now"]
    at: datetime | None
    text: str
    detail: str | None
    was: datetime | None
    due: datetime | None
    task_id: UUID | None


class Timeline(Out):
    items: list[MilestoneOut]


class ChangeOut(Out):
    name: str
    old: Any
    new: Any


class EventOut(Out):
    n: int
    at: datetime
    kind: str
    who: str | None
    what: str
    element: str | None
    changes: list[ChangeOut]
    detail: str | None
    state: str | None
    hash: str


class EventList(Out):
    items: list[EventOut]


class Withdrawal(In):
    reason: Reason
    request_id: UUID


class NewComment(In):
    text: LongText = Field(pattern=r"\S")


class Made(Out):
    id: UUID


class Rescheduling(In):
    reason: Reason


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


class VerifiedDocument(Out):
    code: str
    title: str
    sha256: str
    issued_at: datetime
    facts: list[list[str]]
    signatures: list[dict[str, Any]]
