"""The sign-ins that the demo lists on its sign-in page: ``<data_dir>/demo_people.json``, written when it is made."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Flask

from web.current import cartulario


@dataclass(frozen=True)
class SignInHint:
    username: str
    password: str
    who: str


def demo_people() -> list[SignInHint]:
    """Empty outside of the demo, whatever lies in the data folder."""
    config = cartulario().config
    path = config.data_dir / "demo_people.json"
    if not config.demo or not path.is_file():
        return []
    return [SignInHint(row["username"], row["password"], row["who"]) for row in json.loads(path.read_text())]


def init_app(app: Flask) -> None:
    @app.context_processor
    def listed() -> dict[str, object]:
        return {"demo_people": demo_people()} if cartulario().config.demo else {"demo_people": []}
