"""A document as diagrams hand it on: its id, or the whole result of the operation that made it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator


def _id_of(value: Any) -> Any:
    return value.get("id", value.get("document")) if isinstance(value, Mapping) else value


DocumentId = Annotated[UUID, BeforeValidator(_id_of)]
