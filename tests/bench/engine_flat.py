"""What the 1,000th completion of a rework loop costs against the 10th, and how large its state is."""

from __future__ import annotations

import statistics
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.cases import StartCase, start_case
from engine.storage.tables import case
from tests.bench.office import Done, complete, element_of, office, whole_case

ROUNDS = 1_000
LARGEST = 40 * 1024  # bytes of state
WINDOW = 10  # completions around the one that is measured: medians, not single readings


def run() -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, office(f"sqlite:///{folder}/f.db", Path(folder)) as (app, person):
        whole_case(app, person, Done())
        receipt = start_case(StartCase("banco", person, {}, uuid.uuid4()), app.engine)
        spent: dict[str, list[float]] = {}
        waiting = list(receipt.opened)
        for _ in range(ROUNDS * 3):
            if not waiting:
                waiting += _finish_job(app)
            task_id = waiting.pop(0)
            element = element_of(app, task_id)
            began = time.perf_counter()
            receipt = complete(app, person, task_id, element, **({"legal_ok": "no"} if element == "legal" else {}))
            spent.setdefault(element, []).append(time.perf_counter() - began)
            waiting += receipt.opened
        with app.database.read() as conn:
            size = len(str(conn.scalar(sa.select(case.c.state).where(case.c.id == receipt.case_id))).encode())
    rounds = spent["comprobar"]
    early, late = statistics.median(rounds[10 : 10 + 3 * WINDOW]), statistics.median(rounds[-3 * WINDOW :])
    ratio = late / early
    return {
        "engine_flat": {
            "value": late * 1e3,
            "against": early * 1e3,
            "ratio": ratio,
            "goal": 1.2,
            "met": ratio <= 1.2 and size <= LARGEST,
            "unit": "ms",
            "state_bytes": size,
            "rounds": len(rounds),
        }
    }


def _finish_job(app: Any) -> list[uuid.UUID]:
    from engine.cases import DeliverResult, deliver_result
    from engine.storage.tables import job

    with app.database.read() as conn:
        key = conn.scalar(sa.select(job.c.key).where(job.c.status == "queued"))
    return list(deliver_result(DeliverResult(str(key), {"document": "d1"}), app.engine).opened)
