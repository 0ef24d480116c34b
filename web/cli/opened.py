"""The whole application, for the commands that work on cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.app import Cartulario, build
from engine.upkeep import require_current
from web.cli.frame import read_config


@contextmanager
def open_app(*, current: bool = True) -> Iterator[Cartulario]:
    """Built from the configuration and closed at the end. ``current`` asks for this release's schema."""
    app = build(read_config())
    try:
        if current:
            require_current(app.database)
        yield app
    finally:
        app.close()
