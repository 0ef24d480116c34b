"""No two rooms of the face give templates different things under one name: the one mounted last would take the other's away,
and the pages of the other would fail, or say something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from jinja2 import Environment

from engine.app import build
from engine.clock import SystemClock
from engine.config import Config
from web.app import create_app

LIBRARIES = ("flask.", "flask_wtf.")  # they give one name both ways, the same thing
FLASKS = "config"  # of which templates see ours in its place (web.layout)


class OneName(dict[str, Any]):
    """Notes what is given under a name that was taken by something else."""

    def __init__(self, first: dict[str, Any], taken: list[str]) -> None:
        super().__init__(first)
        self.taken = taken

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self and self[name] is not value:
            self.taken.append(f"{name}: {_place(self[name])} and {_place(value)}")
        super().__setitem__(name, value)

    def update(self, *given: Any, **named: Any) -> None:
        for name, value in dict(*given, **named).items():
            self[name] = value


def _place(thing: Any) -> str:
    return f"{getattr(thing, '__module__', '?')}.{getattr(thing, '__qualname__', thing)}"


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is given twice to the environment of any application made from now on."""
    found: list[str] = []
    make = Flask.create_jinja_environment

    def watched(app: Flask) -> Environment:
        made = make(app)
        for kind in ("globals", "filters", "tests"):
            setattr(made, kind, OneName(getattr(made, kind), found))
        return made

    monkeypatch.setattr(Flask, "create_jinja_environment", watched)
    return found


@pytest.fixture
def app(taken: list[str], sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    built = build(Config(database_url=sqlite_url, data_dir=tmp_path, demo=True), SystemClock())
    yield create_app(built)
    built.close()


def given_twice(app: Flask) -> list[str]:
    """Names that two context processors give, or one of them and the environment."""
    ours = {
        room: [one for one in processors if not one.__module__.startswith(LIBRARIES)]
        for room, processors in app.template_context_processors.items()
    }
    everywhere = ours.pop(None, [])
    found = []
    with app.test_request_context("/"):
        for processors in (everywhere, *([*everywhere, *own] for own in ours.values())):
            first = dict.fromkeys(app.jinja_env.globals.keys() - {FLASKS}, "the environment")
            for one in processors:
                for name in one():
                    if name in first:
                        found.append(f"{name}: {first[name]} and {_place(one)}")
                    first[name] = _place(one)
    return sorted(set(found))


def test_no_name_is_given_to_templates_twice(app: Flask, taken: list[str]) -> None:
    assert taken == []
    assert given_twice(app) == []


def test_a_name_that_is_given_twice_is_named_with_both_who_give_it(taken: list[str]) -> None:
    app, one, other = Flask("x"), Blueprint("one", "one"), Blueprint("other", "other")
    one.app_context_processor(lambda: {"tones": 1})
    other.app_context_processor(lambda: {"tones": 2})
    one.add_app_template_global(len, "word")
    other.add_app_template_global(len, "word")
    one.add_app_template_filter(len, "shown")
    other.add_app_template_filter(str, "shown")
    other.context_processor(lambda: {"word": 3})
    for room in (one, other):
        app.register_blueprint(room)
    assert taken == ["shown: builtins.len and builtins.str"], "the same thing twice is no clash"
    assert [line.split(":")[0] for line in given_twice(app)] == ["tones", "word"]
