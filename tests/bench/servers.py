"""A PostgreSQL for a benchmark: ``$TEST_DATABASE_URL``, else one started for it, that waits for the disk as in
production.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import postgres


@contextmanager
def postgresql() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="cartulario-bench-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = os.environ.get("TEST_DATABASE_URL") or postgres.start(Path(folder) / "postgresql", durable=True)
        try:
            yield postgres.create_database(server, f"bench_{uuid.uuid4().hex[:12]}")
        finally:
            postgres.stop(Path(folder) / "postgresql")
