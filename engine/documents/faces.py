"""The letters of the official documents: which npm packages, weights and subsets.

The files are those that ``npm ci`` puts in ``web/assets/node_modules/@fontsource``, the same on every machine, so that
a document is the same byte for byte everywhere. The URLs have a scheme of our own that only our fetcher resolves.

Each subset of a family has a name of its own, and style sheets that name the family are read as naming all of them: the
renderer takes two files of one family, weight and style for one font, and draws the letters of one by the places of the
other, while the text that is extracted stays right. What the family lacks is looked for in Source Sans 3, which has
every letter of ``engine.letters``. No file is said to have more than it has: the renderer would draw a box for it.
"""

from __future__ import annotations

import re

from engine.config import ROOT

FONTS = ROOT / "web" / "assets" / "node_modules" / "@fontsource"
SCHEME = "letra:"
FACES = {
    "eb-garamond": ("EB Garamond", "400 400i 500 500i 600"),
    "source-sans-3": ("Source Sans 3", "400 400i 600"),
    "source-code-pro": ("Source Code Pro", "400"),
}
SUBSETS = ("latin", "latin-ext", "vietnamese")
LAST = "Source Sans 3"

_NAMED = re.compile(rf"""(["'])({"|".join(family for family, _ in FACES.values())})\1""")


def with_ranges(css: str) -> str:
    """``'EB Garamond'`` → ``'EB Garamond', 'EB Garamond latin-ext', …, 'Source Sans 3', …``."""
    return _NAMED.sub(lambda named: ", ".join(f"{named[1]}{one}{named[1]}" for one in _looked_in(named[2])), css)


def _looked_in(family: str) -> list[str]:
    families = dict.fromkeys((family, LAST))
    return [_name(one, subset) for one in families for subset in SUBSETS]


def _name(family: str, subset: str) -> str:
    return family if subset == "latin" else f"{family} {subset}"


def files_of(family: str) -> dict[str, list[str]]:
    """Of each weight of a family, its files."""
    package, weights = next((package, weights) for package, (name, weights) in FACES.items() if name == family)
    return {weight: [_file(package, subset, weight) for subset in SUBSETS] for weight in weights.split()}


def _file(package: str, subset: str, weight: str) -> str:
    return f"{package}/files/{package}-{subset}-{weight[:3]}-{_style(weight)}.woff2"


def _style(weight: str) -> str:
    return "italic" if weight.endswith("i") else "normal"


def font_face_rules() -> str:
    """One @font-face per family, weight, style and subset."""
    return "\n".join(
        f"@font-face{{font-family:'{_name(family, subset)}';font-weight:{weight[:3]};font-style:{_style(weight)};"
        f"src:url('{SCHEME}///{_file(package, subset, weight)}')}}"
        for package, (family, weights) in FACES.items()
        for weight in weights.split()
        for subset in SUBSETS
    )
