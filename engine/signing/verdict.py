"""What checking a file answers: four things apart, and who signed, in sentences for a citizen.

Integrity, trust, changes since the signature, and whether it is what our archive holds. A file can do well in one and
badly in another, and the reader must see which.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

NOT_A_PDF = "not a PDF"  # a reason


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"  # true, with something the reader must know
    BAD = "bad"
    UNKNOWN = "unknown"  # could not be told


class Change(IntEnum):
    """Since it was signed or issued, the worst last."""

    NONE = 0
    STAMP = 1  # a signer's stamp outside of the place that we left for it
    CONTENT = 2


@dataclass(frozen=True, slots=True)
class Answer:
    state: State
    text: str


@dataclass(frozen=True, slots=True)
class SignerFacts:
    name: str
    organisation: str | None
    issuer: str
    at: str | None  # ISO instant
    at_proved: bool  # by a time-stamp; else only declared by the signer
    level: str  # B-B | B-T | B-LT | B-LTA
    serial: str
    fingerprint: str  # SHA-256 of the certificate
    reason: str | None
    intact: bool
    trusted: bool
    revocation_checked: bool
    demo: bool
    problem: str | None  # why it is not believed
    identity: str | None = None  # the holder's number as the certificate's subject says it: «CUIL 20…», «PNOEC-09…»


@dataclass(frozen=True, slots=True)
class Verdict:
    integrity: Answer
    trust: Answer
    changes: Answer
    archive: Answer
    signers: tuple[SignerFacts, ...] = ()
    reasons: tuple[str, ...] = field(default_factory=tuple)  # for the office and the log; technical
    earlier: int = 0  # how many of the signers, the first ones, had signed what we issued

    @property
    def answers(self) -> dict[str, Answer]:
        return {
            "integrity": self.integrity,
            "trust": self.trust,
            "changes": self.changes,
            "archive": self.archive,
        }

    @property
    def accepted(self) -> bool:
        """Signed, whole, believed, and nothing but signatures added since."""
        return (
            self.integrity.state is State.OK
            and self.changes.state is State.OK
            and self.trust.state in (State.OK, State.WARNING)
            and self.archive.state is not State.BAD
        )

    @property
    def is_not_a_pdf(self) -> bool:
        """A picture, a text…: nothing to accuse of, and nothing of ours, for what we issue is a PDF."""
        return NOT_A_PDF in self.reasons and self.archive.state is State.UNKNOWN

    @property
    def summary(self) -> str:
        """One sentence above the four."""
        if self.accepted and self.archive.state is State.OK:
            return "Es nuestro documento original, y su firma es válida."
        if self.accepted and self.archive.state is State.WARNING:
            return "Es nuestro documento, con firmas que alguien le agregó después. Vale el original."
        if self.accepted:
            return "La firma es válida y el documento no cambió desde que se firmó."
        if self.is_not_a_pdf:
            return "Este archivo no es un PDF: así no podemos comprobarlo."
        if State.BAD in (self.integrity.state, self.changes.state, self.archive.state):
            return "No confíe en este archivo: fue alterado o no es el original."
        if not self.signers:
            return "Este archivo no lleva una firma electrónica que se pueda comprobar."
        return "No podemos confirmar la firma de este archivo."

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "accepted": self.accepted, "summary": self.summary}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Verdict:
        answers = {
            name: Answer(State(data[name]["state"]), data[name]["text"])
            for name in ("integrity", "trust", "changes", "archive")
        }
        return cls(
            **answers,
            signers=tuple(SignerFacts(**facts) for facts in data["signers"]),
            reasons=tuple(data["reasons"]),
            earlier=data["earlier"],
        )
