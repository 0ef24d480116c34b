"""Documents signed in one act (B-LT, with their stamp, their check, the archive and the task completed), against the
same signed one by one with the PIN each time. In processor time: the authority answers from a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from engine.batches import prepare_signing, sign_batch, signable, take_signing
from engine.inbound.sign_task import SignTask, sign_and_complete
from engine.signing import DemoPki, open_demo_pki
from engine.storage import migrate
from engine.storage.unit_of_work import Database
from tests.support.batch_office import BatchOffice, open_batch_office
from tests.support.pki import PIN

MANY = 40
GOAL = 1.0
_SERVER = """
import sys, time
from pathlib import Path
from engine.signing import DemoServer, open_demo_pki
with DemoServer(open_demo_pki(Path(sys.argv[1]), "U")):
    print("ready", flush=True)
    time.sleep(3600)
"""


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, _authority(Path(folder) / "pki") as pki:
        url = f"sqlite:///{folder}/cartulario.db"
        database = Database(url)
        migrate.create_schema(database)
        database.close()
        with open_batch_office(url, Path(folder) / "data", pki, level="B-LT") as office:
            office.start(2 * MANY + 2)
            _one_by_one(office, 2)
            alone, wall_alone = _one_by_one(office, MANY)
            together, wall = _together(office)
    return {
        "batch": {
            "value": round(MANY / together, 1),  # documents per second of processor
            "against": round(MANY / alone, 1),
            "ratio": round(alone / together, 3),
            "goal": GOAL,
            "met": alone / together >= GOAL,
            "unit": f"documents/s a core; by the clock {MANY / wall:.1f}/s together, {MANY / wall_alone:.1f}/s one by one",
        }
    }


@contextmanager
def _authority(folder: Path) -> Iterator[DemoPki]:
    pki = open_demo_pki(folder, "Universidad Nacional del Estuario")
    with subprocess.Popen([sys.executable, "-c", _SERVER, str(folder)], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()
        try:
            yield pki
        finally:
            server.kill()


def _one_by_one(office: BatchOffice, many: int) -> tuple[float, float]:
    tasks, general = office.open_tasks("firmar")[:many], office.people["general"]
    cpu, wall = time.process_time(), time.perf_counter()
    for task_id in tasks:
        sign_and_complete(SignTask(task_id, general, PIN, {"decision": "firmar"}, request_id=uuid4()), office.app)
    return time.process_time() - cpu, time.perf_counter() - wall


def _together(office: BatchOffice) -> tuple[float, float]:
    viewer, batch_id = office.viewer("general"), uuid4()
    cpu, wall = time.process_time(), time.perf_counter()
    chosen = [one.task.task_id for one in signable(office.app, viewer)]
    key = prepare_signing(office.app, viewer, chosen, PIN, batch_id)
    ended = sign_batch(office.app, batch_id, take_signing(office.app, batch_id), key)
    assert ended.done == MANY, ended
    return time.process_time() - cpu, time.perf_counter() - wall
