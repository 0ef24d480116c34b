"""The files of a bundle as a checkout keeps them: those of the process, those that it shares, and the letterhead.

Called by ``Bundle.read``. A process or a decision table that a diagram calls and its folder does not have is taken from
``bpmn/_comunes/``, in the file of its name, as ``_comunes/<name>``; a form, mail or template that the process, or what
it calls, names and does not have from ``forms/_comunes/``, as if it were its own. So what processes share is written
once, a process that has its own keeps it, and what is stored holds all of it and nothing that the process does not
name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

LETTERHEAD, SHARED = "_base", "_comunes"
_NAMES = re.compile(rb"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+")
_CALLED = {
    ".bpmn": re.compile(rb"""\bcalledElement\s*=\s*["']([A-Za-z]\w*)["']"""),
    ".dmn": re.compile(rb"calledDecisionId>\s*([A-Za-z]\w*)\s*<"),
}
_HELD = {
    ".bpmn": re.compile(rb"""<(?:\w+:)?process\s[^>]*?\bid\s*=\s*["'](\w+)["']"""),
    ".dmn": re.compile(rb"""<(?:\w+:)?decision\s[^>]*?\bid\s*=\s*["'](\w+)["']"""),
}


def read_folders(bpmn_dir: Path, forms_dir: Path, process: str) -> dict[str, bytes]:
    own = _folder(bpmn_dir / process, "") | _folder(forms_dir / process, "forms/")
    own |= _called(own, _folder(bpmn_dir / SHARED, f"{SHARED}/"))
    return own | _shared(own, _folder(forms_dir / SHARED, "forms/")) | _folder(forms_dir / LETTERHEAD, "_base/")


def is_shared(name: str) -> bool:
    """Whether this file of a bundle is a diagram or a table that other processes call too."""
    return name.startswith(f"{SHARED}/")


def _called(own: Mapping[str, bytes], offered: Mapping[str, bytes]) -> dict[str, bytes]:
    """Of what is offered: what the diagrams call and the folder does not have, and what that calls in its turn."""
    taken: dict[str, bytes] = {}
    found = dict(own)
    while found:
        wanted = {f"{SHARED}/{name}" for name in _calls(found) - _held({**own, **taken})}
        found = {name: offered[name] for name in wanted & offered.keys()}
        taken |= found
    return taken


def _calls(files: Mapping[str, bytes]) -> set[str]:
    """«circuito_acta.bpmn» for a process that a diagram calls, «completitud.dmn» for a decision."""
    drawn = [data for name, data in files.items() if name.endswith(".bpmn")]
    return {f"{i.decode()}{kind}" for kind, called in _CALLED.items() for data in drawn for i in called.findall(data)}


def _held(files: Mapping[str, bytes]) -> set[str]:
    """The same of what the files hold."""
    return {
        f"{i.decode()}{kind}"
        for name, data in files.items()
        for kind, held in _HELD.items()
        if name.endswith(kind)
        for i in held.findall(data)
    }


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
