"""A case that a case opens: what the operation ``open_case`` does, handed to it by the wiring. Nobody filed it, and the
page of each shows the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.cases import Engine, StartCase, start_case


def open_about(engine: Engine, process: str, answers: Mapping[str, Any], about: UUID, request_id: UUID) -> str:
    """Its number. Raises what ``start_case`` raises."""
    command = StartCase(process, None, dict(answers), request_id, channel="sistema", about=about)
    return start_case(command, engine).number
