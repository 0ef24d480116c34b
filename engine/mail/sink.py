"""The demo's mail server: takes every letter on loopback and keeps it in a folder, for the page that shows them.

Nothing leaves the machine. Also what the tests send to.
"""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.controller import Controller

LARGEST = 40 * 1024 * 1024  # bytes, one letter
_NAME = re.compile(r"[0-9A-Za-z-]{1,120}")


@dataclass(frozen=True)
class Received:
    """A letter as the page shows it; attachments by name, type and content."""

    name: str
    sender: str
    to: str
    subject: str
    date: datetime | None
    text: str
    attachments: tuple[tuple[str, str, bytes], ...]


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


def list_received(folder: Path, limit: int = 200) -> list[Received]:
    """The letters of a mailbox, newest first."""
    files = sorted(folder.glob("*.eml"), reverse=True)[:limit] if folder.is_dir() else []
    return [_received(file) for file in files]


def get_received(folder: Path, name: str) -> Received | None:
    file = folder / f"{name}.eml"
    return _received(file) if _NAME.fullmatch(name) and file.is_file() else None


def _received(file: Path) -> Received:
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(file.read_bytes())
    body = message.get_body(preferencelist=("plain",))
    date = message["Date"].datetime if message["Date"] else None
    return Received(
        file.stem,
        str(message["From"] or ""),
        str(message["To"] or ""),
        str(message["Subject"] or ""),
        date,
        body.get_content() if body else "",
        tuple(_attachment(part) for part in message.iter_attachments()),
    )


def _attachment(part: EmailMessage) -> tuple[str, str, bytes]:
    payload = part.get_payload(decode=True)
    return part.get_filename() or "adjunto", part.get_content_type(), payload if isinstance(payload, bytes) else b""
