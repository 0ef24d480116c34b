"""What is wrong with a template: where, what, and how to mend it. In Spanish, for the owner of a process."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TemplateFault:
    template: str
    line: int | None
    problem: str
    mend: str

    def __str__(self) -> str:
        place = f"«{self.template}»" + (f", línea {self.line}" if self.line else "")
        return f"{place}: {self.problem} {self.mend}".rstrip()
