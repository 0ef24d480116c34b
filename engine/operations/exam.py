"""What the operations of exam actas share: an acta or a mesa as diagrams hand it on, that it is the case's own, and a
refusal of the domain as an operation tells it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection

from engine.actas.examen import Acta, Mesa, acta_by_base, actas_of_mesa, get_acta, get_mesa
from engine.errors import CartularioError, InvalidAnswers, NotFound, OperationFailed, Unavailable
from engine.operations.base import Call
from engine.operations.document_id import DocumentId

ExamId = DocumentId  # the id, or the whole variable: {id, base, …}


def own_acta(conn: Connection, acta_id: UUID, call: Call) -> Acta:
    """Raises NotFound when it is another case's."""
    acta = get_acta(conn, acta_id)
    if acta.case_id != call.case_id:
        raise NotFound("El acta es de otro trámite.")
    return acta


def own_mesa(conn: Connection, mesa_id: UUID, call: Call) -> Mesa:
    """Of the case that opened it, or that carries a later acta of it. Raises NotFound when it is another case's."""
    mesa = get_mesa(conn, mesa_id)
    if mesa.case_id != call.case_id and all(one.case_id != call.case_id for one in actas_of_mesa(conn, mesa_id)):
        raise NotFound("La mesa es de otro trámite.")
    return mesa


def named_acta(conn: Connection, given: str) -> Acta:
    """By id or by base name, «2021-L0012-F0034», as a person writes it. Raises NotFound."""
    text = given.strip().upper()
    try:
        return get_acta(conn, UUID(text))
    except ValueError:
        return acta_by_base(conn, text)


@contextmanager
def refusals_told(*, keep: tuple[type[CartularioError], ...] = ()) -> Iterator[None]:
    """What the domain refuses is for a person: trying again would not help. ``keep``: what the operation tells."""
    try:
        yield
    except keep:
        raise
    except (Unavailable, OperationFailed):
        raise
    except InvalidAnswers as error:
        raise OperationFailed(" ".join(sentences(error)), permanent=True) from error
    except CartularioError as error:
        raise OperationFailed(error.message, permanent=True) from error


def sentences(error: InvalidAnswers) -> list[str]:
    """Every fault that it names, once."""
    return list(dict.fromkeys(error.errors.values())) or [error.message]
