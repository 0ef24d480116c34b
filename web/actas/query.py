"""The search form of the register, from the address and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from werkzeug.datastructures import MultiDict

from engine.actas import ActaSearch, read_date

_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class ActaQuery:
    """What the form holds, as typed."""

    q: str = ""
    organo: str = ""
    numero: str = ""
    desde: str = ""
    hasta: str = ""
    reservadas: str = ""
    tras: str = ""

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> ActaQuery:
        return cls(**{name: args.get(name, "").strip()[:200] for name in cls.__dataclass_fields__})

    def search(self, keeper: bool, today: date) -> ActaSearch:
        return ActaSearch(
            text=self.q,
            body=self.organo[:12] or None,
            number=int(self.numero) if _NUMBER.fullmatch(self.numero) else None,
            since=read_date(self.desde),
            until=read_date(self.hasta),
            reserved=keeper and self.reservadas == "si",
            hide_whole=not keeper,
            on=today,
            after=_uuid(self.tras),
        )

    def after(self, acta_id: UUID) -> str:
        """The query string of the next page."""
        given = {name: getattr(self, name) for name in self.__dataclass_fields__ if getattr(self, name)}
        return urlencode(given | {"tras": str(acta_id)})

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
