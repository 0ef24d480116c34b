"""The little Markdown of a form's text: headings, paragraphs, lists, bold, https links, and {{ path }} of the case.

Called by ``view``. Gives blocks, never HTML: the templates write the tags and Jinja escapes the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.forms.components import walk_path
from engine.forms.numbers import show_number

__all__ = ["Block", "Inline", "fill", "read_blocks", "read_inlines"]

_INLINE = re.compile(r"\*\*(?P<bold>[^*\n]{1,500})\*\*|\[(?P<label>[^\]\n]{1,300})\]\((?P<href>[^)\s]{1,500})\)")
_HREF = re.compile(r"https://[\w.-]+(?::\d+)?(?:[/?#][^\s\"'<>\\]*)?")
_HEADING = re.compile(r"(#{1,4})\s+(.*)")
_ITEM = re.compile(r"[-*]\s+(.*)")
_STEP = re.compile(r"\d{1,3}[.)]\s+(.*)")
_HOLE = re.compile(r"\{\{\s*([\w.]{1,200})\s*\}\}")


@dataclass(frozen=True, slots=True)
class Inline:
    text: str
    bold: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """``kind``: "h2" … "h4", "p", "ul" or "ol"; one line of inlines, or one for each item."""

    kind: str
    lines: tuple[tuple[Inline, ...], ...]


def fill(text: str, data: Mapping[str, Any]) -> str:
    """``{{ tramite.numero }}`` → its value; nothing when there is none."""
    return _HOLE.sub(lambda hole: _shown(walk_path(data, hole[1])), text)


def read_blocks(text: str, data: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    for line in text.splitlines():
        kind, content = _line(line.strip())
        if not content:
            blocks.append(Block("", ()))
            continue
        inlines = read_inlines(content, data)
        if blocks and blocks[-1].kind == kind and kind in ("ul", "ol"):
            blocks[-1] = Block(kind, (*blocks[-1].lines, inlines))
        elif blocks and blocks[-1].kind == kind == "p":
            blocks[-1] = Block("p", ((*blocks[-1].lines[0], Inline(" "), *inlines),))
        else:
            blocks.append(Block(kind, (inlines,)))
    return [block for block in blocks if block.kind]


def read_inlines(text: str, data: Mapping[str, Any]) -> tuple[Inline, ...]:
    """The case's values are put in after the marks are read, so that no value can write a mark."""
    found, at = [], 0
    for match in _INLINE.finditer(text):
        found.append(Inline(fill(text[at : match.start()], data)))
        found.append(_marked(match, data))
        at = match.end()
    found.append(Inline(fill(text[at:], data)))
    return tuple(inline for inline in found if inline.text)


def _marked(match: re.Match[str], data: Mapping[str, Any]) -> Inline:
    if match["bold"]:
        return Inline(fill(match["bold"], data), bold=True)
    label = fill(match["label"], data)
    return Inline(label, href=match["href"]) if _HREF.fullmatch(match["href"]) else Inline(label)


def _line(line: str) -> tuple[str, str]:
    if found := _HEADING.fullmatch(line):
        return f"h{min(len(found[1]) + 1, 4)}", found[2]
    if found := _ITEM.fullmatch(line):
        return "ul", found[1]
    if found := _STEP.fullmatch(line):
        return "ol", found[1]
    return "p", line


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "Sí" if value else "No"
    if isinstance(value, int | float):
        return show_number(value)
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value if not isinstance(item, dict | list))
    return value if isinstance(value, str) else ""
