"""The tour as a person reads it: ``informe.html``, with what was done, by whom and when, the letters in and out, the
documents, and what pdfsig and qpdf, which are not ours, say of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from jinja2 import Environment, FileSystemLoader
from sqlalchemy import Connection

from engine.actas.examen import WORDS, steps_of
from engine.mail.incoming import mails
from engine.storage.tables import mail, person, task
from tests.processes.exam import actas_of_case
from tests.tour.play import Player

HERE = Path(__file__).parent
JUDGED = {"filed": "aceptado", "held": "retenido", "refused": "rechazado", "duplicate": "repetido"}


@dataclass(frozen=True)
class Deed:
    at: datetime
    who: str
    what: str
    of: str = ""  # the acta


def write(players: list[Player], cases: list[dict[str, Any]], notes: dict[int, list[str]], out: Path) -> None:
    """``notes``: what happened before the case of that place, outside any."""
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    told = [_told(player, case) for player, case in zip(players, cases, strict=True)]
    page = environment.get_template("informe.html").render(cases=told, notes=notes)
    (out / "informe.html").write_text(page, encoding="utf-8")


def _told(player: Player, case: dict[str, Any]) -> dict[str, Any]:
    zone = player.app.config.zone
    with player.app.database.read() as conn:
        deeds = sorted([*_people(conn, player), *_letters(conn, player), *_moves(conn, player)], key=lambda one: one.at)
    lines = [(deed.at.astimezone(zone).strftime("%d/%m/%Y %H:%M"), deed) for deed in deeds]
    return case | {"process": player.definition.manifest.process.title, "deeds": lines}


def _people(conn: Connection, player: Player) -> list[Deed]:
    named = task.outerjoin(person, person.c.id == task.c.closed_by)
    query = sa.select(task, person.c.given_names, person.c.family_names).select_from(named)
    done = query.where(task.c.case_id == player.case_id, task.c.status == "completed")
    return [
        Deed(row.closed_at, f"{row.given_names} {row.family_names}", f"hizo «{row.name}»", row.instance or "")
        for row in conn.execute(done)
    ]


def _letters(conn: Connection, player: Player) -> list[Deed]:
    sent = conn.execute(sa.select(mail).where(mail.c.case_id == player.case_id, mail.c.sent_at.is_not(None)))
    deeds = []
    for row in sent:
        to, copies = ", ".join(row.recipients["to"]), ", ".join(row.recipients.get("cc", ()))
        more = f", con copia a {copies}" if copies else ""
        sender = row.recipients.get("from", ["la institución"])[0]
        deeds.append(Deed(row.sent_at, sender, f"escribió «{row.subject}» a {to}{more}"))
    for one in mails(conn, case_id=player.case_id):
        names = ", ".join(part["name"] for part in one.attachments)
        verdict = JUDGED.get(one.status, one.status) + (f": {one.reason}" if one.reason else "")
        deeds.append(Deed(one.at, one.sender, f"devolvió por correo {names}; {verdict}", one.base or ""))
    return deeds


def _moves(conn: Connection, player: Player) -> list[Deed]:
    return [
        Deed(
            step.at,
            "el sistema",
            f"pasó el acta a «{WORDS[step.to]}»" + (f": {step.note}" if step.note else ""),
            acta.base,
        )
        for acta in actas_of_case(conn, player.case_id)
        for step in steps_of(conn, acta.id)
    ]
