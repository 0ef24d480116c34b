"""What the inbox is asked for, as a value and as the query of its URL (I-3).

Reading is tolerant: an unknown tab, key or date is as if it were not there, so that an old bookmark still opens.
Writing is canonical: the same filters always give the same query, with nothing that is only the default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, cast, get_args
from urllib.parse import parse_qsl, urlencode

Tab = Literal["mias", "grupos", "todas", "pospuestas"]
Due = Literal["vencidas", "hoy", "semana", "pausa", "sin_plazo"]

TABS: Final[tuple[Tab, ...]] = get_args(Tab)
DUES: Final[tuple[Due, ...]] = get_args(Due)
SORTS: Final = ("vence", "abierta", "prioridad", "tarea", "numero", "tramite", "proceso", "solicita")
FACT: Final = "dato."  # prefix of a key of the case's facts, in filters and in the order
DEFAULT_SORT: Final = (("vence", False),)
LONGEST: Final = 200  # characters of one value
MOST_SORTS: Final = 3
MOST_FACTS: Final = 5


@dataclass(frozen=True, slots=True)
class Filters:
    tab: Tab = "mias"
    process: str | None = None
    due: Due | None = None
    role: str | None = None
    q: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # (key, value): the case's own data
    sort: tuple[tuple[str, bool], ...] = DEFAULT_SORT  # (key, descending)
    after: str | None = None  # cursor of the row before the page; opaque
    before: str | None = None  # cursor of the row after the page

    @classmethod
    def parse(cls, query: str | Mapping[str, str | Sequence[str]]) -> Filters:
        """From a URL's query or a mapping of its values (a MultiDict gives its first ones)."""
        pairs = parse_qsl(query.removeprefix("?")) if isinstance(query, str) else query.items()
        given: dict[str, str] = {}
        for key, value in pairs:
            text = value if isinstance(value, str) else next(iter(value), "")
            given.setdefault(key, text.replace("\0", "")[:LONGEST].strip())
        facts = sorted((key[len(FACT) :], value) for key, value in given.items() if key.startswith(FACT) and value)
        return cls(
            tab=cast(Tab, given.get("bandeja")) if given.get("bandeja") in TABS else "mias",
            process=given.get("proceso") or None,
            due=cast(Due, given.get("vence")) if given.get("vence") in DUES else None,
            role=given.get("funcion") or None,
            q=" ".join(given.get("q", "").split()),
            facts=tuple((key, value) for key, value in facts if _is_key(key))[:MOST_FACTS],
            sort=_parse_sort(given.get("orden", "")),
            after=given.get("desde") or None,
            before=None if given.get("desde") else given.get("hasta") or None,
        )

    def query(self) -> str:
        """The canonical query, without "?"; empty for the plain inbox."""
        pairs = [
            ("bandeja", self.tab if self.tab != "mias" else ""),
            ("proceso", self.process),
            ("vence", self.due),
            ("funcion", self.role),
            ("q", self.q),
            *((FACT + key, value) for key, value in self.facts),
            ("orden", _format_sort(self.sort) if self.sort != DEFAULT_SORT else ""),
            ("desde", self.after),
            ("hasta", self.before),
        ]
        return urlencode([(key, value) for key, value in pairs if value])

    def with_(self, **changes: object) -> Filters:
        """The same with changes, from the first page."""
        # the names are checked where it runs: ``replace`` knows the fields
        return replace(self, **{"after": None, "before": None, **changes})  # type: ignore[arg-type]

    @property
    def narrowed(self) -> bool:
        """Something is filtered out besides what the tab says."""
        return bool(self.process or self.due or self.role or self.q or self.facts)


def _is_key(key: str) -> bool:
    return key.isidentifier() and len(key) <= 80


def _parse_sort(text: str) -> tuple[tuple[str, bool], ...]:
    found: dict[str, bool] = {}
    for part in text.split(","):
        key = part.strip().removeprefix("-")
        if key in SORTS or (key.startswith(FACT) and _is_key(key[len(FACT) :])):
            found.setdefault(key, part.strip().startswith("-"))
    return tuple(found.items())[:MOST_SORTS] or DEFAULT_SORT


def _format_sort(sort: tuple[tuple[str, bool], ...]) -> str:
    return ",".join(("-" if descending else "") + key for key, descending in sort)
