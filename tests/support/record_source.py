"""An academic system over HTTP that answers as a test wants: well, late, wrongly, or with somebody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass
class RecordSource:
    address: str = ""
    status: int = 200
    body: bytes = b"[]"
    trickle: float = 0  # seconds between one byte and the next
    location: str | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)  # path, authorisation
    closing: Event = field(default_factory=Event)

    def answers(self, *records: Any) -> None:
        self.body = json.dumps(records, ensure_ascii=False).encode()


@contextmanager
def record_source() -> Iterator[RecordSource]:
    source = RecordSource()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            source.asked.append((self.path, self.headers["Authorization"]))
            self.send_response(source.status)
            if source.location:
                self.send_header("Location", source.location)
            self.end_headers()
            self._write()

        def _write(self) -> None:
            try:
                if not source.trickle:
                    self.wfile.write(source.body)
                for byte in source.body if source.trickle else b"":
                    if source.closing.wait(source.trickle):
                        return
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
            except OSError:
                return  # whoever asked has gone

        def log_message(self, *_args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    source.address = f"http://127.0.0.1:{server.server_port}/registros/{{identidad}}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield source
    finally:
        source.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
