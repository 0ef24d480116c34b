"""Check what a stranger sends in a process of its own, with hard limits of memory, time and files.

A hostile PDF may make any parser spin or swell; then only this child ends, and the citizen is told that the file cannot
be read (``engine.apart``, which forks it from one that has loaded ``checked_apart``).
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from functools import lru_cache

from engine.apart import Limits, TooHard, ask
from engine.signing.rehearsal import rehearsal
from engine.signing.structure import MAX_BYTES, TOO_LARGE
from engine.signing.trust import Trust
from engine.signing.verdict import Verdict
from engine.signing.verify import unreadable

SECONDS = 15
MEMORY = 1024 * 1024 * 1024
CHECKER = "engine.signing.checked_apart"
_TOO_HARD = "El archivo es tan complejo que no se puede comprobar aquí. Pida una copia a quien lo emitió."


def verify_upload(data: bytes, trust: Trust, *, original: bytes | None = None, at: datetime) -> Verdict:
    """As ``verify_pdf``, apart. Raises Unavailable only when no process can be started."""
    if len(data) > MAX_BYTES:
        return unreadable(TOO_LARGE, "size", data, original)
    try:
        answer = ask(CHECKER, _request(data, original, at), Limits(SECONDS, MEMORY), _shared(trust))
    except TooHard as error:
        return unreadable(_TOO_HARD, error.why, data, original)
    return Verdict.from_json(json.loads(answer))


def _request(data: bytes, original: bytes | None, at: datetime) -> bytes:
    """A line of JSON, the file, and the original when the file does not begin with it."""
    whole = original is not None and data.startswith(original)
    issued = None if original is None else len(original)
    line = json.dumps({"at": at.isoformat(), "size": len(data), "issued": issued, "whole": whole})
    return b"".join((line.encode(), b"\n", data, b"" if whole else original or b""))


@lru_cache(2)
def _shared(trust: Trust) -> bytes:
    made = rehearsal()
    given = {name: _text(getattr(made, name)) for name in ("issued", "signed", "root", "crl")}
    return json.dumps({"trust": trust_json(trust), "rehearsal": {**given, "at": made.at.isoformat()}}).encode()


def trust_json(trust: Trust) -> dict[str, list[str]]:
    der = {name: [_text(one) for one in getattr(trust, name)] for name in ("roots", "intermediates", "crls")}
    return der | {name: sorted(getattr(trust, name)) for name in ("demo_roots", "legacy_keys", "identity_extensions")}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
