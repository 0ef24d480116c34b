"""What the database says about a letter before it is judged: whose address it comes from on the day it came (R-45), and
which actas its attachments name (R-34)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from engine.actas.examen import Acta, Mesa, acta_by_base, get_mesa, read_base, tribunal_of
from engine.errors import NotFound
from engine.inbound.received.desk import SIGNED_IN, Desk, day_of
from engine.mail.incoming import Incoming, Part, ReceivedMail
from engine.people import address_at, get_person, people_at_address, people_with_role

SUFFIXES = (".pdf", ".docx", ".docm", ".doc", ".odt")  # what somebody may take for an acta
LOOKS_LIKE_A_BASE = re.compile(r"\b\d{4}-L\d+-F\d+", re.IGNORECASE)


@dataclass(frozen=True)
class ActaFacts:
    acta: Acta
    mesa: Mesa
    docente: str  # the address registered when the letter came
    docente_enters: bool  # whose account is closed states nothing, by web or by mail
    authorities: dict[str, UUID]  # the same of each who may sign for the Departamento that day
    tribunal: tuple[str, ...]

    @property
    def account(self) -> str:
        return f"departamento:{self.mesa.departamento}"


def whose(conn: Connection, mail: ReceivedMail) -> list[UUID]:
    return people_at_address(conn, mail.sender, mail.received_at) if mail.sender else []


def by_base(parts: Sequence[Part]) -> tuple[dict[str, list[Part]], list[Part]]:
    """The files under each base name, exactly as it must be; and those that look like an acta under another name."""
    named: dict[str, list[Part]] = {}
    others = []
    for part in parts:
        stem, dot, suffix = part.name.rpartition(".")
        if f"{dot}{suffix}".lower() not in SUFFIXES:
            continue
        if read_base(stem) is not None:
            named.setdefault(stem, []).append(part)
        else:
            others.append(part)
    return named, others


def mentions_an_acta(letter: Incoming) -> bool:
    """Somebody means an acta, by the letter's subject or a file's name: he is owed an answer."""
    return any(LOOKS_LIKE_A_BASE.search(text) for text in (letter.subject, *(part.name for part in letter.parts)))


def facts_of(conn: Connection, desk: Desk, base: str, mail: ReceivedMail) -> ActaFacts | None:
    """None: there is no such acta."""
    try:
        acta = acta_by_base(conn, base)
    except NotFound:
        return None
    mesa = get_mesa(conn, acta.mesa_id)
    role = f"autoridad_departamental:{mesa.departamento}"
    day = day_of(desk, mail.received_at)
    signers = [one for process in SIGNED_IN for one in people_with_role(conn, role, day, process)]
    members = (
        address_at(conn, one.person_id, mail.received_at) if one.person_id else (one.email or "").lower()
        for one in tribunal_of(conn, mesa.id)
    )
    return ActaFacts(
        acta,
        mesa,
        address_at(conn, mesa.docente_id, mail.received_at),
        get_person(conn, mesa.docente_id).active,
        {address_at(conn, one.id, mail.received_at): one.id for one in signers},
        tuple(dict.fromkeys(address for address in members if address)),
    )
