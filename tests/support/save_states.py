"""Keeps the states that this release saves, for every later one to open (architecture, rule 7).

``python -m tests.support.save_states`` writes ``tests/fixtures/states/<release>/``, once per release: each file holds a
bundle, a case stopped half-way, all that is open in it, the steps that take it to its end, and what is open after each.
A release's files are never written again; ``tests/unit/spiff/test_saved_states.py`` opens them for ever.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

from engine.spiff import LIBRARY_VERSION, Execution, parse_process
from engine.spiff.advance import Advance
from engine.spiff.difference import Look, describe, look
from engine.spiff.moment import Moment, Recorded
from tests.support.mid_flight import half_way
from tests.support.walk import CASE, ZONE, PlainOffice, Walk

STATES = Path(__file__).parents[1] / "fixtures" / "states"
RELEASE = version("cartulario")
MOST_STEPS = 80

Saved = dict[str, Any]


def whats_open(walk: Walk) -> Saved:
    """Everything that the case waits for, by the ids that the database holds."""
    return {
        "tasks": sorted([str(t.id), t.element, t.instance, t.pauses_term] for t in walk.tasks.values()),
        "calls": sorted([str(c.id), c.element, c.operation, c.parameters] for c in walk.calls.values()),
        "waits": sorted(
            [str(w.task_id), w.n, w.element, w.kind, w.due_at and w.due_at.isoformat(), w.message, w.correlation]
            for w in walk.waits.values()
        ),
    }


def save(name: str, files: Mapping[str, bytes], walk: Walk) -> Saved:
    """The case as it stands, then the way to its end."""
    office = walk.office
    saved: Saved = {
        "name": name,
        "release": RELEASE,
        "library": LIBRARY_VERSION,
        "case": str(CASE),
        "files": {path: data.decode() for path, data in files.items()},
        "office": {
            "now": office.now.isoformat(),
            "paused": office.paused,
            "started": office.started and office.started.isoformat(),
            "days": office.days,
        },
        "state": walk.last.state,
        "open": whats_open(walk),
        "steps": [],
    }
    rng = random.Random(name)
    while not walk.last.completed:
        step = _choose(walk, rng)
        take(walk, step)
        saved["steps"].append({**step, "passed": walk.last.passed, "open": whats_open(walk)})
        if len(saved["steps"]) > MOST_STEPS:
            raise RuntimeError(f"{name} does not come to its end")
    saved["end"] = {"outcome": walk.last.outcome, "data": walk.execution.data()}
    return saved


def _choose(walk: Walk, rng: random.Random) -> Saved:
    kind, element, instance = rng.choice(walk.options())
    if kind == "task":
        outputs = {name: rng.randint(0, 99) for name in (element, f"hecho_{element}", "voto")}
        answers = {"azar": rng.randint(0, 9), **outputs}
        return {"do": kind, "element": element, "instance": instance or None, "answers": answers}
    return {"do": kind, "element": element, "given": {"valor": rng.randint(0, 99)}}


def take(walk: Walk, step: Saved) -> None:
    match step["do"]:
        case "task":
            walk.complete(step["element"], step["instance"], **step["answers"])
        case "call":
            walk.finish(step["element"], step["given"])
        case "message":
            walk.message(step["element"], step["given"])
        case _:
            walk.tick()


def reopen(saved: Saved) -> Walk:
    """The case, from its state alone: what is open is asked of the loaded workflow, not of the file."""
    files = {path: text.encode() for path, text in saved["files"].items()}
    spec, case_id, kept = parse_process(files, "proceso"), UUID(saved["case"]), saved["office"]
    now, started = datetime.fromisoformat(kept["now"]), kept["started"]
    office = PlainOffice(now, kept["paused"], started and datetime.fromisoformat(started), kept["days"])
    execution = Execution(spec, case_id, ZONE, saved["state"])
    found = Advance()
    describe(spec, Moment(case_id, now, ZONE, 0, Recorded([])), Look(), look(execution._workflow), found)
    found.state = saved["state"]
    return Walk(spec, office=office)._took(found)


def main() -> None:
    folder = STATES / RELEASE
    if folder.exists():
        sys.exit(f"{folder} exists: the states of a release are saved once.")
    kept = [save(name, files, walk) for name, files, walk in half_way()]
    folder.mkdir(parents=True)
    for saved in kept:
        text = json.dumps(saved, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / f"{saved['name']}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
