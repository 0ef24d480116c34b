"""The states of an acta and how it goes from one to the next (R-15), each move on record for ever.

Called by operations and by the other acts of this room. A move repeated with its job_key changes nothing; one that the
circuit does not know raises Conflict. What a move takes with it is said here too: stepping back to the docente drops
the accepted statement, stepping back to control drops the signature and whatever was loaded from it.
"""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Conflict, InvalidAnswers, NotFound
from engine.storage.tables import acta, acta_paso, calificacion, document

CIRCUIT = (
    "generada", "enviada", "en_carga", "cargada", "en_control", "a_firma", "firmada", "recibida", "validada",
    "con_notas", "bloqueada", "publicada",
)  # fmt: skip
ANNULLED = "anulada"
STATES = (*CIRCUIT, ANNULLED)
LOCKED = frozenset({"bloqueada", "publicada"})
WORDS = {
    "generada": "Generada", "enviada": "Enviada al Departamento", "en_carga": "En carga", "cargada": "Cargada",
    "en_control": "En control", "a_firma": "A la firma", "firmada": "Firmada", "recibida": "Recibida",
    "validada": "Validada", "con_notas": "Con notas cargadas", "bloqueada": "Bloqueada", "publicada": "Publicada",
    "anulada": "Anulada",
}  # fmt: skip
_BACK = {  # with at least one stated reason
    "en_control": "en_carga",
    "a_firma": "en_control",
    "recibida": "en_control",
    "validada": "en_control",
    "con_notas": "en_control",
}
_BY_THEIR_ACT = {  # states that only the act of that name reaches
    "cargada": "accept_grades",
    "con_notas": "load_grades",
    "bloqueada": "lock_acta",
    "publicada": "publish_grades",
}
LONGEST_NOTE = 4_200  # two answers of 2,000 letters, and what joins them


def may_move(state: str, to: str) -> bool:
    """Whether the circuit goes from one to the other."""
    if to == ANNULLED:
        return state != ANNULLED and state not in LOCKED
    return (state, to) in _FORWARD or _BACK.get(state) == to


_FORWARD = frozenset(pairwise(CIRCUIT))


def move_acta(
    conn: Connection,
    acta_id: UUID,
    to: str,
    *,
    job_key: str,
    by: UUID | None,
    at: datetime,
    note: str | None = None,
    document_id: UUID | None = None,
) -> None:
    """Move it. ``firmada`` needs the signed document; a step back or an annulment needs a note.

    Raises NotFound, Conflict (the circuit has no such move), InvalidAnswers.
    """
    if to in _BY_THEIR_ACT:
        raise Conflict(f"A «{WORDS[to]}» se llega con {_BY_THEIR_ACT[to]}, que hace lo que ese estado significa.")
    row = lock_row(conn, acta_id)
    if repeated(conn, acta_id, to, job_key):
        return
    changes: dict[str, Any] = {}
    if to == ANNULLED or _BACK.get(row.state) == to:
        if not (note or "").strip():
            raise InvalidAnswers(
                {"note": "Diga al menos un defecto o motivo: quien recibe el acta debe saber qué falta."}
            )
        if may_move(row.state, to):  # else the step below says why not
            changes = _undo(conn, row, to)
    if to == "firmada":
        changes = {"final_document_id": require_signed(conn, row.base, document_id)}
    step(conn, row, to, job_key=job_key, by=by, at=at, note=note, document_id=document_id, changes=changes)


def _undo(conn: Connection, row: Any, to: str) -> dict[str, Any]:
    _disown(conn, row.final_document_id)
    conn.execute(calificacion.delete().where(calificacion.c.acta_id == row.id))  # of an annulled acta none stays
    if to == ANNULLED:
        return {}
    undone: dict[str, Any] = {"final_document_id": None}
    return undone | {"carga_id": None, "fecha": None} if to == "en_carga" else undone


def _disown(conn: Connection, final_document_id: UUID | None) -> None:
    """The signed document is no longer one of ours: nobody who verifies finds it, nor what was sealed over it."""
    final = conn.execute(sa.select(document).where(document.c.id == final_document_id)).one_or_none()
    if final is None:
        return
    forms = sa.and_(document.c.code == final.code, document.c.case_id == final.case_id)
    its = sa.or_(document.c.id == final.id, forms) if final.code is not None else document.c.id == final.id
    issued = sa.and_(document.c.kind == "issued", its)
    conn.execute(document.update().where(issued).values(kind="withdrawn"))


def require_signed(conn: Connection, base: str, document_id: UUID | None) -> UUID:
    """The document, when it is one that we issued under the acta's name and bears a signature. Raises Conflict."""
    ours = (document.c.id == document_id) & (document.c.name == f"{base}.pdf") & (document.c.kind == "issued")
    if document_id is None or not conn.scalar(sa.select(document.c.signatures).where(ours)):
        raise Conflict("El acta no está firmada: falta el PDF con la firma digital de la Autoridad Departamental.")
    return document_id


def lock_row(conn: Connection, acta_id: UUID) -> Any:
    """The acta's row, nobody else's until this transaction ends. Raises NotFound."""
    row = conn.execute(sa.select(acta).where(acta.c.id == acta_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("Esa acta de examen no existe.")
    return row


def repeated(conn: Connection, acta_id: UUID, to: str, job_key: str) -> bool:
    """Whether this very move was made already. Raises Conflict when the key was used for another."""
    done = conn.execute(sa.select(acta_paso).where(acta_paso.c.job_key == job_key)).one_or_none()
    if done is not None and (done.acta_id != acta_id or done.to != to):
        raise Conflict("Este paso del acta ya se usó para otra cosa.")
    return done is not None


def step(
    conn: Connection,
    row: Any,
    to: str,
    *,
    job_key: str,
    by: UUID | None,
    at: datetime,
    note: str | None = None,
    document_id: UUID | None = None,
    changes: dict[str, Any] | None = None,
) -> None:
    """Write the move of a locked row. For the acts of this room; others call ``move_acta``. Raises Conflict."""
    if not may_move(row.state, to):
        raise Conflict(
            f"El acta {row.base} está «{WORDS.get(row.state, row.state)}» y no puede pasar a «{WORDS.get(to, to)}»."
        )
    if note is not None and len(note) > LONGEST_NOTE:
        raise InvalidAnswers({"note": f"Escriba {LONGEST_NOTE} letras o menos."})
    changed = acta.update().where(acta.c.id == row.id)
    conn.execute(changed.values(state=to, state_at=at, **(changes or {})))
    write_step(conn, row.id, row.state, to, job_key=job_key, by=by, at=at, note=note, document_id=document_id)


def write_step(
    conn: Connection,
    acta_id: UUID,
    origin: str | None,
    to: str,
    *,
    job_key: str,
    by: UUID | None,
    at: datetime,
    note: str | None = None,
    document_id: UUID | None = None,
) -> None:
    last = conn.scalar(sa.select(sa.func.max(acta_paso.c.n)).where(acta_paso.c.acta_id == acta_id)) or 0
    row = {"id": uuid4(), "acta_id": acta_id, "n": last + 1, "from": origin, "to": to, "at": at, "by": by}
    conn.execute(acta_paso.insert().values(row | {"note": note, "document_id": document_id, "job_key": job_key}))
