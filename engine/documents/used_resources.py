"""Leave in a PDF page's resources only what its own content draws. ``certified_copy`` asks when pages are left out.

Many programs give every page one dictionary with the images and fonts of all of them: a page that is copied with it
brings those of the pages that stay behind. What a page draws through others (forms, patterns, soft masks, letters that
are drawn) is looked at in the same way. Colour spaces hold no content and stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pikepdf import Dictionary, Name, Page, Stream, parse_content_stream

_HELD = ("/XObject", "/Pattern", "/Shading", "/ExtGState", "/Font", "/Properties")

Holder = tuple[Any, Sequence[Any]]  # what may have resources of its own, and its contents


def keep_used(pages: Sequence[Page]) -> None:
    """Changes the pages. Raises pikepdf's errors when a content cannot be read: then nobody knows what it draws."""
    seen: set[tuple[int, int]] = set()
    for page in pages:
        resources = _inherited(page)
        page.obj.Resources = _pruned([page] if "/Contents" in page.obj else [], resources, seen)


def _inherited(page: Page) -> Any:
    node: Any = page.obj
    while node is not None:
        if "/Resources" in node:
            return node.Resources
        node = node.get("/Parent")
    return Dictionary()


def _pruned(contents: Sequence[Any], resources: Any, seen: set[tuple[int, int]]) -> Dictionary:
    names = {name for content in contents for name in _names(content)}
    borrowers: list[Any] = []  # drawn with these resources, for want of their own
    while more := [
        content
        for owner, parts in _holders(resources, names)
        if "/Resources" not in owner
        for content in parts
        if content not in borrowers
    ]:
        borrowers += more
        names |= {name for content in more for name in _names(content)}
    for owner, parts in _holders(resources, names):
        if "/Resources" in owner and (owner.objgen == (0, 0) or owner.objgen not in seen):
            seen.add(owner.objgen)
            owner.Resources = _pruned(parts, owner.Resources, seen)
    kept = Dictionary()
    for category, entries in resources.items():
        held = category in _HELD and isinstance(entries, Dictionary)
        kept[category] = Dictionary({key: entries[key] for key in entries if key in names}) if held else entries
    return kept


def _names(content: Any) -> set[str]:
    return {
        str(operand)
        for instruction in parse_content_stream(content)
        for operand in instruction.operands
        if isinstance(operand, Name)
    }


def _holders(resources: Any, names: set[str]) -> Iterator[Holder]:
    for category in _HELD:
        for key, one in resources.get(category, Dictionary()).items():
            if key not in names:
                continue
            if category == "/ExtGState":
                mask = one.get("/SMask")
                one = mask.get("/G") if isinstance(mask, Dictionary) else None
            if isinstance(one, Stream) and (one.get("/Subtype") == Name.Form or "/PatternType" in one):
                yield one, [one]
            elif isinstance(one, Dictionary) and "/CharProcs" in one:
                yield one, [part for _, part in one.CharProcs.items()]
