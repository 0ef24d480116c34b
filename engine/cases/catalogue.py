"""Lists of the office that a form offers: ``catalogo.departamentos``, ``catalogo.docentes``.

They are read when the form is shown and again when it is answered: what was not offered to this person is refused. The
case keeps of each list only what was chosen, so that a page can still say its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.cases.engine import Engine
from engine.cases.ports import Options
from engine.forms import Form

NAME = "catalogo"


def catalogues_of(
    conn: Connection, engine: Engine, form: Form | None, actor: UUID | None, process: str, now: datetime
) -> dict[str, Any]:
    """What the form's context must hold besides the case's data; nothing for a form that asks for none."""
    names = sorted({name for name, _key in _asked(form)})
    if not names:
        return {}
    on = now.astimezone(engine.zone).date()
    roles = engine.people.roles(conn, actor, on, process) if actor else frozenset()
    return {
        NAME: {name: engine.catalogues[name](conn, roles, on) if name in engine.catalogues else [] for name in names}
    }


def chosen(form: Form | None, answers: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """Of each list, the options that were chosen: to be kept with the case."""
    kept: dict[str, Options] = {}
    for name, key in _asked(form):
        answer = answers.get(key)
        values = answer if isinstance(answer, list) else [answer]
        offered = context.get(NAME, {}).get(name, [])
        kept.setdefault(name, []).extend(one for one in offered if one["value"] in values)
    return {NAME: kept} if kept else {}


def _asked(form: Form | None) -> Iterator[tuple[str, str]]:
    """(list, question) for every question whose options are one."""
    for field in form.fields if form is not None else ():
        first, _, name = field.options_path.lstrip("=").partition(".")
        if first == NAME and name:
            yield name, field.key
