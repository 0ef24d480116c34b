"""What was decided of each acta that a letter brings, as it is kept in ``received_mail.items``.

An item is «open» when it was decided to let it in and the case has not been told yet: it is in the database before the
case is told, so that a crash in between tells it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal
from uuid import UUID

from engine.mail.incoming import ReceivedMail

Outcome = Literal["open", "filed", "held", "refused"]
LOAD, SIGNATURE = "carga", "firma"


@dataclass(frozen=True, slots=True)
class Item:
    base: str  # of the acta; "" when what is said is of the letter as a whole
    outcome: Outcome
    reason: str = ""  # in Spanish, a sentence
    kind: str = ""  # carga: a docente's return; firma: an authority's
    acta: str = ""  # its id
    case: str = ""
    file: str = ""  # the name of the attachment that counts
    sha256: str = ""
    carga: str = ""
    document: str = ""
    actor: str = ""  # whose act it is
    warnings: tuple[str, ...] = ()  # what an article asks for and the letter lacks

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "warnings": list(self.warnings)}

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Item:
        return cls(**{**data, "warnings": tuple(data.get("warnings", ()))})

    @property
    def acta_id(self) -> UUID | None:
        return UUID(self.acta) if self.acta else None


def items_of(mail: ReceivedMail) -> list[Item]:
    return [Item.of_json(one) for one in mail.items or ()]


def outcome_of(items: Sequence[Item]) -> Outcome:
    """Of the whole letter: one that waits for a person makes all of it wait; one that was let in files it."""
    outcomes = {one.outcome for one in items}
    for outcome in ("open", "held", "filed"):
        if outcome in outcomes:
            return outcome
    return "refused"


def reason_of(items: Sequence[Item]) -> str:
    """One line for each that has something to say."""
    said = [f"{one.base}: {one.reason}" if one.base else one.reason for one in items if one.reason]
    return "\n".join(said)


def columns(items: Sequence[Item]) -> dict[str, Any]:
    """Of the letter's row: the first acta stands for all in lists."""
    first = next((one for one in items if one.acta), None)
    return {
        "items": [one.as_json() for one in items],
        "reason": reason_of(items) or None,
        "base": next((one.base for one in items if one.base), None),
        "acta_id": first.acta_id if first else None,
        "case_id": UUID(first.case) if first and first.case else None,
    }
