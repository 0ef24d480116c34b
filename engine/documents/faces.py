"""The letters of the official documents: which npm packages, weights and character ranges.

The files are those that ``npm ci`` puts in ``web/assets/node_modules/@fontsource``, the same on every machine, so that
a document is the same byte for byte everywhere. The URLs have a scheme of our own that only our fetcher resolves.
"""

from __future__ import annotations

from engine.config import ROOT
from engine.letters import RANGES

FONTS = ROOT / "web" / "assets" / "node_modules" / "@fontsource"
SCHEME = "letra:"
FACES = {
    "eb-garamond": ("EB Garamond", "400 400i 500 500i 600"),
    "source-sans-3": ("Source Sans 3", "400 400i 600"),
    "source-code-pro": ("Source Code Pro", "400"),
}


def font_face_rules() -> str:
    """One @font-face per family, weight, style and range."""
    rules = []
    for package, (family, weights) in FACES.items():
        for weight in weights.split():
            style = "italic" if weight.endswith("i") else "normal"
            for subset, span in RANGES.items():
                file = f"{package}/files/{package}-{subset}-{weight[:3]}-{style}.woff2"
                rules.append(
                    f"@font-face{{font-family:'{family}';font-weight:{weight[:3]};font-style:{style};"
                    f"src:url('{SCHEME}///{file}');unicode-range:{span}}}"
                )
    return "\n".join(rules)
