"""Check what a stranger sends in a process of its own, with hard limits of memory, time and files.

A hostile PDF may make any parser spin or swell; then only this child ends, and the citizen is told that the file cannot
be read. It starts in about half a second, so the page that calls it is rate-limited.
``python -m engine.signing.isolated`` reads one request from its standard input and writes one verdict.
"""

from __future__ import annotations

import base64
import json
import resource
import subprocess
import sys
from dataclasses import fields
from datetime import datetime
from typing import Any

from engine.errors import Unavailable
from engine.signing.structure import MAX_BYTES, TOO_LARGE
from engine.signing.trust import Trust
from engine.signing.verdict import Verdict
from engine.signing.verify import unreadable, verify_pdf

SECONDS = 15
MEMORY = 1024 * 1024 * 1024
ENVIRONMENT = {"LANG": "C.UTF-8"}  # none of ours: it holds passwords and keys
_TOO_HARD = "El archivo es tan complejo que no se puede comprobar aquí. Pida una copia a quien lo emitió."


def verify_upload(data: bytes, trust: Trust, *, original: bytes | None = None, at: datetime) -> Verdict:
    """As ``verify_pdf``, apart. Raises Unavailable only when the child cannot be started."""
    if len(data) > MAX_BYTES:
        return unreadable(TOO_LARGE, "size", data, original)
    request = {"data": _text(data), "original": _text(original), "at": at.isoformat(), "trust": _trust_json(trust)}
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-m", "engine.signing.isolated"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=ENVIRONMENT,
        )
    except subprocess.TimeoutExpired:
        return unreadable(_TOO_HARD, "time", data, original)
    except OSError as error:
        raise Unavailable() from error
    if child.returncode != 0:
        return unreadable(_TOO_HARD, f"the checking process ended with {child.returncode}", data, original)
    return Verdict.from_json(json.loads(child.stdout))


def _main() -> None:
    request = json.loads(sys.stdin.buffer.read())
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    verdict = verify_pdf(
        _bytes(request["data"]) or b"",
        _trust(request["trust"]),
        original=_bytes(request["original"]),
        at=datetime.fromisoformat(request["at"]),
    )
    sys.stdout.write(json.dumps(verdict.to_json()))


def _trust_json(trust: Trust) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for one in fields(trust):
        value: Any = getattr(trust, one.name)
        made[one.name] = sorted(value) if isinstance(value, frozenset) else [_text(der) or "" for der in value]
    return made


def _trust(data: dict[str, list[str]]) -> Trust:
    return Trust(
        roots=tuple(map(base64.b64decode, data["roots"])),
        intermediates=tuple(map(base64.b64decode, data["intermediates"])),
        crls=tuple(map(base64.b64decode, data["crls"])),
        demo_roots=frozenset(data["demo_roots"]),
        legacy_keys=frozenset(data["legacy_keys"]),
    )


def _text(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


if __name__ == "__main__":
    _main()
