"""The id that makes a form's second submit change nothing: made with the page, sent back in a hidden field."""

from __future__ import annotations

from uuid import uuid4

from flask import Blueprint

from web.requests.answers import request_id_of_page as request_id

__all__ = ["add_new_id", "new_id", "request_id"]


def new_id() -> str:
    """In a template: ``<input type="hidden" name="request_id" value="{{ new_id() }}">``."""
    return str(uuid4())


def add_new_id(blueprint: Blueprint) -> None:
    blueprint.add_app_template_global(new_id, "new_id")
