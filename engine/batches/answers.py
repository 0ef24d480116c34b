"""The answers that a task of a batch is completed with, found in its form: nobody types them for each.

A form allows it when its defaults are enough, or when exactly one choice makes it valid and does what is wanted («Sí,
la firmo»); of a print run, when the boxes it requires are all it needs. One that asks for more is completed apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.errors import CartularioError, InvalidAnswers
from engine.forms import Form

CHOICES = ("radio", "select")


def only_answers(
    form: Form | None,
    data: Mapping[str, Any],
    today: str,
    wanted: Callable[[Mapping[str, Any]], bool],
    draft: Mapping[str, Any] | None = None,
    *,
    tick: bool = False,
) -> dict[str, Any] | None:
    """What to complete with, as a page would send it; None when the form does not allow it. ``wanted`` looks at the
    case's data with the answers over them. A ``draft`` that somebody left in the task is what they meant: that or
    nothing. ``tick``: the button that was pressed declares what the required boxes say («Imprimí todas las hojas»)."""
    if form is None:
        return {} if wanted(data) else None
    if form.upload_keys and any(c.required for c in form.fields if c.kind == "filepicker"):
        return None
    ticked = {c.key: True for c in form.fields if tick and c.kind == "checkbox" and c.required and c.asks}
    if draft:
        meant = {**draft, **ticked}
        return meant if _fits(form, meant, data, today, wanted) else None
    base = {key: value for key, value in form.defaults(data).items() if (c := form.field(key)) and c.asks} | ticked
    if _fits(form, base, data, today, wanted):
        return base
    found = [one for one in _one_choice_away(form, base, data) if _fits(form, one, data, today, wanted)]
    return found[0] if len(found) == 1 else None


def _one_choice_away(form: Form, base: dict[str, Any], data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for component in form.fields:
        if component.asks and component.kind in CHOICES:
            yield from ({**base, component.key: option.value} for option in component.choices(data))


def _fits(
    form: Form,
    answers: dict[str, Any],
    data: Mapping[str, Any],
    today: str,
    wanted: Callable[[Mapping[str, Any]], bool],
) -> bool:
    try:
        cleaned = form.clean(dict(answers), {**data, "uploads": {}, "hoy": today})
        return wanted({**data, **cleaned})
    except (InvalidAnswers, CartularioError):
        return False
