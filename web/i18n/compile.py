"""Compile the catalogues (.po → .mo) when they are newer than what was compiled; called when the face starts.

Also ``python -m web.i18n.compile``. Safe with several processes: the file is replaced at once, whole.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent / "catalogues"


def compile_catalogues(folder: Path = CATALOGUES) -> list[Path]:
    """The compiled files that had to be written."""
    return [_compile(source) for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def _compile(source: Path) -> Path:
    compiled = source.with_suffix(".mo")
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parent.parent.name)
    with NamedTemporaryFile(dir=source.parent, suffix=".tmp", delete=False) as file:
        write_mo(file, catalogue)
    os.replace(file.name, compiled)
    return compiled


if __name__ == "__main__":
    for path in compile_catalogues():
        print(path)
