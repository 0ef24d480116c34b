"""The diagrams that several processes call: which ones a version took with it, and who else uses each, older or newer.

A version keeps those that it was published with. So a change of a shared one reaches a process when it is published
again, and until then they differ: the page of the diagram and the command that publishes say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.definitions.bundle import Bundle
from engine.definitions.diagram import Diagram, read_xml
from engine.definitions.folders import is_shared
from engine.definitions.store import Definition


@dataclass(frozen=True, slots=True)
class Shared:
    """A shared diagram of a version."""

    file: str
    name: str  # as its pool is called
    alike: tuple[str, ...]  # titles of the other published processes that have this very one
    unlike: tuple[str, ...]  # and of those that have an older or a newer one


def shared_diagrams(bundle: Bundle, published: Iterable[Definition]) -> list[Shared]:
    others = [one for one in published if one.process != bundle.process]
    return [_shared(bundle, file, others) for file in sorted(bundle.files) if _is_diagram(file)]


def left_behind(
    bundles: Iterable[Bundle], published: Iterable[Definition], is_common: Callable[[str, str], bool]
) -> dict[str, tuple[str, ...]]:
    """Process → the files that it shares and of which it still runs other than those of ``bundles``, the latest.
    ``is_common``: whether a process takes a file from what is shared."""
    latest = {n: data for one in bundles for n, data in one.files.items() if is_common(one.process, n)}
    found = {
        one.process: tuple(
            name
            for name, data in sorted(one.bundle.files.items())
            if data != latest.get(name, data) and is_common(one.process, name)
        )
        for one in published
    }
    return {process: files for process, files in found.items() if files}


def _shared(bundle: Bundle, file: str, others: Iterable[Definition]) -> Shared:
    having = [(one.title, one.bundle.files[file]) for one in others if file in one.bundle.files]
    mine = bundle.files[file]
    names = [one.xml.get("name") or one.id for one in Diagram(file, read_xml(file, mine)).processes]
    return Shared(
        file,
        ", ".join(names),
        tuple(title for title, data in having if data == mine),
        tuple(title for title, data in having if data != mine),
    )


def _is_diagram(file: str) -> bool:
    return is_shared(file) and file.endswith(".bpmn")
