"""Many documents signed in one act, with one PIN.

``signable`` lists what waits for a person's signature; ``prepare_signing`` keeps what they chose, as they saw it; then
``sign_batch`` runs, in the background, with a key opened once. The key lives in the memory of that process alone: after
a crash the batch is taken up again with the PIN. Each document is signed once: the task is completed under the same
request_id, and a signature that was made and not recorded is found again (``inbound.sign_task``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from engine.batches import lease
from engine.batches.answers import only_answers
from engine.batches.batch import MOST, Batch, Item, create_batch, get_batch
from engine.batches.candidates import Candidate, find_candidates
from engine.batches.errors import BatchOver
from engine.batches.run import request_id_of, run_items
from engine.cases import CompleteTask, document_id, wants_signature
from engine.definitions import DefinitionStore
from engine.documents import Document, get_document
from engine.errors import NotFound, TooMany
from engine.inbound.sign_task import Desk, sign_and_complete_with
from engine.inbox import Viewer
from engine.signing import OpenKey, open_key

KIND = "firma"


class SigningDesk(Desk, Protocol):
    @property
    def definitions(self) -> DefinitionStore: ...


@dataclass(frozen=True, slots=True)
class Signable:
    """One document that waits for a signature, or why it cannot be signed with others."""

    task: Candidate
    document: Document | None
    answers: Mapping[str, Any] | None
    refusal: str = ""

    @property
    def ready(self) -> bool:
        return not self.refusal


def signable(
    desk: SigningDesk,
    viewer: Viewer,
    *,
    only: Collection[UUID] | None = None,
    process: str | None = None,
    text: str = "",
) -> list[Signable]:
    """The first due first; those that have to be done apart are among them, with why."""
    today = desk.clock.now().astimezone(desk.config.zone).date().isoformat()
    with desk.database.read() as conn:
        found = find_candidates(
            conn,
            viewer,
            desk.definitions,
            lambda properties: "firma" in properties,
            zone=desk.config.zone,
            only=only,
            process=process,
            text=text,
        )
        return [_signable(conn, one, today) for one in found]


def _signable(conn: Any, one: Candidate, today: str) -> Signable:
    shown = document_id(one.data.get(one.properties["firma"]))
    try:
        document = get_document(conn, UUID(shown)) if shown else None
    except (NotFound, ValueError):
        document = None
    if document is None:
        return Signable(one, None, None, "Todavía no tiene el documento que hay que firmar.")
    if document.media_type != "application/pdf":
        return Signable(one, document, None, "Su documento no es un PDF.")
    form = one.definition.form_of(one.element)
    answers = only_answers(form, one.data, today, lambda data: wants_signature(one.properties, data), one.draft)
    if answers is None and one.draft:
        return Signable(one, document, None, "Usted dejó en ella un borrador que no la firma: complétela aparte.")
    if answers is None:
        return Signable(one, document, None, "Su formulario pide más que la firma: complétela aparte.")
    return Signable(one, document, answers)


def prepare_signing(desk: SigningDesk, viewer: Viewer, task_ids: Sequence[UUID], pin: str, batch_id: UUID) -> OpenKey:
    """Open the key, then keep the batch, so that a wrong PIN leaves nothing behind. With a ``batch_id`` that exists, it
    changes nothing more. Raises what ``open_key`` raises, and TooMany or NotFound (nothing to sign)."""
    if len(set(task_ids)) > MOST:
        raise TooMany(f"Firme {MOST} documentos por vez como máximo.")
    chosen = signable(desk, viewer, only=set(task_ids))
    if not chosen:
        raise NotFound("Ninguna de las tareas elegidas espera ya su firma.")
    now = desk.clock.now()
    key = open_key(desk.database, viewer.person_id, pin, now)
    key.key.require_valid(now)
    items = [_item(n, one) for n, one in enumerate(chosen, start=1)]
    gone = [task_id for task_id in dict.fromkeys(task_ids) if task_id not in {one.task.task_id for one in chosen}]
    items += [_missing(n, task_id) for n, task_id in enumerate(gone, start=len(items) + 1)]
    with desk.database.write() as conn:
        year = now.astimezone(desk.config.zone).year
        create_batch(conn, "firma", viewer.person_id, _title(chosen), items, year=year, at=now, batch_id=batch_id)
    return key


def resume_signing(desk: SigningDesk, viewer: Viewer, batch_id: UUID, pin: str) -> OpenKey:
    """Open the key again for what waits in a batch of one's own. Raises NotFound, BatchOver, and as ``open_key``."""
    with desk.database.read() as conn:
        found = get_batch(conn, batch_id, viewer)
    if found.kind != KIND or found.person_id != viewer.person_id:
        raise NotFound()
    if found.state == "done":
        raise BatchOver()
    now = desk.clock.now()
    key = open_key(desk.database, viewer.person_id, pin, now)
    key.key.require_valid(now)
    return key


def take_signing(desk: SigningDesk, batch_id: UUID) -> UUID:
    """→ the token to call ``sign_batch`` with. Raises BatchRunning (two tabs, two presses) or BatchOver."""
    with desk.database.write() as conn:
        return lease.take(conn, batch_id, desk.clock.now())


def sign_batch(desk: SigningDesk, batch_id: UUID, runner: UUID, key: OpenKey) -> Batch:
    """Sign what waits, one after another; the key is closed at the end, however it ends."""

    def act(item: Item) -> Mapping[str, Any]:
        assert item.task_id is not None
        answers = (item.data or {}).get("answers", {})
        complete = CompleteTask(item.task_id, key.person_id, answers, request_id_of(batch_id, item))
        sign_and_complete_with(complete, key, desk, seen=item.document_id)
        return {}

    try:
        run_items(desk, batch_id, runner, act)
    finally:
        key.close()
    with desk.database.read() as conn:
        return get_batch(conn, batch_id)


def _title(chosen: Sequence[Signable]) -> str:
    titles = {one.task.process_title for one in chosen}
    return titles.pop() if len(titles) == 1 else "Documentos de varios servicios"


def _item(n: int, one: Signable) -> Item:
    label = f"{one.task.number} · {one.task.requester or one.task.title}"
    return Item(
        n,
        label,
        task_id=one.task.task_id,
        case_id=one.task.case_id,
        document_id=one.document.id if one.document else None,
        status="waiting" if one.ready else "refused",
        reason=one.refusal or None,
        data={"answers": dict(one.answers)} if one.answers is not None else None,
    )


def _missing(n: int, task_id: UUID) -> Item:
    reason = "Ya no esperaba su firma cuando empezó el lote: se completó, se retiró o la tomó otra persona."
    return Item(n, "Tarea que ya no está", task_id=task_id, status="refused", reason=reason)
