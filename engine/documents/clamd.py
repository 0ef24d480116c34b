"""Ask a ClamAV daemon about a file: its INSTREAM command over TCP. Without a daemon nothing is said to be clean."""

from __future__ import annotations

import socket
import struct

TIMEOUT = 20  # seconds
CHUNK = 64 * 1024


class Infected(Exception):
    """``args[0]`` is the name that the daemon gives to what it found."""


def scan(data: bytes, address: str | None) -> str:
    """``clean``, or ``not_scanned`` when no daemon is configured or it does not answer. Raises Infected."""
    if not address:
        return "not_scanned"
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host or "127.0.0.1", int(port)), timeout=TIMEOUT) as daemon:
            daemon.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                chunk = data[start : start + CHUNK]
                daemon.sendall(struct.pack(">I", len(chunk)) + chunk)
            daemon.sendall(struct.pack(">I", 0))
            answer = _answer(daemon)
    except (OSError, ValueError):
        return "not_scanned"
    if answer.endswith("FOUND"):
        raise Infected(answer.removeprefix("stream:").removesuffix("FOUND").strip())
    return "clean" if answer.endswith("OK") else "not_scanned"


def _answer(daemon: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < 4096:
        more = daemon.recv(1024)
        if not more:
            break
        received += more
    return received.rstrip(b"\0").decode("utf-8", "replace").strip()
