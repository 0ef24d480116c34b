"""The built assets: ``asset("main.css")`` in a template is the address under its hashed name, which is kept for a year.

``web/assets/build.mjs`` writes ``web/static/build/manifest.json``; it is read again when it changes: no restart.
"""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask, Response, request, url_for

BUILD = Path(__file__).parent / "static" / "build"


class AssetsMissing(RuntimeError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not built: ./run, or 'npm ci --ignore-scripts && node build.mjs' in web/assets")


class Manifest:
    """Plain names of assets → names as built."""

    def __init__(self, path: Path = BUILD / "manifest.json") -> None:
        self.path = path
        self.read_at = -1
        self.names: dict[str, str] = {}

    def asset(self, name: str) -> str:
        return url_for("static", filename=f"build/{self.built_name(name)}")

    def has_asset(self, name: str) -> bool:
        self._refresh()
        return name in self.names

    def built_name(self, name: str) -> str:
        self._refresh()
        if name not in self.names:
            raise AssetsMissing(name)
        return self.names[name]

    def _refresh(self) -> None:
        try:
            changed = self.path.stat().st_mtime_ns
        except FileNotFoundError:
            self.names = {}
            return
        if changed != self.read_at:
            self.names = json.loads(self.path.read_text())
            self.read_at = changed


def keep_for_a_year(response: Response) -> Response:
    if request.path.startswith("/static/build/") and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def init_app(app: Flask) -> None:
    manifest = Manifest()
    app.jinja_env.globals.update(asset=manifest.asset, has_asset=manifest.has_asset)
    app.after_request(keep_for_a_year)
