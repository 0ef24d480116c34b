"""The assets: exact pins, a lock without addresses, every icon that a page names, hashed names that resolve."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask

from web.manifest import AssetsMissing, Manifest

WEB = Path(__file__).parents[3] / "web"
ASSETS = WEB / "assets"
ICON = re.compile(r'\bicon\("([a-z0-9-]+)"')


def test_every_version_is_exact_and_the_lock_names_no_address() -> None:
    package = json.loads((ASSETS / "package.json").read_text())
    pins = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pins.values())
    lock = (ASSETS / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    known = set(json.loads((ASSETS / "icons.json").read_text())) | {"seal"}
    named = {name for path in (WEB / "templates").rglob("*.html") for name in ICON.findall(path.read_text())}
    assert named - known == set()


def test_no_style_sheet_writes_a_colour_but_the_tokens() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgb\(")
    for sheet in (ASSETS / "css").glob("*.css"):
        if sheet.name in ("tokens.css", "print.css"):
            continue
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
        outside = [line for line in text.splitlines() if colour.search(line.split("{", 1)[-1])]
        assert outside == [], sheet.name


def test_a_plain_name_becomes_the_built_one_and_is_read_again_after_a_build(tmp_path: Path) -> None:
    app, path = Flask("web"), tmp_path / "manifest.json"
    manifest = Manifest(path)
    with app.test_request_context():
        with pytest.raises(AssetsMissing, match="node build"):
            manifest.asset("main.css")
        path.write_text('{"main.css": "main-1.css"}')
        assert manifest.asset("main.css") == "/static/build/main-1.css"
        path.write_text('{"main.css": "main-2.css", "x": "y"}')
        assert manifest.asset("main.css") == "/static/build/main-2.css"
