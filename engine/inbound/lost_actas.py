"""A lost or damaged original of an exam acta is rebuilt (R-51, R-55): a case of ``reconstruir_acta`` for each, once.

Called by ``cartulario archive check``, each night. Two checks at once, or one killed half way, start no second case:
the request's id follows from the acta and from how many cases it had. An acta that is being rebuilt, that was rebuilt,
or of which it was decided that it is not, is left alone.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal, Protocol

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actas.examen import LOCKED, Acta, get_acta, rebuilt_as
from engine.actas.examen.missing import GIVEN_UP, PROCESS, rebuildings_of
from engine.archive import Archive, Damage, look_again
from engine.cases import Engine, StartCase, start_case
from engine.clock import Clock
from engine.config import Config
from engine.errors import InvalidAnswers, NotFound
from engine.storage.tables import acta as acta_table
from engine.storage.tables import original
from engine.storage.unit_of_work import Database

_SEED = uuid.UUID("2f3a9c34-5a0c-5b0e-8d5b-7265636f6e73")
NOTICED = "Control de integridad: el original digital del acta {how} en el archivo (SHA-256 {sha256})."
HOW = {"missing": "falta", "damaged": "está dañado"}

State = Literal["started", "to_start", "in_course", "rebuilt", "given_up", "by_hand"]


class Office(Protocol):
    @property
    def config(self) -> Config: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def engine(self) -> Engine: ...


@dataclass(frozen=True, slots=True)
class LostActa:
    base: str
    sha256: str
    state: State
    told: str  # of the case's number, or the name of the acta that took its place


def rebuild_lost(office: Office, *, dry_run: bool = False) -> list[LostActa]:
    """The exam actas whose originals were found lost, by this check or by an earlier one, and what becomes of each."""
    lost = sa.select(acta_table.c.id, original.c.sha256).join(
        original, original.c.sha256 == acta_table.c.original_sha256
    )
    with office.database.read() as conn:
        rows = conn.execute(lost.where(original.c.fixity.in_(HOW)).order_by(acta_table.c.base)).all()
    found = []
    for acta_id, sha256 in rows:
        damage = look_again(office.database, office.archive, sha256, office.clock.now())
        if damage is None:  # it was brought back meanwhile
            continue
        with office.database.read() as conn:
            acta = get_acta(conn, acta_id)
            known, before = _known(conn, acta, damage)
        if known is None and dry_run:
            known = LostActa(acta.base, damage.sha256, "to_start", "")
        found.append(known or _start(office, acta, damage, before))
    return found


def _known(conn: Connection, acta: Acta, damage: Damage) -> tuple[LostActa | None, int]:
    """What there is of it already; none, and how many cases it had: it is to be started."""
    taken, cases = rebuilt_as(conn, acta.id), rebuildings_of(conn, acta.base)
    if taken is not None and taken.state in LOCKED:
        return LostActa(acta.base, damage.sha256, "rebuilt", taken.base), len(cases)
    if running := next((one for one in cases if one.open), None):
        return LostActa(acta.base, damage.sha256, "in_course", running.number), len(cases)
    if cases and cases[-1].outcome == GIVEN_UP:
        return LostActa(acta.base, damage.sha256, "given_up", cases[-1].number), len(cases)
    return None, len(cases)


def _start(office: Office, acta: Acta, damage: Damage, before: int) -> LostActa:
    answers = {
        "acta_nombre": acta.base,
        "notada_el": office.clock.now().astimezone(office.config.zone).date().isoformat(),
        "como_se_noto": NOTICED.format(how=HOW[damage.fixity], sha256=damage.sha256),
    }
    request_id = uuid.uuid5(_SEED, f"{acta.id}/{before}")
    command = StartCase(PROCESS, None, answers, request_id, channel="sistema", about=acta.case_id)
    try:
        receipt = start_case(command, office.engine)
    except (NotFound, InvalidAnswers):  # not published here, or its owner asks for more than a check can answer
        return LostActa(acta.base, damage.sha256, "by_hand", "")
    return LostActa(acta.base, damage.sha256, "started", receipt.number)
