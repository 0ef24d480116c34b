"""Keeps a long-lived process small: glibc gives each thread a heap of its own, which grows and never shrinks.

Two heaps for all threads cost nothing here, where one thread runs at a time, and save some 25 MB (``./run bench
memory``).
"""

from __future__ import annotations

import ctypes
import ctypes.util

_M_ARENA_MAX = -8  # malloc.h


def share_heaps() -> None:
    """Before the first thread. Does nothing where the C library has no such setting."""
    mallopt = getattr(ctypes.CDLL(ctypes.util.find_library("c")), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 2)
