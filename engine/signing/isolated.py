"""Check what a stranger sends in a process of its own, with hard limits of memory, time and files.

A hostile PDF may make any parser spin or swell; then only this child ends, and the citizen is told that the file cannot
be read (``engine.apart``, which forks it from one that has loaded this module).
"""

from __future__ import annotations

import base64
import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from engine.apart import Limits, TooHard, ask
from engine.signing.rehearsal import rehearse
from engine.signing.structure import MAX_BYTES, TOO_LARGE
from engine.signing.trust import Trust
from engine.signing.verdict import Verdict
from engine.signing.verify import unreadable, verify_pdf

SECONDS = 15
MEMORY = 1024 * 1024 * 1024
_TOO_HARD = "El archivo es tan complejo que no se puede comprobar aquí. Pida una copia a quien lo emitió."


def verify_upload(data: bytes, trust: Trust, *, original: bytes | None = None, at: datetime) -> Verdict:
    """As ``verify_pdf``, apart. Raises Unavailable only when no process can be started."""
    if len(data) > MAX_BYTES:
        return unreadable(TOO_LARGE, "size", data, original)
    request = {"data": _text(data), "original": _text(original), "at": at.isoformat(), "trust": _trust_json(trust)}
    try:
        answer = ask("engine.signing.isolated", json.dumps(request).encode(), Limits(SECONDS, MEMORY))
    except TooHard as error:
        return unreadable(_TOO_HARD, error.why, data, original)
    return Verdict.from_json(json.loads(answer))


def warm() -> None:
    rehearse()


def reply(given: bytes) -> bytes:
    """In the process apart: the verdict."""
    request = json.loads(given)
    verdict = verify_pdf(
        _bytes(request["data"]) or b"",
        _trust(request["trust"]),
        original=_bytes(request["original"]),
        at=datetime.fromisoformat(request["at"]),
    )
    return json.dumps(verdict.to_json()).encode()


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
