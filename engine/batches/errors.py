"""What batches refuse on purpose, besides what the commands that they repeat refuse."""

from __future__ import annotations

from engine.errors import CartularioError, Conflict


class BatchRunning(Conflict):
    """Another tab, process or press of the button carries it on."""

    code = "batch_running"
    message = "Este lote ya está en marcha: siga su avance en esta página."


class BatchOver(Conflict):
    code = "batch_over"
    message = "Este lote ya terminó. Para lo que falte, empiece otro."


class FileRefused(CartularioError):
    """A file of requests that cannot be read at all; what is wrong with one row is told in that row."""

    status = 422
    code = "file_refused"
