"""A docente's return: the acta filled in, as Word file or PDF form, from the registered address (R-37 … R-41, R-45).

Looking at the files needs no database and is done before any transaction; ``plan`` then keeps files and statement and
says what the case is to be told. A statement that lacks something is kept and goes back with what it lacks: the first
complete one counts.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.actas.examen import Load, acta_data, check_load, record_load
from engine.actas.examen.returned import LARGEST, Returned, ReturnUnread, compare_return, read_return
from engine.documents import CheckedUpload, UploadRefused, check_upload, store_document
from engine.errors import InvalidAnswers, TooLarge
from engine.inbound.received.desk import Desk
from engine.inbound.received.facts import ActaFacts
from engine.inbound.received.item import LOAD, Item, Outcome
from engine.inbound.received.lacks import lacks
from engine.mail.incoming import Incoming, Part, ReceivedMail

FORMATS = (".docx", ".pdf")
BY_HAND = "flattened"  # the cause of a file that only a person can read
DIFFERENT = "Los archivos del acta no dicen lo mismo: debe valer uno solo. Si se acepta este correo, vale «{name}»."
BESIDE = "Trae también «{name}», que no se pudo leer: alguien debe ver que no diga otra cosa. {why}"
SECOND = "El acta ya tiene una carga que llegó antes. Esta queda guardada y a la vista del Departamento."
MOST_FAULTS = 12


@dataclass(frozen=True)
class Looked:
    """A file, as far as it could be read."""

    part: Part
    upload: CheckedUpload | None = None
    returned: Returned | None = None
    fault: str = ""
    by_hand: bool = False


def look(part: Part, desk: Desk) -> Looked:
    """Raises Unavailable when the scanner or the reading process is away."""
    try:
        upload = check_upload(
            filename=part.name,
            stream=io.BytesIO(part.data),
            allowed=FORMATS,
            max_bytes=min(LARGEST, desk.config.max_upload),
            clamd=desk.config.clamd,
        )
    except (UploadRefused, TooLarge) as error:
        return Looked(part, fault=error.message)
    try:
        return Looked(part, upload, read_return(part.data))
    except ReturnUnread as error:
        return Looked(part, upload, fault=error.message, by_hand=error.cause == BY_HAND)


def plan(
    conn: Connection,
    desk: Desk,
    mail: ReceivedMail,
    letter: Incoming,
    facts: ActaFacts,
    files: Sequence[Looked],
    *,
    late: bool,
) -> Item:
    """In the caller's transaction, and safe to repeat. ``late``: the acta waits for no statement any more."""
    acta = facts.acta
    kept: dict[str, UUID] = {}
    for n, one in enumerate(files):
        if one.upload is not None and one.part.sha256 not in kept:
            kept[one.part.sha256] = _keep(conn, desk, mail, facts, one, n)
    of_acta = Item(acta.base, "refused", kind=LOAD, acta=str(acta.id), case=str(acta.case_id or ""))
    item = replace(of_acta, actor=str(facts.mesa.docente_id), warnings=tuple(lacks(letter, mail, facts)))
    read = [(one, one.returned) for one in files if one.returned is not None]
    if not read:
        worst = next((one for one in files if one.by_hand), files[0])
        outcome = "held" if worst.by_hand else "refused"
        return _about(item, worst, kept, outcome=outcome, reason=worst.fault)
    read = [pair for pair in read if pair[1].says_something] or read  # a form sent back beside the Word file, untouched
    chosen, returned = read[0]
    different = any(_says(other) != _says(returned) for _, other in read)
    wrong: Outcome = "held" if returned.converted or different else "refused"  # ours, or another of them, may be right
    if faults := compare_return(returned, chosen.part.name, acta_data(conn, acta.id)):
        return _about(item, chosen, kept, outcome=wrong, reason=_told(faults))
    item = _about(item, chosen, kept)
    try:
        load = _record(conn, mail, facts, chosen, returned, kept[chosen.part.sha256])
    except InvalidAnswers as error:
        return replace(item, outcome=wrong, reason=_told(list(error.errors.values())))
    item = replace(item, carga=str(load.id))
    if late:
        return replace(item, outcome="held", reason=SECOND)
    if faults := [str(one) for one in check_load(conn, load, desk.config.zone)]:
        return replace(item, outcome=wrong, reason=_told(faults))
    if different:
        return replace(item, outcome="held", reason=DIFFERENT.format(name=chosen.part.name))
    if unread := next((one for one in files if one.returned is None), None):
        return replace(item, outcome="held", reason=BESIDE.format(name=unread.part.name, why=unread.fault))
    return replace(item, outcome="open")


def _record(
    conn: Connection, mail: ReceivedMail, facts: ActaFacts, chosen: Looked, returned: Returned, document: UUID
) -> Load:
    return record_load(
        conn,
        facts.acta.id,
        source="correo",
        rows=returned.stated,
        by=facts.mesa.docente_id,
        at=mail.received_at,
        fecha=returned.fecha,
        inscriptos=returned.inscriptos,
        examinados=returned.examinados,
        mail_id=mail.id,
        document_id=document,
        sha256=chosen.part.sha256,
    )


def _keep(conn: Connection, desk: Desk, mail: ReceivedMail, facts: ActaFacts, one: Looked, n: int) -> UUID:
    """The file becomes a document of the case, whatever is said of it: those who check see it."""
    assert one.upload is not None
    document = store_document(
        conn,
        desk.archive,
        case_id=facts.acta.case_id,
        kind="attachment",
        name=one.upload.name,
        title=f"Acta {facts.acta.base} devuelta por correo",
        media_type=one.upload.media_type,
        data=one.part.data,
        scan=one.upload.scan,
        created_by=facts.mesa.docente_id,
        job_key=f"correo:{mail.id}:{n}",  # two files may have one name
        at=desk.clock.now(),
    )
    return document.id


def _about(item: Item, one: Looked, kept: dict[str, UUID], **more: Any) -> Item:
    document = kept.get(one.part.sha256)
    return replace(item, file=one.part.name, sha256=one.part.sha256, document=str(document or ""), **more)


def _says(returned: Returned) -> Any:
    return [(row["n"], row["nota"], row["ausente"], row["fecha"]) for row in returned.stated], returned.fecha


def _told(faults: Sequence[str]) -> str:
    more = [f"Y {len(faults) - MOST_FAULTS} cosas más."] if len(faults) > MOST_FAULTS else []
    return " ".join([*faults[:MOST_FAULTS], *more])
