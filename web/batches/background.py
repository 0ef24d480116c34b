"""What a batch does after its page was answered: a thread of this process. When the process dies the thread dies with
it, and the batch says that it was interrupted; nothing waits for the thread."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from uuid import UUID


def in_background(batch_id: UUID, work: Callable[[], object]) -> None:
    Thread(target=work, name=f"batch-{batch_id}", daemon=True).start()
