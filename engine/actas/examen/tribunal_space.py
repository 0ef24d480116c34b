"""How small the professors of a tribunal are set in the place that the acta has for them (R-59): its one page does not
grow. Called by ``printed`` for the template's class, and before a mesa is opened, to refuse what would not fit.
"""

from __future__ import annotations

from collections.abc import Sequence

JOINT = " · "
STEPS = (  # class of acta.css, points of a letter, lines, and what stands on the first one before the names
    ("", 9.0, 2, ""),
    ("nutrido", 7.3, 3, ""),
    ("numeroso", 6.4, 7, "Profesores que integran el tribunal "),
)
_LINE = 490.0  # points: the 176 mm of the acta, less a hair
_WIDTHS = {  # of a letter in Source Sans 3, in parts of its height; the widest of each kind
    **dict.fromkeys("iljItfr.,;:'’()-·", 0.35),
    **dict.fromkeys("mwMWÑŴ", 0.85),
    " ": 0.2,
}


def step_of(names: Sequence[str]) -> str | None:
    """The class of the greatest letter in which they fit; None when they fit in none."""
    text = JOINT.join(names)
    return next((name for name, size, lines, before in STEPS if _lines(before + text, size) <= lines), None)


def does_not_fit(names: Sequence[str]) -> str | None:
    """The refusal, with its mend."""
    if step_of(names) is not None:
        return None
    letters = len(JOINT.join(names))
    return (
        f"Los {len(names)} profesores del tribunal no entran en el acta: juntos llevan {letters} letras y entran unas "
        "1000, o menos en mayúsculas. Escríbalos sin mayúsculas sostenidas, o abrevie títulos y segundos nombres."
    )


def _lines(text: str, size: float) -> int:
    lines, used = 1, 0.0
    for word in text.split():
        width = sum(_WIDTHS.get(letter, 0.6 if letter.isupper() else 0.53) for letter in word) * size
        if used and used + width > _LINE:
            lines, used = lines + 1, 0.0
        lines += int(width // _LINE)  # one that is longer than a line is cut
        used += width + 0.2 * size
    return lines
