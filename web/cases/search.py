"""The filters of a list of cases, from the address and back; shared by the staff's list and the audit's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from engine.history.search import CaseFilters
from web.text import lazy_gettext

STATUSES = {
    "open": lazy_gettext("En marcha"),
    "completed": lazy_gettext("Terminados"),
    "withdrawn": lazy_gettext("Retirados"),
}


@dataclass(frozen=True)
class CaseQuery:
    """What the search form holds, as typed."""

    q: str = ""
    proceso: str = ""
    estado: str = ""
    desde: str = ""
    hasta: str = ""
    incidente: str = ""
    tras: str = ""

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> CaseQuery:
        return cls(**{name: args.get(name, "").strip()[:200] for name in cls.__dataclass_fields__})

    def filters(self, zone: ZoneInfo) -> CaseFilters:
        return CaseFilters(
            text=self.q,
            process=self.proceso or None,
            status=self.estado if self.estado in STATUSES else None,
            since=_midnight(self.desde, zone),
            until=_midnight(self.hasta, zone, days=1),
            troubled=self.incidente == "si",
            after=self.tras or None,
        )

    def after(self, number: str) -> str:
        """The query string of the next page."""
        given = {name: getattr(self, name) for name in self.__dataclass_fields__ if getattr(self, name)}
        return urlencode(given | {"tras": number})

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


def _midnight(text: str, zone: ZoneInfo, days: int = 0) -> datetime | None:
    """The start of the day typed (``days`` later) at the institution; None for what is no date."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime.combine(day, time(), zone)
    except (ValueError, OverflowError):
        return None
