"""An acta de examen as diagrams hand it on: its data in the case, or its id alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator


def _id_of(value: Any) -> Any:
    return value.get("id") if isinstance(value, Mapping) else value


ActaId = Annotated[UUID, BeforeValidator(_id_of)]
