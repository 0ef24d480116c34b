"""What the check of a bundle tells the process owner: where, what is wrong, how to mend it. In Spanish, for the studio
and the command line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    file: str
    element: str | None
    problem: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file} · {self.element}" if self.element else self.file
        return f"{place}: {self.problem} {self.mend}".rstrip()
