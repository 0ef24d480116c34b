"""User-task completions per second with everything recorded, one process, against SpiffWorkflow in memory."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.office import Done, office, whole_case
from tests.bench.servers import postgresql

SECONDS = 4.0
PAIRS = 3


def run() -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        results = {"engine_sqlite": _pairs(f"sqlite:///{folder}/b.db", Path(folder), 0.45)}
        with postgresql() as url:
            results["engine_postgresql"] = _pairs(url, Path(folder), 0.35)
    return results


def _pairs(url: str, folder: Path, goal: float) -> dict[str, Any]:
    ours, plain = [], []
    with office(url, folder) as (app, person):
        whole_case(app, person, Done())
        for _ in range(PAIRS):
            plain.append(_plain())
            ours.append(_rate(app, person))
    value, against = statistics.median(ours), statistics.median(plain)
    ratio = statistics.median(o / p for o, p in zip(ours, plain, strict=True))
    return {"value": value, "against": against, "ratio": ratio, "goal": goal, "met": ratio >= goal, "unit": "tasks/s"}


def _rate(app: Any, person: Any) -> float:
    done = Done()
    while done.seconds < SECONDS:
        whole_case(app, person, done)
    return done.tasks / done.seconds


def _plain() -> float:
    command = [sys.executable, "-m", "tests.bench.plain", str(SECONDS)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
