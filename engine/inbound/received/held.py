"""A person looks at the mail of their office, and decides on what was held: it is let in after all, or refused.

Who holds the role that an account is of (``desk.role_of``) sees and decides; nobody else finds it. Called by pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection

from engine.actas.examen import check_load, get_load
from engine.errors import Conflict, InvalidAnswers, NotFound
from engine.inbound.received.carry import NotYet, carry
from engine.inbound.received.desk import PROCESS, Desk, day_of, role_of
from engine.inbound.received.item import LOAD, SIGNATURE, Item, columns, items_of
from engine.inbound.received.notice import answer_if_due, notice_due
from engine.mail.incoming import Incoming, ReceivedMail, count_by_status, decide, get_received, mails, parse
from engine.mail.incoming.received import Status
from engine.people import roles_of

LONGEST = 500
MOST_FAULTS = 5
NOTHING_TO_LET_IN = (
    "Nada de este correo puede entrar al trámite por sí solo: archívelo como leído y, si trae un acta, cárguela a mano."
)
DECIDED = "Alguien decidió antes sobre este correo."


@dataclass(frozen=True)
class OpenedMail:
    """A letter with its content, as it came."""

    mail: ReceivedMail
    letter: Incoming
    items: tuple[Item, ...]

    @property
    def may_enter(self) -> bool:
        """Whether something of it is held that a person can let in."""
        return any(item.outcome == "held" and _brings(item) for item in self.items)


def accounts_of(conn: Connection, actor: UUID, desk: Desk) -> list[str]:
    """The accounts whose mail is this person's to see."""
    roles = roles_of(conn, actor, day_of(desk, desk.clock.now()), PROCESS)
    return [code for code in desk.config.mail_accounts if role_of(code) in roles]


def list_received(
    desk: Desk, actor: UUID, *, statuses: Sequence[Status] = ("held",), limit: int = 50, offset: int = 0
) -> list[ReceivedMail]:
    """The latest first; empty for who attends to no account."""
    with desk.database.read() as conn:
        accounts = accounts_of(conn, actor, desk)
        return mails(conn, accounts=accounts, statuses=statuses, limit=limit, offset=offset) if accounts else []


def count_received(desk: Desk, actor: UUID, statuses: Sequence[Status] | None = None) -> dict[str, int] | None:
    """How many letters of this person's accounts stand how; None: they attend to no account."""
    with desk.database.read() as conn:
        accounts = accounts_of(conn, actor, desk)
        if not accounts:
            return None
        counted = count_by_status(conn, accounts=accounts, statuses=statuses)
    found: dict[str, int] = {}
    for (_account, status), count in counted.items():
        found[status] = found.get(status, 0) + count
    return found


def open_received(desk: Desk, actor: UUID, mail_id: UUID) -> OpenedMail:
    """Raises NotFound when it is not theirs to see."""
    with desk.database.read() as conn:
        mail = _theirs(conn, desk, actor, mail_id)
    items = items_of(mail) or ([Item("", "held", mail.reason or "")] if mail.status == "held" else [])
    return OpenedMail(mail, parse(desk.archive.get(mail.raw_sha256)), tuple(items))


def accept_held(desk: Desk, mail_id: UUID, actor: UUID, reason: str) -> ReceivedMail:
    """Let it in, on this person's word: the statement or the signed file goes to its case. What else it brings is
    filed as read. Raises NotFound, InvalidAnswers, Conflict (decided before, nothing in it can be let in, or the acta
    does not wait for it).

    It is marked first, as a letter that was judged and whose cases are still to be told: who decides meanwhile is too
    late, and after a crash in between ``judge`` tells them."""
    why = _reason(reason)
    opened = open_received(desk, actor, mail_id)
    mail = _held(opened.mail)
    if not opened.may_enter:
        raise Conflict(NOTHING_TO_LET_IN)
    items = [_let_in(item, desk, why) if item.outcome == "held" else item for item in opened.items]
    with desk.database.write() as conn:
        if not decide(conn, mail.id, ["held"], status="new", judged_by=actor, **columns(items)):
            raise Conflict(DECIDED)
    done = list(items)
    try:
        for n, item in enumerate(items):
            if item.outcome == "open":
                done[n] = _carried(item, opened, desk)
    except Exception:
        told = [now if now.outcome != "open" else was for was, now in zip(opened.items, done, strict=True)]
        with desk.database.write() as conn:
            by = {"judged_at": mail.judged_at, "judged_by": mail.judged_by}
            decide(conn, mail.id, ["new"], status="held", **by, **columns(told))
        raise
    with desk.database.write() as conn:
        at = desk.clock.now()  # unless the thread that judges was faster, and told the same
        decide(conn, mail.id, ["new"], status="filed", judged_at=at, judged_by=actor, **columns(done))
        return get_received(conn, mail.id)


def file_held(desk: Desk, mail_id: UUID, actor: UUID, reason: str) -> ReceivedMail:
    """File it as read: no case is told, and nobody is answered. Raises NotFound, InvalidAnswers, Conflict."""
    why = _reason(reason)
    opened = open_received(desk, actor, mail_id)
    mail = _held(opened.mail)
    return _filed(desk, mail, actor, [_read(one, why) if one.outcome == "held" else one for one in opened.items])


def refuse_held(desk: Desk, mail_id: UUID, actor: UUID, reason: str) -> ReceivedMail:
    """Its sender is told why, in this person's words. Raises NotFound, InvalidAnswers, Conflict."""
    why = _reason(reason)
    opened = open_received(desk, actor, mail_id)
    mail = _held(opened.mail)
    done = [replace(item, outcome="refused", reason=why) if item.outcome == "held" else item for item in opened.items]
    with desk.database.write() as conn:
        at, due = desk.clock.now(), notice_due(conn, mail, opened.letter, desk)
        values = {"status": "refused", "judged_at": at, "judged_by": actor, "notice": due}
        if not decide(conn, mail.id, ["held"], **values, **columns(done)):
            raise Conflict(DECIDED)
    answer_if_due(mail.id, desk)
    with desk.database.read() as conn:
        return get_received(conn, mail.id)


def _brings(item: Item) -> bool:
    """A statement that could be read, or a file that an authority signed."""
    return bool((item.kind == LOAD and item.carga) or (item.kind == SIGNATURE and item.actor and item.sha256))


def _let_in(item: Item, desk: Desk, why: str) -> Item:
    if not _brings(item):
        return _read(item, why)
    if item.kind == LOAD:
        _require_complete(item, desk)
    return replace(item, outcome="open", reason=f"{item.reason} Aceptado: {why}")


def _carried(item: Item, opened: OpenedMail, desk: Desk) -> Item:
    part = next((one for one in opened.letter.parts if item.sha256 and one.sha256 == item.sha256), None)
    try:
        done = carry(item, opened.mail, part, desk)
    except NotYet as error:
        raise Conflict(str(error)) from error
    if done.outcome != "filed":
        raise Conflict(done.reason)
    return done


def _read(item: Item, why: str) -> Item:
    return replace(item, outcome="filed", reason=f"{item.reason} Leído: {why}")


def _filed(desk: Desk, mail: ReceivedMail, actor: UUID, items: list[Item]) -> ReceivedMail:
    with desk.database.write() as conn:
        at = desk.clock.now()
        if not decide(conn, mail.id, ["held"], status="filed", judged_at=at, judged_by=actor, **columns(items)):
            raise Conflict(DECIDED)
        return get_received(conn, mail.id)


def _require_complete(item: Item, desk: Desk) -> None:
    with desk.database.read() as conn:
        faults = check_load(conn, get_load(conn, UUID(item.carga)), desk.config.zone)
    if faults:
        told = " ".join(str(one) for one in faults[:MOST_FAULTS])
        raise Conflict(f"{told} Rechácelo, o cargue el acta a mano y archívelo como leído.")


def _theirs(conn: Connection, desk: Desk, actor: UUID, mail_id: UUID) -> ReceivedMail:
    mail = get_received(conn, mail_id)
    if mail.account not in accounts_of(conn, actor, desk):
        raise NotFound("No encontramos ese correo.")
    return mail


def _held(mail: ReceivedMail) -> ReceivedMail:
    if mail.status != "held":
        raise Conflict(DECIDED)
    return mail


def _reason(reason: str) -> str:
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST:
        raise InvalidAnswers({"motivo": f"Diga por qué, en {LONGEST} letras o menos."})
    return why
