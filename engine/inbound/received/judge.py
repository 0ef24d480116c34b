"""Decide what a letter is: filed, held for a person, or refused, each with a reason in Spanish (R-34, R-40 … R-45).

Three steps, each of which a crash may repeat. First the letter is judged and the decision written with whatever it
brings (a statement, documents) in one transaction; then the cases are told; then the letter is marked and its sender
answered. Called by ``inbound.mails``; the scenarios and the tests call it directly.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import Unavailable
from engine.inbound.received import refusals as say
from engine.inbound.received.carry import NotYet, carry
from engine.inbound.received.desk import Desk
from engine.inbound.received.facts import ActaFacts, by_base, facts_of, mentions_an_acta, whose
from engine.inbound.received.item import SIGNATURE, Item, columns, items_of, outcome_of
from engine.inbound.received.notice import answer_if_due, notice_due, own_addresses
from engine.inbound.received.statement import Looked, look, plan
from engine.mail import was_sent
from engine.mail.incoming import (
    Incoming,
    Part,
    ReceivedMail,
    came_before,
    decide,
    get_received,
    new_mails,
    parse,
    vouched,
)

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=60)  # for a case that may be about to wait
MOST_FILES = 4  # of one acta, or of all when their sender is in doubt: each is read, for up to some 20 seconds
BEFORE = frozenset({"generada", "enviada"})
LOCKED = frozenset({"bloqueada", "publicada"})
WAITS, SIGNS = "en_carga", "a_firma"


def judge_new(desk: Desk, besides: Collection[UUID] = ()) -> tuple[int, list[UUID]]:
    """Letters that were not judged, the oldest first: how many were settled, and those that failed. They are kept, and
    hold up no other: whoever calls leaves them aside for a while. One that fails for another reason than that something
    is away, again after a minute, waits for a person."""
    settled, failures = 0, []
    with desk.database.read() as conn:
        waiting = new_mails(conn, besides=besides)
    for mail_id in waiting:
        try:
            settled += judge(mail_id, desk)
        except Exception as error:
            log.exception("letter %s could not be judged; it is kept", mail_id)
            if isinstance(error, Unavailable) or not _given_up(mail_id, error, desk):
                failures.append(mail_id)
    return settled, failures


def judge(mail_id: UUID, desk: Desk) -> bool:
    """Whether it is settled now. Raises Unavailable when something that it needs is away."""
    with desk.database.read() as conn:
        mail = get_received(conn, mail_id)
    if mail.status != "new":
        return False
    letter = parse(desk.archive.get(mail.raw_sha256))
    items = items_of(mail) or _decided(mail, letter, desk)
    if not items:
        return False  # it may mean something in a moment
    done = _carried(items, mail, letter, desk)
    if any(one.outcome == "open" for one in done):
        return False
    settle(mail, letter, done, desk)
    return True


def _given_up(mail_id: UUID, error: Exception, desk: Desk) -> bool:
    """Held with the reason; False: it is young, and what went wrong may pass. Its sender is not told: what is wrong may
    be here."""
    with desk.database.read() as conn:
        mail = get_received(conn, mail_id)
    now, why = desk.clock.now(), say.not_judged(type(error).__name__)
    if now - mail.at < PATIENCE:
        return False
    items = [replace(one, outcome="held", reason=why) if one.outcome == "open" else one for one in items_of(mail)]
    if outcome_of(items) != "held":
        items.append(Item("", "held", why))
    with desk.database.write() as conn:
        return decide(conn, mail.id, ["new"], status="held", judged_at=now, **columns(items))


def settle(mail: ReceivedMail, letter: Incoming, items: list[Item], desk: Desk) -> None:
    outcome = outcome_of(items)
    status = "duplicate" if all(one.reason.startswith(say.ELSEWHERE) for one in items) else outcome
    now = desk.clock.now()
    with desk.database.write() as conn:
        told = status != "duplicate" and any(one.outcome in ("held", "refused") for one in items)
        due = notice_due(conn, mail, letter, desk) if told else None
        decide(conn, mail.id, ["new"], status=status, judged_at=now, notice=due, **columns(items))
    log.info("letter %s of %s: %s", mail.id, mail.account, status)
    answer_if_due(mail.id, desk)


def _decided(mail: ReceivedMail, letter: Incoming, desk: Desk) -> list[Item]:
    """Judge it and write the decision. None yet: an acta that it names is about to wait."""
    with desk.database.read() as conn:
        whole = _of_the_letter(conn, mail, letter, desk)
        facts = {} if whole else {base: facts_of(conn, desk, base, mail) for base in by_base(letter.parts)[0]}
    if whole:
        return [whole]
    named, others = by_base(letter.parts)
    if any(_too_soon(one, mail, desk) for one in facts.values()):
        return []
    few = sum(map(len, named.values())) <= MOST_FILES or not _doubt(mail, desk)  # a forger's are not worth our time
    looked = {
        base: [look(part, desk) for part in parts]
        for base, parts in named.items()
        if few and len(parts) <= MOST_FILES and _reads(facts[base], mail)
    }
    with desk.database.write() as conn:
        if get_received(conn, mail.id).items is not None:  # a twin was faster
            return items_of(get_received(conn, mail.id))
        items = [_of_acta(conn, mail, letter, base, looked.get(base, []), parts, desk) for base, parts in named.items()]
        items += [Item("", "refused", say.wrong_name(part.name), file=part.name) for part in others]
        decide(conn, mail.id, ["new"], **columns(items))
    return items


def _of_the_letter(conn: Connection, mail: ReceivedMail, letter: Incoming, desk: Desk) -> Item | None:
    """What is to be said of it as a whole; none: its actas decide."""
    if mail.sender in own_addresses(desk) and was_sent(conn, mail.message_id):
        return Item("", "filed", say.OUR_OWN)
    if not mail.whole:
        return Item("", "held", mail.reason or "")
    named, others = by_base(letter.parts)
    if not letter.sender:
        return Item("", "held", " ".join(letter.faults))
    if letter.automatic and not named:
        return Item("", "held", say.AUTOMATIC)
    if came_before(conn, mail):
        return Item("", "held", say.SAME_MESSAGE_ID)
    if not whose(conn, mail):
        return Item("", "refused", say.unknown_sender(mail.sender))
    if letter.faults and not named:
        return Item("", "held" if not mentions_an_acta(letter) else "refused", " ".join(letter.faults))
    return None if named or others else Item("", "held", say.NO_ACTA)


def _too_soon(facts: ActaFacts | None, mail: ReceivedMail, desk: Desk) -> bool:
    return facts is not None and facts.acta.state in BEFORE and desk.clock.now() - mail.at < PATIENCE


def _reads(facts: ActaFacts | None, mail: ReceivedMail) -> bool:
    """Whether its files are a docente's statement, to be looked at."""
    return facts is not None and mail.sender == facts.docente and facts.docente_enters and not _signs(facts, mail)


def _signs(facts: ActaFacts, mail: ReceivedMail) -> bool:
    return facts.acta.state == SIGNS and mail.sender in facts.authorities


def _of_acta(
    conn: Connection,
    mail: ReceivedMail,
    letter: Incoming,
    base: str,
    looked: list[Looked],
    parts: list[Part],
    desk: Desk,
) -> Item:
    facts = facts_of(conn, desk, base, mail)
    if facts is None:
        return Item(base, "refused", say.NO_SUCH_ACTA, file=parts[0].name)
    acta = facts.acta
    item = Item(base, "refused", acta=str(acta.id), case=str(acta.case_id or ""), file=parts[0].name)
    doubt = _doubt(mail, desk)
    if mail.account != facts.account:
        return replace(item, outcome="held", reason=say.other_account(facts, mail, desk.config))
    if acta.state in LOCKED or acta.state == "anulada":
        return replace(item, reason=say.closed(acta.state))
    if _signs(facts, mail):
        item = _signed(replace(item, kind=SIGNATURE, actor=str(facts.authorities[mail.sender])), parts)
    elif mail.sender != facts.docente:
        return replace(item, reason=say.not_theirs(facts, mail))
    elif not facts.docente_enters:
        return replace(item, outcome="held", reason=say.CLOSED_ACCOUNT)
    elif doubt and not looked:
        return replace(item, outcome="held", reason=doubt)
    elif len(parts) > MOST_FILES:
        return replace(item, outcome="held", reason=say.too_many_files(len(parts), MOST_FILES))
    elif acta.state in BEFORE or not looked:
        return replace(item, outcome="held", reason=say.NOT_SENT_YET)
    else:
        item = plan(conn, desk, mail, letter, facts, looked, late=acta.state != WAITS)
    if item.outcome == "open" and doubt:
        return replace(item, outcome="held", reason=doubt)
    return item


def _doubt(mail: ReceivedMail, desk: Desk) -> str:
    """Why it may not come from whom it says; "": our server found that it does, or none is to say."""
    if not desk.config.mail_authserv_id or vouched(mail.auth, mail.sender):
        return ""
    return say.NOT_AUTHENTIC if mail.auth.get("results") else say.NOT_CHECKED


def _signed(item: Item, parts: list[Part]) -> Item:
    pdf = next((part for part in parts if part.name.lower().endswith(".pdf")), None)
    if pdf is None:
        return replace(item, reason=say.SIGNED_IS_PDF)
    return replace(item, outcome="open", file=pdf.name, sha256=pdf.sha256)


def _carried(items: list[Item], mail: ReceivedMail, letter: Incoming, desk: Desk) -> list[Item]:
    done = []
    for item in items:
        if item.outcome == "open":
            try:
                part = next((one for one in letter.parts if item.sha256 and one.sha256 == item.sha256), None)
                item = carry(item, mail, part, desk)
            except NotYet as error:
                if desk.clock.now() - mail.at >= PATIENCE:
                    item = replace(item, outcome="held", reason=str(error))
        done.append(item)
    return done
