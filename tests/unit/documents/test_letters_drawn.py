"""What is drawn is what was written: each letter that a document may hold has its own shape, whatever stands beside it."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops

from engine.documents import render_pdf
from engine.documents.faces import FACES, FONTS, LAST, files_of
from engine.letters import RANGES, TILDE, spans, spelt_plainly, unprintable

PAGE = (
    "<html><head><style>html {{ font: 20pt '{family}' }} p {{ position: absolute; left: 0; margin: 0 }}</style></head>"
    "<body><p style='top: 0'>{first}</p><p style=\"top: 60pt; font-family: '{family}'\">{second}</p></body></html>"
)
RARE, COMMON = "ŶāŞİŁukĦŭẽễỊỌỹ", "Apellido, Nuñez +»ò"
LETTERS = {code for first, last in spans(RANGES) for code in range(first, last + 1)}


def has(files: list[str]) -> set[int]:
    return {code for file in files for code in TTFont(FONTS / file).getBestCmap()}


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


@pytest.mark.req("R-31", "R-60")
@pytest.mark.parametrize(("family", "weight"), [(name, one) for name, all_ in FACES.values() for one in all_.split()])
def test_every_letter_that_a_document_may_hold_is_in_the_files_of_every_face(family: str, weight: str) -> None:
    last = files_of(LAST)["400i" if weight.endswith("i") else weight if weight in files_of(LAST) else "400"]
    found = has(files_of(family)[weight]) | has(last)
    assert "".join(chr(code) for code in sorted(LETTERS - found)) == ""
    assert ord(TILDE) in has(files_of(family)[weight][:1])  # with the g, in one file: it is set upon it


@pytest.mark.req("R-31", "R-60")
def test_every_letter_is_drawn_by_our_files_alone(tmp_path: Path) -> None:
    every = " ".join(f"&#{code};" for code in sorted(LETTERS)) + " g̃ G̃"
    styles = [
        f"font-family: '{family}'; font-style: {style}"
        for family, _ in FACES.values()
        for style in ("normal", "italic")
    ]
    page = "".join(f'<p style="{one}">{every}</p>' for one in styles)
    made = render_pdf({"forms/x.html": f"<html><body>{page}</body></html>".encode()}, "x.html", {})
    (tmp_path / "a.pdf").write_bytes(made.bytes)
    told = subprocess.run(["pdffonts", tmp_path / "a.pdf"], check=True, capture_output=True, text=True).stdout
    fonts = [line.split()[0].partition("+")[2] for line in told.splitlines()[2:]]
    assert fonts
    assert [one for one in fonts if not one.startswith(("EB-Garamond", "Source-Sans-3", "Source-Code-Pro"))] == []


@pytest.mark.parametrize("sign", ["Ƙ", "ᴀ", "ᶡ", "ḱ", "‰", "e\u0323\u0300", "x\u0303", "東", "\x7f", "\x80", "\u202e"])
def test_a_letter_that_no_file_has_is_told(sign: str) -> None:
    assert unprintable(sign)


def test_the_letters_of_the_languages_that_are_spoken_here_are_had() -> None:
    assert (
        unprintable("Aỹvu Ñẽ'ẽ g̃uahẽ G̃ · Nguyễn Thị Hằng · Ṣọla · Łukasz Şahin İbrahim Ørsted · ₲ 10 · m²\n\t½") == []
    )


def test_other_dashes_become_those_that_we_have() -> None:
    assert spelt_plainly("a\u2010b\u2011c\u2012d\u2015e") == "a-b-c–d—e"
