"""What a long-lived process has loaded stays until it ends: the collector need not look through it again and again.

Called when the web and the worker are ready, when the renderer has its fonts, and by the process that opens strangers'
files before its children share its memory. A full collection takes 160 ms with the renderer's libraries, and every
third document paid for one.
"""

from __future__ import annotations

import gc


def settle() -> None:
    """What is there now is kept for good, garbage left out."""
    gc.collect()
    gc.freeze()
