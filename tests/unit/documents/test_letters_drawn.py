"""What is drawn is what was written: each letter that a document may hold has its own shape, whatever stands beside it."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from engine.documents import render_pdf

PAGE = (
    "<html><head><style>html {{ font: 20pt '{family}' }} p {{ position: absolute; left: 0; margin: 0 }}</style></head>"
    "<body><p style='top: 0'>{first}</p><p style=\"top: 60pt; font-family: '{family}'\">{second}</p></body></html>"
)
RARE, COMMON = "ŶāŞİŁukĦŭẽ", "Apellido, Nuñez +»ò"


def drawn(folder: Path, family: str, first: str, second: str) -> Image.Image:
    page = PAGE.format(family=family, first=first, second=second)
    (folder / "a.pdf").write_bytes(render_pdf({"forms/x.html": page.encode()}, "x.html", {}).bytes)
    made = subprocess.run(["pdftoppm", "-r", "60", "-png", folder / "a.pdf"], check=True, capture_output=True)
    return Image.open(io.BytesIO(made.stdout)).convert("L")


@pytest.mark.req("R-31", "R-60")
@pytest.mark.parametrize("family", ["Source Sans 3", "EB Garamond", "Source Code Pro"])
def test_letters_of_two_ranges_on_one_page_keep_their_shapes(tmp_path: Path, family: str) -> None:
    both = drawn(tmp_path, family, RARE, COMMON)
    alone = ImageChops.darker(drawn(tmp_path, family, RARE, ""), drawn(tmp_path, family, "", COMMON))
    assert ImageChops.difference(both, alone).getbbox() is None


@pytest.mark.parametrize("family", ["Source Sans 3", "EB Garamond"])
def test_letters_that_differ_are_drawn_differently(tmp_path: Path, family: str) -> None:
    seen = {drawn(tmp_path, family, sign, "").tobytes() for sign in RARE}
    assert len(seen) == len(set(RARE))
