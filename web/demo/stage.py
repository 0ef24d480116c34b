"""Sets a stage and raises the curtain: database, demonstration authority, mail sink, people, then web and workers as
processes.

``./run demo`` shows it to a person, ``./run tour`` plays on it. Everything listens on loopback and lives in one
folder; a second start finds it as it was left.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import SecretStr

from engine.app import build
from engine.clock import FixedClock, SystemClock
from engine.config import Config
from engine.mail.sink import MailSink
from engine.signing import DemoServer, open_demo_pki
from engine.upkeep import migrate
from web.demo.office import ACCOUNTS, furnish

START_WITHIN = 120  # seconds


class Stage:
    """``with Stage(folder, port=8000) as stage:`` then ``stage.url`` answers until the block ends."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        database_url: str | None = None,
        workers: int = 1,
        host: str = "127.0.0.1",
        past: Callable[[Config, FixedClock, datetime], object] | None = None,
        accounts: Mapping[str, Mapping[str, Any]] = ACCOUNTS,
    ) -> None:
        """``past`` is played before the doors open, on a clock that the demonstration authority follows; ``accounts``:
        the office's, with where they are read."""
        self.folder = folder
        self.port = port or free_port()
        self.host = host
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url or f"sqlite:///{folder / 'cartulario.db'}"
        self.workers = workers
        self.past = past
        self.accounts = accounts
        self.clock_file = folder / "reloj"
        self.config: Config
        self._environment: dict[str, str] = {}
        self._processes: list[subprocess.Popen[bytes]] = []
        self._open = ExitStack()

    def __enter__(self) -> Stage:
        self.folder.mkdir(parents=True, exist_ok=True)
        pki = open_demo_pki(self.folder / "pki", "Universidad Nacional del Estuario")
        authority = self._open.enter_context(DemoServer(pki))
        sink = self._open.enter_context(MailSink(self.folder / "mailbox"))
        settings: dict[str, Any] = {
            "database_url": self.database_url,
            "data_dir": self.folder,
            "demo": True,
            "clock_file": self.clock_file,
            "public_url": self.url,
            "smtp_port": sink.port,
            "academic_records": self.folder / "registros",
            "mail_accounts": self.accounts,
            **pki.settings(),
        }
        self.config = Config(**settings)
        self._environment = {**os.environ, **_as_environment(settings)}
        app = build(self.config)
        try:
            migrate(app.database)
            furnish(app, pki)
            today = app.clock.now()
        finally:
            app.close()
        if self.past is not None:
            authority.clock = clock = FixedClock(today - timedelta(days=366))
            self.past(self.config, clock, today)
            authority.clock = SystemClock()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def advance(self, seconds: float) -> None:
        """Move the clock of every process forward."""
        before = float(self.clock_file.read_text()) if self.clock_file.exists() else 0.0
        temporary = self.clock_file.with_suffix(".new")
        temporary.write_text(str(before + seconds))
        temporary.replace(self.clock_file)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The operator's command, in the environment of the stage's processes."""
        line = [sys.executable, "-m", "web.cli", *arguments]
        return subprocess.run(line, env=self._environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours

    def pids(self) -> dict[str, int]:
        """Process ids by command; of several workers, the last."""
        return {str(process.args[3]): process.pid for process in self._processes}  # type: ignore[index]  # see _run

    def stop(self) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()
        self._open.close()

    def wait(self) -> None:
        """Until a process of ours ends, which is a failure."""
        while all(process.poll() is None for process in self._processes):
            time.sleep(0.5)
        raise RuntimeError("a process of the stage ended by itself; its messages are above")

    def _start(self) -> None:
        self._run("serve", "--host", self.host, "--port", str(self.port))
        for _ in range(self.workers):
            self._run("work")
        limit = time.monotonic() + START_WITHIN
        while not _answers(f"{self.url}/salud"):
            if time.monotonic() > limit or any(process.poll() is not None for process in self._processes):
                raise RuntimeError(f"the server did not start at {self.url}; its messages are above")
            time.sleep(0.1)

    def _run(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "web.cli", *arguments]
        self._processes.append(subprocess.Popen(command, env=self._environment, stdout=subprocess.DEVNULL))  # noqa: S603 - ours


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _as_environment(settings: Mapping[str, Any]) -> dict[str, str]:
    return {f"CARTULARIO_{key.upper()}": _as_text(value) for key, value in settings.items()}


def _as_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return json.dumps(value)
    return str(value.get_secret_value()) if isinstance(value, SecretStr) else str(value)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own server on loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
