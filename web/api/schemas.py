"""What the API takes and gives, as Pydantic models; the OpenAPI document is made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from web.api.text import CommentText, Flag, GivenInstant, In, LongText, Out, Reason, ShortText

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
    confirmed: bool = Field(False, description="Es otra solicitud, aunque hoy ya se pidió lo mismo.")
    requester: UUID | None = Field(None, description="Quien solicita, si otra persona presenta por ella.")
    origin: ShortText | None = Field(
        None,
        description="El organismo que lo pide y su oficio, en una línea: «Consejo de Educación Superior, oficio "
        "CES-SG-2026-0123-O del 12/11/2026 (Ana Güemes)». Solo si Secretaría presenta por otra persona; entonces es "
        "obligatorio cuando quien lo pide es externo. De lo que uno presenta en su nombre no se toma.",
    )
    about: ShortText | None = Field(None, description="El número del trámite propio del que se trata, en una queja.")


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
    result: str | None = Field(
        description="Cómo terminó el producto: delivered, refused, abandoned o withdrawn; nada mientras no termina."
    )


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


class Rating(In):
    score: int = Field(ge=1, le=5, description="De 1, muy mala, a 5, muy buena.")
    comment: CommentText = ""


class Withdrawal(In):
    reason: Reason
    request_id: UUID


class NewComment(In):
    text: LongText = Field(pattern=r"\S")


class Made(Out):
    id: UUID


class Rescheduling(In):
    reason: Reason
