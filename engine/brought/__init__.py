"""Files that people bring us: looked at, drawn and compared in a process of their own, and put on pages.

Independent of documents and of any diagram; nothing here is kept. pypdfium2 and Pillow live here, in the child only.
"""

from engine.brought.files import (
    Brought,
    CannotShow,
    Difference,
    Look,
    compare_brought,
    draw_brought,
    flatten_image,
    look_at,
    rebuild_pdf,
)

__all__ = [
    "Brought",
    "CannotShow",
    "Difference",
    "Look",
    "compare_brought",
    "draw_brought",
    "flatten_image",
    "look_at",
    "rebuild_pdf",
]
