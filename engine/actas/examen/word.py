"""The acta as a Word file (R-31, R-37): our model filled with what ``printed`` gives. Called by who makes its files."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.actas.examen.word_model import model

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def word_acta(acta: Mapping[str, Any]) -> bytes:
    """``acta`` as ``printed`` gives it; every text is written as text, whatever it looks like."""
    document = DocxTemplate(io.BytesIO(model()))
    document.render({"acta": dict(acta)}, _ENVIRONMENT, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
