"""What a task's form posted: the answers as written, the files just stored, and the PIN, which goes nowhere else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from engine.forms import Form
from web.requests.uploads import Received, receive_files

PIN = "pin"


@dataclass
class Posted:
    answers: dict[str, Any] = field(default_factory=dict)
    received: Received = field(default_factory=Received)
    pin: str = field(default="", repr=False)
    only_redraw: bool = False  # a button of the form asks to show it again: a row more, other questions


def read_post(form: Form | None, *, files: bool = True, page_names: Collection[str] = ()) -> Posted:
    """``page_names``: fields of the page that are not the form's, besides those that ``Form.parse`` knows."""
    fields = MultiDict(request.form)
    pin = fields.pop(PIN, "")
    for name in page_names:
        fields.poplist(name)
    if form is None:
        return Posted(pin=pin)
    received = receive_files(form) if files else Received()
    answers = form.parse(fields, received.stored)
    row = fields.get("_fila", "")
    if row:
        answers = form.change_rows(answers, row)
    return Posted(answers, received, pin, bool(row) or fields.get("_accion") == "actualizar")
