"""«Quiso decir …»: the nearest known name to one that was misspelt."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A Spanish sentence with the nearest known word; empty when none is near."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"¿Quiso decir «{near[0]}»?" if near else ""
