"""Requests that a person has begun and not sent: kept by the server, so that nothing typed is lost.

Called by the portal. A draft is one person's; others are told that it does not exist. Its id becomes the request_id
of ``start_case``: sending the same page twice answers the same case, also after the draft is gone (``filed_as``).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Conflict, NotFound
from engine.storage.tables import case, document, event, request_draft

KEPT_FOR = timedelta(days=30)
MOST_OWN, MOST_AT_DESK = 20, 100  # at a time, of one person


class TooManyDrafts(Conflict):
    code = "too_many_drafts"
    message = "Tiene demasiadas solicitudes empezadas y sin enviar. Envíe o borre alguna y vuelva a empezar esta."


@dataclass(frozen=True, slots=True)
class RequestDraft:
    id: UUID
    person_id: UUID
    process: str
    version_id: UUID
    answers: dict[str, Any]  # as typed; files are ids of documents without a case
    created_at: datetime
    at: datetime
    requester_id: UUID | None = None  # at the desk: the person for whom it is written
    origin: str | None = None
    about_id: UUID | None = None  # the case that it complains about


_DRAFT = tuple(request_draft.c[name] for name in RequestDraft.__dataclass_fields__)


def start_request_draft(
    conn: Connection,
    person_id: UUID,
    process: str,
    version_id: UUID,
    answers: Mapping[str, Any],
    at: datetime,
    *,
    requester_id: UUID | None = None,
    origin: str | None = None,
    about_id: UUID | None = None,
) -> RequestDraft:
    """A new draft; the person's drafts past their thirty days are dropped, and so are, from the oldest, those that were
    opened and never written in, if too many are kept. Raises TooManyDrafts: what somebody wrote is theirs to drop."""
    drop_old_drafts(conn, at, person_id)
    _make_room(conn, person_id, at_desk=requester_id is not None)
    draft = RequestDraft(
        uuid.uuid4(), person_id, process, version_id, dict(answers), at, at, requester_id, origin, about_id
    )
    row = {name: getattr(draft, name) for name in RequestDraft.__dataclass_fields__}
    conn.execute(request_draft.insert(), row)
    return draft


def _make_room(conn: Connection, person_id: UUID, *, at_desk: bool) -> None:
    mine = sa.and_(request_draft.c.person_id == person_id, request_draft.c.requester_id.is_not(None) == at_desk)
    many = conn.execute(sa.select(sa.func.count()).select_from(request_draft).where(mine)).scalar_one()
    surplus = many + 1 - (MOST_AT_DESK if at_desk else MOST_OWN)
    if surplus <= 0:
        return
    untouched = sa.select(request_draft.c.id).where(mine, request_draft.c.at == request_draft.c.created_at)
    going = conn.scalars(untouched.order_by(request_draft.c.at).limit(surplus)).all()
    if len(going) < surplus:
        raise TooManyDrafts()
    conn.execute(request_draft.delete().where(request_draft.c.id.in_(going)))


def get_request_draft(conn: Connection, draft_id: UUID, person_id: UUID) -> RequestDraft:
    """Raises NotFound, also for somebody else's."""
    own = sa.and_(request_draft.c.id == draft_id, request_draft.c.person_id == person_id)
    row = conn.execute(sa.select(*_DRAFT).where(own)).one_or_none()
    if row is None:
        raise NotFound("Esta solicitud ya no está: se envió, se borró o pasaron sus treinta días.")
    return RequestDraft(*row)


def save_request_draft(
    conn: Connection, draft_id: UUID, person_id: UUID, version_id: UUID, answers: Mapping[str, Any], at: datetime
) -> None:
    """Raises NotFound, also for somebody else's."""
    own = sa.and_(request_draft.c.id == draft_id, request_draft.c.person_id == person_id)
    changed = request_draft.update().where(own).values(version_id=version_id, answers=dict(answers), at=at)
    if not conn.execute(changed).rowcount:
        raise NotFound()


def list_request_drafts(
    conn: Connection, person_id: UUID, at: datetime, process: str | None = None
) -> list[RequestDraft]:
    """The person's own, the last touched first; not what they write at the desk for somebody else."""
    query = _kept(person_id, at).where(request_draft.c.requester_id.is_(None))
    if process is not None:
        query = query.where(request_draft.c.process == process)
    return [RequestDraft(*row) for row in conn.execute(query)]


def list_desk_drafts(conn: Connection, person_id: UUID, at: datetime) -> list[RequestDraft]:
    """What this member of the staff is writing for others, the last touched first."""
    query = _kept(person_id, at).where(request_draft.c.requester_id.is_not(None))
    return [RequestDraft(*row) for row in conn.execute(query)]


def _kept(person_id: UUID, at: datetime) -> sa.Select[Any]:
    query = sa.select(*_DRAFT).where(request_draft.c.person_id == person_id, request_draft.c.at > at - KEPT_FOR)
    return query.order_by(request_draft.c.at.desc())


def delete_request_draft(conn: Connection, draft_id: UUID, person_id: UUID) -> None:
    """Nothing happens when it is already gone."""
    conn.execute(request_draft.delete().where(request_draft.c.id == draft_id, request_draft.c.person_id == person_id))


def drop_old_drafts(conn: Connection, at: datetime, person_id: UUID | None = None) -> int:
    old = request_draft.delete().where(request_draft.c.at <= at - KEPT_FOR)
    if person_id is not None:
        old = old.where(request_draft.c.person_id == person_id)
    return conn.execute(old).rowcount


def filed_as(conn: Connection, request_id: UUID, person_id: UUID) -> str | None:
    """The number of the person's case that a request_id began or changed: the same page was already sent."""
    query = sa.select(case.c.number).join_from(event, case, case.c.id == event.c.case_id)
    own = sa.or_(case.c.requester_id == person_id, case.c.filed_by_id == person_id)
    return conn.scalar(query.where(event.c.request_id == request_id, own))


def unfiled_uploads(conn: Connection, person_id: UUID, ids: Iterable[object]) -> dict[str, dict[str, Any]]:
    """{id: {"name", "size"}} of those of ``ids`` that this person uploaded and that belong to no case yet."""
    wanted = [found for found in map(_uuid, ids) if found is not None]
    if not wanted:
        return {}
    query = sa.select(document.c.id, document.c.name, document.c.size, document.c.media_type).where(
        document.c.id.in_(wanted), document.c.created_by == person_id, document.c.case_id.is_(None)
    )
    return {str(row.id): {"name": row.name, "size": row.size, "type": row.media_type} for row in conn.execute(query)}


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
