"""The check of a bundle before it is published (and while it is drawn): everything that would go wrong, with its mend.

Called by ``publish``, the studio, ``./run check`` and ``cartulario check``. Nothing of the bundle runs here.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.bundle import Bundle
from engine.definitions.finding import Finding
from engine.definitions.rules.engine_reads import the_engine_reads_it
from engine.definitions.rules.registry import RULES
from engine.definitions.subject import Operation, read_subject


def check(bundle: Bundle, operations: Mapping[str, Operation]) -> list[Finding]:
    """Empty when the bundle may be published. ``operations`` maps each name to an object with ``.Parameters``."""
    subject, findings = read_subject(bundle, operations)
    if subject is None:
        return findings
    findings = [finding for rule in RULES for finding in rule(subject)]
    return findings or list(the_engine_reads_it(subject))
