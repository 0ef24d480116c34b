"""A posted page into raw answers, as they were written.

Called by the web's views through ``Form.parse``, before ``clean`` or to show the page again. Names: ``key``, or
``list.row.key`` inside rows (with ``list.row._`` present for each row). Names that begin with ``_``, ``csrf_token`` and
``request_id`` belong to the page. Anything else is passed on, so that ``clean`` refuses it by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from engine.forms.components import Component, inputs
from engine.forms.rules import MAX_ROWS

__all__ = ["PAGE_NAMES", "Posted", "change_rows", "parse"]

PAGE_NAMES = frozenset({"csrf_token", "request_id"})
_ROW = re.compile(r"([^.]+)\.(\d{1,4})\.([^.]+)")


class Posted(Protocol):
    """A Werkzeug MultiDict, or anything like it."""

    def getlist(self, key: str, /) -> list[str]: ...
    def __iter__(self) -> Any: ...


def parse(components: Sequence[Component], posted: Posted, files: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """``files``: ids of the documents stored from this very post, by field. Read-only fields are not even looked at."""
    fields = {c.key: c for c in inputs(components)}
    answers: dict[str, Any] = {}
    for key, component in fields.items():
        if component.asks and component.kind != "dynamiclist":
            answers[key] = _value(component, key, posted, files)
    rows: dict[str, dict[int, dict[str, Any]]] = {
        k: {} for k, c in fields.items() if c.kind == "dynamiclist" and c.asks
    }
    for name in posted:
        if name in fields or name.startswith("_") or name in PAGE_NAMES or name.removesuffix(".quitar") in fields:
            continue
        found = _ROW.fullmatch(name)
        if found is None or found[1] not in rows or int(found[2]) > MAX_ROWS:
            answers[name] = posted.getlist(name)[-1]
            continue
        row = rows[found[1]].setdefault(int(found[2]), {})
        child = next((c for c in fields[found[1]].children if c.key == found[3]), None)
        if found[3] != "_" and (child is None or child.asks):
            row[found[3]] = _value(child, name, posted, {}) if child else posted.getlist(name)[-1]
    for key, numbered in rows.items():
        answers[key] = [_filled(fields[key], numbered[n]) for n in sorted(numbered)]
    return answers


def change_rows(answers: Mapping[str, Any], action: str) -> dict[str, Any]:
    """What the page's row buttons ask for: ``list+`` adds an empty row, ``list-3`` removes row 3. Anything else is
    ignored."""
    found = re.fullmatch(r"(.+?)(\+|-(\d{1,4}))", action)
    rows = answers.get(found[1]) if found else None
    if found is None or not isinstance(rows, list):
        return dict(answers)
    if found[3] is None:
        return {**answers, found[1]: [*rows, {}]}
    return {**answers, found[1]: [row for n, row in enumerate(rows) if n != int(found[3])]}


def _filled(component: Component, row: dict[str, Any]) -> dict[str, Any]:
    return {c.key: False for c in component.children if c.kind == "checkbox" and c.asks} | row


def _value(component: Component, name: str, posted: Posted, files: Mapping[str, Sequence[str]]) -> Any:
    values = posted.getlist(name)
    if component.kind == "checkbox":
        return bool(values) and values[-1] not in ("", "0", "false")
    if component.kind == "filepicker":
        gone = set(posted.getlist(f"{name}.quitar"))
        new = list(files.get(name, ()))
        kept = [] if new and not component.raw.get("multiple") else [v for v in values if v and v not in gone]
        return list(dict.fromkeys([*kept, *new]))
    if component.several:
        return [value for value in values if value]
    return values[-1] if values else ""
