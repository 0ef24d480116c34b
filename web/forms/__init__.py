"""Forms as pages: accessible HTML from the same schema that the engine checks."""

from web.forms.render import render_fields, render_form

__all__ = ["render_fields", "render_form"]
