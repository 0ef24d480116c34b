"""Pages as pictures, drawn by a program that is not ours (poppler), to compare what people see."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path


def rows_of(pdf: bytes, page: int, dpi: int = 72) -> list[bytes]:
    """The rows of pixels of a page, from 1, top first, as RGB."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "a.pdf")
        file.write_bytes(pdf)
        command = ["pdftoppm", "-cropbox", "-r", str(dpi), "-f", str(page), "-l", str(page), str(file)]
        drawn = subprocess.run(command, check=True, capture_output=True).stdout
    kind, size, _depth, pixels = drawn.split(b"\n", 3)
    assert kind == b"P6"
    width, height = map(int, size.split())
    return [pixels[row * width * 3 : (row + 1) * width * 3] for row in range(height)]


def same_above(original: list[bytes], copy: list[bytes]) -> bool:
    """Whether the copy begins with every row of the original, but its last one, which a page may fill only in part."""
    return len(copy) > len(original) and original[:-1] == copy[: len(original) - 1]
