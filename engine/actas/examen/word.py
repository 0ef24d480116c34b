"""The acta as a Word file (R-31, R-37): our model filled with what ``printed`` gives. Called by who makes its files."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.actas.examen.word_model import model

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class _Environment(ImmutableSandboxedEnvironment):
    """Compiles each part of the model once: docxtpl asks for it with every file."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.parts: dict[str, Template] = {}

    def from_string(self, source: Any, *given: Any, **more: Any) -> Template:
        if source not in self.parts:
            self.parts[source] = super().from_string(source, *given, **more)
        return self.parts[source]


_ENVIRONMENT = _Environment()


def word_acta(acta: Mapping[str, Any]) -> bytes:
    """``acta`` as ``printed`` gives it; every text is written as text, whatever it looks like."""
    document = DocxTemplate(io.BytesIO(model()))
    document.render({"acta": dict(acta)}, _ENVIRONMENT, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
