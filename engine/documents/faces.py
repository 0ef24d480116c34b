"""The letters of the official documents: which npm packages, weights and character ranges.

The files are those that ``npm ci`` puts in ``web/assets/node_modules/@fontsource``, the same on every machine, so that
a document is the same byte for byte everywhere. The URLs have a scheme of our own that only our fetcher resolves.

Each range of a family has a name of its own, and style sheets that name the family are read as naming all of them: the
renderer takes two files of one family, weight and style for one font, and draws the letters of one by the places of the
other, while the text that is extracted stays right.
"""

from __future__ import annotations

import re

from engine.config import ROOT
from engine.letters import RANGES

FONTS = ROOT / "web" / "assets" / "node_modules" / "@fontsource"
SCHEME = "letra:"
FACES = {
    "eb-garamond": ("EB Garamond", "400 400i 500 500i 600"),
    "source-sans-3": ("Source Sans 3", "400 400i 600"),
    "source-code-pro": ("Source Code Pro", "400"),
}


_NAMED = re.compile(rf"""(["'])({"|".join(family for family, _ in FACES.values())})\1""")


def with_ranges(css: str) -> str:
    """``'EB Garamond'`` → ``'EB Garamond', 'EB Garamond latin-ext'``."""
    return _NAMED.sub(
        lambda named: ", ".join(f"{named[1]}{_name(named[2], subset)}{named[1]}" for subset in RANGES), css
    )


def _name(family: str, subset: str) -> str:
    return family if subset == "latin" else f"{family} {subset}"


def font_face_rules() -> str:
    """One @font-face per family, weight, style and range."""
    rules = []
    for package, (family, weights) in FACES.items():
        for weight in weights.split():
            style = "italic" if weight.endswith("i") else "normal"
            for subset, span in RANGES.items():
                file = f"{package}/files/{package}-{subset}-{weight[:3]}-{style}.woff2"
                rules.append(
                    f"@font-face{{font-family:'{_name(family, subset)}';font-weight:{weight[:3]};font-style:{style};"
                    f"src:url('{SCHEME}///{file}');unicode-range:{span}}}"
                )
    return "\n".join(rules)
