"""The time. Everything that needs "now" is handed a clock, so that a test, a replay or a scenario can set it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class ShiftedClock:
    """The system's clock, moved by the seconds that a file holds: several processes of a drill share it."""

    file: Path

    def now(self) -> datetime:
        try:
            shift = float(self.file.read_text() or 0)
        except FileNotFoundError:
            shift = 0.0
        return datetime.now(UTC) + timedelta(seconds=shift)


@dataclass
class FixedClock:
    """A clock that moves only when told; used by scenarios and tests."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def advance(self, delta: timedelta) -> None:
        self.instant += delta
