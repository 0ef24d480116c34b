"""The letters of the official documents: which npm packages, weights and character ranges.

The files are those that ``npm ci`` puts in ``web/assets/node_modules/@fontsource``, the same on every machine, so that
a document is the same byte for byte everywhere. The URLs have a scheme of our own that only our fetcher resolves.
"""

from __future__ import annotations

from engine.config import ROOT

FONTS = ROOT / "web" / "assets" / "node_modules" / "@fontsource"
SCHEME = "letra:"
FACES = {
    "eb-garamond": ("EB Garamond", "400 400i 500 500i 600"),
    "source-sans-3": ("Source Sans 3", "400 400i 600"),
    "source-code-pro": ("Source Code Pro", "400"),
}
RANGES = {
    "latin": "U+0-FF,U+131,U+152-153,U+2BB-2DC,U+300-304,U+308,U+2000-206F,U+20AC,U+2122,U+2212",
    "latin-ext": "U+100-130,U+132-151,U+154-2BA,U+1E00-1EFF",
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
