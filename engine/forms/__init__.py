"""Forms: from a form-js schema to rules, clean answers and their description. ``web.forms`` draws the page."""

from engine.forms.check import check_form
from engine.forms.components import Component, Option
from engine.forms.describe import Shown
from engine.forms.feel import FeelError, compile_feel
from engine.forms.form import Form
from engine.forms.guard import MAX_BYTES, MAX_DEPTH, guard, read_json

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "Component",
    "FeelError",
    "Form",
    "Option",
    "Shown",
    "check_form",
    "compile_feel",
    "guard",
    "read_json",
]
