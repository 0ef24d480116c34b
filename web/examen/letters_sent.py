"""What was written about an acta, as its page tells it: letters equal in subject, text and files are one, with every
addressee and hour; what each says is shown to whom it is theirs to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from engine.actas.examen import Mesa, Scope
from engine.documents import Document
from engine.mail import Mail


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    mails: tuple[Mail, ...]  # the newest first
    files: tuple[Document, ...]  # of those that the page knows
    text: str  # none: it is not the reader's


def letters_sent(
    sent: Iterable[Mail], documents: Iterable[Document], mesa: Mesa, scope: Scope, me: str
) -> list[Letter]:
    """The newest first. ``me``: the reader's address; a docente reads what was written to them and no more."""
    known = {one.id: one for one in documents}
    alike: dict[tuple[str, str, tuple[UUID, ...]], list[Mail]] = {}
    for one in reversed(list(sent)):
        alike.setdefault((one.subject, one.body, tuple(sorted(one.attachments))), []).append(one)
    office = scope.everything or mesa.departamento in scope.departamentos
    return [
        Letter(
            subject,
            tuple(mails),
            tuple(known[file] for file in mails[0].attachments if file in known),
            body if office or _written_to(mails, me) else "",
        )
        for (subject, body, _files), mails in alike.items()
    ]


def _written_to(mails: Sequence[Mail], address: str) -> bool:
    return any(address.casefold() == one.casefold() for mail in mails for one in (*mail.to, *mail.cc))
