"""The demo's mail server: takes every letter on loopback and keeps it in a folder, for the page that shows them.

Nothing leaves the machine. Also what the tests send to.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.controller import Controller

LARGEST = 40 * 1024 * 1024  # bytes, one letter


class _Keep:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        content = envelope.original_content or b""
        now = datetime.now().astimezone()
        target = self._folder / f"{now:%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}.eml"
        temporary = target.with_suffix(".part")
        temporary.write_bytes(content)
        os.replace(temporary, target)
        return "250 Message accepted for delivery"


class MailSink:
    """``with MailSink(folder) as sink:`` serves SMTP on 127.0.0.1 at ``sink.port``: the one given, or a free one."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = port or _free_port()
        self._controller = Controller(_Keep(folder), hostname="127.0.0.1", port=self.port, data_size_limit=LARGEST)

    def __enter__(self) -> MailSink:
        self._controller.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._controller.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
