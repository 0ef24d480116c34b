"""``elapsed_days(since, until)`` in SQL: the days from one instant to another, reckoned where the rows are, so that the
longest of many can be told without reading them all.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class elapsed_days(GenericFunction[float]):
    type = sa.Float()
    inherit_cache = True


@compiles(elapsed_days, "postgresql")
def _on_postgresql(element: elapsed_days, compiler: Any, **more: Any) -> str:
    since, until = (compiler.process(one, **more) for one in element.clauses)
    return f"(EXTRACT(EPOCH FROM {until} - {since})::float8 / 86400)"


@compiles(elapsed_days, "sqlite")
def _on_sqlite(element: elapsed_days, compiler: Any, **more: Any) -> str:
    since, until = (compiler.process(one, **more) for one in element.clauses)
    return f"(julianday({until}) - julianday({since}))"
