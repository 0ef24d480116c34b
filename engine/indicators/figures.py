"""From counts to indicators: shares, medians, ninth deciles. Pure; every formula of a figure is here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from engine.indicators.counts import Key

PUBLISHED_FROM = 5  # fewer could tell of a person: the public page gives their number and no share nor duration


def share(part: int, whole: int) -> float | None:
    """Percent with one decimal, rounded down: what falls short of a target is not shown as met. Of nothing, none."""
    return 1000 * part // whole / 10 if whole else None


def quantile(days: Mapping[int, int], percent: int) -> float | None:
    """The value that ``percent`` of the observations do not exceed (nearest rank); the median of an even number is
    halfway between the two in the middle. Exact, from how often each value occurs."""
    total = sum(days.values())
    if not total:
        return None
    if percent == 50 and total % 2 == 0:
        return (_nth(days, total // 2) + _nth(days, total // 2 + 1)) / 2
    return float(_nth(days, -(-total * percent // 100)))


def _nth(days: Mapping[int, int], n: int) -> int:
    for value in sorted(days):
        n -= days[value]
        if n <= 0:
            return value
    raise ValueError("fewer observations than that")


@dataclass(slots=True)
class Figures:
    """The sums of one line: a service, a product, a month, or all."""

    received: int = 0
    delivered: int = 0
    refused: int = 0
    abandoned: int = 0
    withdrawn: int = 0
    archived: int = 0  # of those given up, the ones that the office ended: it could not finish them
    returned: int = 0
    kept: int = 0
    late: int = 0
    complaints: int = 0
    days: Counter[int] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)

    @property
    def ended(self) -> int:
        return self.delivered + self.refused + self.abandoned + self.withdrawn

    @property
    def due(self) -> int:
        """Commitments that fell due, or were kept early: what the share on time is of."""
        return self.kept + self.late

    @property
    def on_time(self) -> float | None:
        return share(self.kept, self.due)

    @property
    def median(self) -> float | None:
        return quantile(self.days, 50)

    @property
    def p90(self) -> float | None:
        return quantile(self.days, 90)

    @property
    def return_rate(self) -> float | None:
        return share(self.returned, self.ended)

    @property
    def refusal_rate(self) -> float | None:
        return share(self.refused, self.ended)

    @property
    def withdrawal_rate(self) -> float | None:
        return share(self.withdrawn + self.abandoned, self.ended)

    @property
    def answers(self) -> int:
        return self.scores.total()

    @property
    def satisfaction(self) -> float | None:
        """The mean mark, from 1 to 5."""
        return round(sum(mark * n for mark, n in self.scores.items()) / self.answers, 1) if self.answers else None

    def add(self, measure: str, value: int, n: int) -> None:
        match measure:
            case "days":
                self.days[value] += n
            case "score":
                self.scores[value] += n
            case _:
                name = _FIELD[measure]
                setattr(self, name, getattr(self, name) + n)


_FIELD = {
    "opened": "received",
    "complaint": "complaints",
    **{
        name: name
        for name in ("delivered", "refused", "abandoned", "withdrawn", "archived", "returned", "kept", "late")
    },
}


def gather(counts: Iterable[tuple[Key, int]], group: Callable[[Key], object]) -> dict[object, Figures]:
    """Figures by what ``group`` says of a key; what it says nothing (None) of is left out."""
    found: dict[object, Figures] = {}
    for key, n in counts:
        line = group(key)
        if line is None:
            continue
        if line not in found:
            found[line] = Figures()
        found[line].add(key.measure, key.value, n)
    return found
