"""What a played case left: its documents, fetched as its requester would and checked as anybody would, its mails, its proof."""

from __future__ import annotations

import email
import hashlib
from email.message import Message
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.definitions import PRODUCTS, Scenario
from engine.documents import list_documents
from engine.history.chain import verify_chain
from engine.history.replay import replay
from engine.storage.tables import case, event, mail
from tests.tour.client import Deviation, Visitor
from tests.tour.outsiders import look
from tests.tour.play import Player, file_stem

ACCEPTED = "Este documento es auténtico"


def examine(player: Player, scenario: Scenario, out: Path) -> dict[str, Any]:
    """The case's entry of ``summary.json``. Raises ``Deviation``."""
    row = player.one(sa.select(case).where(case.c.id == player.case_id))
    expected = scenario.expected
    found = f"open: {player.open_tasks()}; incidents: {player.incidents()}"
    _same("status", row.status, expected.status, found)
    if expected.outcome is not None:
        _same("outcome", row.outcome, expected.outcome, found)
    if expected.open_tasks is not None:
        _same("open tasks", sorted(player.open_tasks()), sorted(expected.open_tasks), found)
    documents = _documents(player, out, of_office=False)
    if expected.documents is not None:
        _same("documents", {file_stem(d["name"]) for d in documents}, set(expected.documents), found)
    if expected.products is not None:
        results = {key: PRODUCTS[word] for key, word in expected.products.items()}
        _same("products", player.results(), results, found)
    with player.app.database.read() as conn:
        again = replay(conn, player.app.definitions, player.case_id, player.app.config.zone)
        chain = verify_chain(conn, player.case_id)
        events = conn.scalar(sa.select(sa.func.count()).where(event.c.case_id == player.case_id))
        mails = [m.subject for m in conn.execute(sa.select(mail.c.subject).where(mail.c.case_id == player.case_id))]
    _same("replay", again.verdict, "identical", "")
    if chain.reason is not None:
        raise Deviation(f"the chain of events is broken: {chain.reason}")
    _letters_arrived(player, mails)
    return {
        "scenario": scenario.name,
        "number": row.number,
        "status": row.status,
        "outcome": row.outcome,
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "events": events,
        "replay": again.verdict,
        "documents": documents + _documents(player, out, of_office=True),
        "mails": mails,
    }


def _documents(player: Player, out: Path, *, of_office: bool) -> list[dict[str, Any]]:
    """Every delivered document, downloaded by its requester, or every other that was issued, by an auditor: saved, and
    verified by a stranger, by code and by file."""
    with player.app.database.read() as conn:
        issued = [one for one in list_documents(conn, player.case_id) if one.kind == "issued" or one.released_at]
    found = []
    for document in issued:
        if of_office is (document.released_at is not None):
            continue
        data = player.fetch_inside(document.id) if of_office else player.fetch(document.id)
        digest = hashlib.sha256(data).hexdigest()
        _same(f"bytes of {document.name}", digest, document.sha256, "")
        file = f"{player.number}-{document.name}" if not of_office else f"{player.number}-{digest[:8]}-{document.name}"
        (out / file).write_bytes(data)
        if document.code and (document.signatures or not of_office):
            _verify(player, document.code, document.name, data)
        seen = look(out / file) if data.startswith(b"%PDF-") else None
        if seen is not None and not seen["ok"]:
            raise Deviation(f"{document.name}: pdfsig or qpdf finds fault with it: {seen}")
        found.append(
            {
                "name": document.name,
                "file": file,
                "sha256": digest,
                "code": document.code,
                "signatures": document.signatures,
                "look": seen,
            }
        )
    return found


def _verify(player: Player, code: str, name: str, data: bytes) -> None:
    stranger = Visitor(player.stage.url)
    stranger.open(f"/verificar/{code}")
    if code not in stranger.text():
        raise Deviation(f"{name}: /verificar does not know its code {code}")
    stranger.open("/verificar").submit("/verificar", {}, {"archivo": [(name, data)]})
    if code not in stranger.text():
        raise Deviation(f"{name}: /verificar does not recognise the file itself: {stranger.text()[:300]}")


def _letters_arrived(player: Player, subjects: list[str]) -> None:
    """Each recorded mail is in the mail server's folder, once for each Message-ID."""
    with player.app.database.read() as conn:
        sent = conn.execute(
            sa.select(mail.c.message_id, mail.c.status, mail.c.subject).where(mail.c.case_id == player.case_id)
        ).all()
    arrived = [
        _headers(path).get("Message-ID", "").strip("<>") for path in (player.stage.folder / "mailbox").glob("*.eml")
    ]
    for one in sent:
        _same(f"mail «{one.subject}»", one.status, "sent", "")
        _same(f"copies of «{one.subject}»", arrived.count(one.message_id.strip("<>")), 1, "")


def _headers(path: Path) -> Message:
    return email.message_from_bytes(path.read_bytes())


def _same(what: str, found: Any, expected: Any, more: str) -> None:
    if found != expected:
        raise Deviation(f"{what}: {found!r}, expected {expected!r}. {more}")
