"""One form: the door of this room.

Built by ``definitions`` when a version is loaded and kept with it; used by ``cases`` (clean), by the web (parse,
defaults, describe) and by the API (json_schema). Immutable and safe to share between threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import InvalidBundle
from engine.forms.clean import case_data, clean, today_of
from engine.forms.components import Component, inputs, read_components, walk_path
from engine.forms.describe import Shown, summary
from engine.forms.feel import FeelError
from engine.forms.parse import Posted, change_rows, parse
from engine.forms.rules import compile_rules
from engine.forms.visibility import settle

__all__ = ["Form"]

Data = Mapping[str, Any]


class Form:
    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Raises InvalidBundle when a condition cannot be read (``check_form`` says so before publishing)."""
        self.schema = schema
        self.id = str(schema.get("id") or "")
        try:
            self.components: tuple[Component, ...] = read_components(schema.get("components"))
        except FeelError as error:
            raise InvalidBundle([f"{self.id}: {error}"]) from error
        self.fields: tuple[Component, ...] = tuple(inputs(self.components))
        self.upload_keys: tuple[str, ...] = tuple(c.key for c in self.fields if c.kind == "filepicker" and c.asks)

    def field(self, key: str) -> Component | None:
        return next((c for c in self.fields if c.key == key), None)

    def clean(self, answers: Any, context: Data) -> dict[str, Any]:
        """The answers to every question, safe to become case data. Raises InvalidAnswers with all errors by path.

        ``context`` is the case's data; optionally ``uploads`` ({document id: {"name", "size"}} of those that this
        person may attach) and ``hoy`` (ISO date of the institution).
        """
        return clean(self.components, answers, context)

    def parse(self, posted: Posted, files: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
        """What a page posted, as written; ``files`` = ids of the documents just stored, by field."""
        return parse(self.components, posted, files or {})

    def change_rows(self, answers: Data, action: str) -> dict[str, Any]:
        return change_rows(answers, action)

    def defaults(self, context: Data) -> dict[str, Any]:
        """What to show first: the case's value, else that of ``valor_inicial``, else the form's default, else empty."""
        return {c.key: _first(c, context) for c in self.fields}

    def json_schema(self, data: Data) -> dict[str, Any]:
        """The rules for the fields that are visible with these data (answers included)."""
        answers = {c.key: data[c.key] for c in self.fields if c.asks and c.key in data}
        case = case_data(self.components, data)
        kept, hidden = settle(self.components, case, answers)
        return {"title": self.id, **compile_rules(self.components, {**case, **kept}, hidden, today_of(data))}

    def summary(self, answers: Data, context: Data | None = None) -> list[Shown]:
        return summary(self.components, answers, context or {})

    def describe(self, answers: Data, context: Data | None = None) -> list[tuple[str, str]]:
        """(label, shown value) of each visible question."""
        return [(shown.label, shown.value) for shown in self.summary(answers, context)]


def _first(component: Component, context: Data) -> Any:
    if component.key in context:
        return context[component.key]
    if path := component.settings.get("valor_inicial"):
        found = walk_path(context, path)
        if found is not None:
            return found
    if component.kind == "dynamiclist":
        rows = component.raw.get("defaultRepetitions", 1) if component.grows else 0
        blank = {c.key: c.raw.get("defaultValue", c.empty) for c in component.children}
        return [dict(blank) for _ in range(min(int(rows or 0), 50))]
    return component.raw.get("defaultValue", component.empty)
