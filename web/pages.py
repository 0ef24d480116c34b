"""Every page of the face, once: a blueprint for each audience. A new one is added here and nowhere else."""

from __future__ import annotations

from flask import Flask

from web.demo import demo
from web.help import help_pages
from web.sign_in.account import account
from web.sign_in.door import door

PAGES = [help_pages, door, account, demo]


def register_pages(app: Flask) -> None:
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
