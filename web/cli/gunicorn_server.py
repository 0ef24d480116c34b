"""Several web processes by gunicorn. Loaded only when asked for: a single process has no use for its library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from engine.app import build
from engine.heap import settle
from web.app import create_app
from web.cli.frame import read_config


class Gunicorn(BaseApplication):  # type: ignore[misc]  # Gunicorn carries no types
    """Gunicorn with our options only. Each process builds its own application after the fork."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        face = create_app(build(read_config()))
        settle()
        return face


def run(host: str, port: int, workers: int, threads: int) -> None:
    options = {"bind": f"{host}:{port}", "workers": workers, "threads": threads, "worker_class": "gthread"}
    Gunicorn(options | {"control_socket_disable": True}).run()
