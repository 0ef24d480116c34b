"""The files of a bundle as a checkout keeps them: those of the process, those that it shares, and the letterhead.

Called by ``Bundle.read``. A form, mail or template that the process names and does not have is taken from
``forms/_comunes/``, as if it were its own: so what services share is written once, a process that has its own keeps
it, and what is stored holds all of it and nothing that the process does not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

LETTERHEAD, SHARED = "_base", "_comunes"
_NAMES = re.compile(rb"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+")


def read_folders(bpmn_dir: Path, forms_dir: Path, process: str) -> dict[str, bytes]:
    own = _folder(bpmn_dir / process, "") | _folder(forms_dir / process, "forms/")
    return own | _shared(own, _folder(forms_dir / SHARED, "forms/")) | _folder(forms_dir / LETTERHEAD, "_base/")


def _shared(own: dict[str, bytes], offered: dict[str, bytes]) -> dict[str, bytes]:
    """Of what is offered: what the process's files name, and what that names in its turn."""
    taken: dict[str, bytes] = {}
    wanted = _named(own.values())
    while found := {name: offered[name] for name in wanted & offered.keys() - own.keys() - taken.keys()}:
        taken |= found
        wanted = _named(found.values())
    return taken


def _named(texts: Iterable[bytes]) -> set[str]:
    return {f"forms/{name.decode()}" for text in texts for name in _NAMES.findall(text)}


def _folder(folder: Path, prefix: str) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    entries = [p for p in sorted(folder.iterdir()) if p.is_file() and not p.is_symlink() and not p.name.startswith(".")]
    return {prefix + p.name: p.read_bytes() for p in entries}
