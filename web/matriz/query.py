"""The filters of the Matriz, from the address and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from engine.carta import Search

PAGE = 50
FURTHEST_PAGE = 100_000


@dataclass(frozen=True)
class MatrizQuery:
    """What the search form holds, as typed."""

    q: str = ""
    producto: str = ""
    desde: str = ""
    hasta: str = ""
    pagina: int = 1

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> MatrizQuery:
        typed = {name: args.get(name, "").strip()[:200] for name in ("q", "producto", "desde", "hasta")}
        page = args.get("pagina", "")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1
        return cls(**typed, pagina=min(max(number, 1), FURTHEST_PAGE))

    def search(self, zone: ZoneInfo) -> Search:
        since, until = _midnight(self.desde, zone), _midnight(self.hasta, zone, days=1)
        return Search(text=self.q, product=self.producto, since=since, until=until)

    @property
    def offset(self) -> int:
        return (self.pagina - 1) * PAGE

    @property
    def is_empty(self) -> bool:
        return not (self.q or self.producto or self.desde or self.hasta)

    def address(self, page: int | None = None) -> str:
        """The query string of these filters, for a page or for an export."""
        shown = replace(self, pagina=page or 1)
        given = {name: getattr(shown, name) for name in ("q", "producto", "desde", "hasta") if getattr(shown, name)}
        return urlencode(given | ({"pagina": str(page)} if page and page > 1 else {}))


def _midnight(text: str, zone: ZoneInfo, days: int = 0) -> datetime | None:
    """The start of the day typed (``days`` later) at the institution; None for what is no date."""
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=days), time(), zone)
    except (ValueError, OverflowError):
        return None
