"""Nobody signs a copy of an acta that was reserved after the copy was made (C-27). Called by ``sign_task``."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from engine.actas import standing_of
from engine.documents import get_document
from engine.errors import SignatureRefused


def require_current_copy(conn: Connection, document_id: UUID, today: date) -> None:
    """A document that is taken from no acta passes. Raises SignatureRefused."""
    document = get_document(conn, document_id)
    standing = standing_of(conn, document.facts, today)
    if standing is not None and not standing.holds:
        raise SignatureRefused(f"{standing.change} Devuélvala a la Secretaría: no se entrega así.")
    if document.kind == "withdrawn":
        raise SignatureRefused(f"«{document.title}» se retiró: devuélvala a la Secretaría.")
