"""What is done with a file that comes from outside in a process of its own (``engine.apart``). Asked by ``isolated``.

The process that waits knows whom we trust, parsed once, and has rehearsed; each child checks one file and ends.
"""

from __future__ import annotations

import base64
import json
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from asn1crypto import x509

from engine.signing.quick import quicken
from engine.signing.trust import Parsed, Trust
from engine.signing.verdict import Verdict
from engine.signing.verify import verify_pdf

_known = {"trust": Trust()}


def warm() -> None:
    quicken()
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # as each check would


def share(shared: bytes) -> None:
    given = json.loads(shared)
    trust = trust_of(given["trust"])
    with suppress(ValueError):  # a certificate or list that is none: each check says so
        trust = trust.ready()
    rehearse(trust, given["rehearsal"])
    _known["trust"] = trust


def reply(request: bytes) -> bytes:
    line, _, rest = request.partition(b"\n")
    asked = json.loads(line)
    data, original = rest[: asked["size"]], rest[asked["size"] :]
    issued = asked["issued"]
    verdict = verify_pdf(
        data,
        _known["trust"],
        original=None if issued is None else data[:issued] if asked["whole"] else original,
        at=datetime.fromisoformat(asked["at"]),
    )
    return json.dumps(verdict.to_json()).encode()


def rehearse(trust: Trust, given: dict[str, str]) -> Verdict:
    """On a file whose authority is believed for this one time."""
    root, crl = base64.b64decode(given["root"]), base64.b64decode(given["crl"])
    known = replace(trust, roots=(*trust.roots, root), crls=(*trust.crls, crl))
    if trust.parsed is not None:
        roots = [*trust.parsed.roots, x509.Certificate.load(root)]
        crls = [*trust.parsed.crls, *Trust(crls=(crl,)).revocation_lists()]
        known = replace(known, parsed=Parsed(roots, trust.parsed.intermediates, crls))
    signed, issued = base64.b64decode(given["signed"]), base64.b64decode(given["issued"])
    return verify_pdf(signed, known, original=issued, at=datetime.fromisoformat(given["at"]))


def trust_of(data: dict[str, Any]) -> Trust:
    return Trust(
        roots=tuple(map(base64.b64decode, data["roots"])),
        intermediates=tuple(map(base64.b64decode, data["intermediates"])),
        crls=tuple(map(base64.b64decode, data["crls"])),
        demo_roots=frozenset(data["demo_roots"]),
        legacy_keys=frozenset(data["legacy_keys"]),
        identity_extensions=frozenset(data["identity_extensions"]),
    )
