"""What is known of a letter's origin: what one's own server says it checked, and its DKIM signature.

Both are noted, neither lets a letter in: a good result adds nothing to the presumption of R-45, a bad one makes a
person look. So a forged ``Authentication-Results`` gains nothing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import dkim

from engine.mail.incoming import words
from engine.mail.incoming.mime import LARGEST_HEAD, read_head, split_head

log = logging.getLogger(__name__)

Resolver = Callable[[str], bytes | None]  # the TXT record of a name; none: there is none, or nobody is asked

DNS_TIMEOUT = 5  # seconds

_COMMENT = re.compile(r"\([^()]*\)")
_METHOD = re.compile(r"\b(dkim|spf|dmarc|arc)\s*=\s*([a-z]{2,12})\b", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(header\.d|header\.i|header\.from|smtp\.mailfrom)\s*=\s*([^\s;]{1,200})", re.IGNORECASE)
_QUIET = logging.getLogger("cartulario.dkim")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


def authentication(raw: bytes, authserv_id: str | None, resolver: Resolver | None = None) -> dict[str, Any]:
    """Small JSON for the letter's row. Never raises."""
    head = read_head(split_head(raw)[0])
    results = own_results(words.raw_headers(head, "Authentication-Results"), authserv_id)
    return {"results": results, "dkim": dkim_of(raw, resolver) if head.get("DKIM-Signature") else None}


def ask_dns(name: str) -> bytes | None:
    """The resolver of an office that lets its server ask the DNS (``mail_dkim_dns``)."""
    found: bytes | None = dkim.get_txt(name.encode("ascii", "replace"), timeout=DNS_TIMEOUT)
    return found


def own_results(headers: list[str], authserv_id: str | None) -> list[dict[str, str]]:
    """Of the topmost one that bears our server's name; those that others wrote are nobody's word."""
    for header in headers:
        server, _, said = _COMMENT.sub(" ", header).partition(";")
        if authserv_id and server.split()[:1] == [authserv_id]:
            return [_result(piece, found) for piece in said.split(";") if (found := _METHOD.search(piece))]
    return []


def failed(auth: dict[str, Any]) -> bool:
    """Our server found that it does not come from whom it says: DMARC failed or, without it, SPF and DKIM both."""
    said = {one["method"]: one["result"] for one in reversed(auth.get("results") or [])}
    if "dmarc" in said and said["dmarc"] != "none":
        return bool(said["dmarc"] == "fail")
    return said.get("spf") in ("fail", "softfail") and said.get("dkim", "none") != "pass"


def dkim_of(raw: bytes, resolver: Resolver | None) -> dict[str, str]:
    """The first signature: its domain, and pass, fail, or unchecked when nobody may ask the DNS for its key."""
    head, body = split_head(raw)
    if len(head) > LARGEST_HEAD:
        return {"domain": "", "result": "error", "why": "cabecera demasiado grande"}
    signed = words.raw_header(read_head(head), "DKIM-Signature")
    named = re.search(r"(?:^|;)\s*d\s*=\s*([A-Za-z0-9.-]{1,190})", signed)
    domain = named.group(1).lower() if named else ""
    if resolver is None:
        return {"domain": domain, "result": "unchecked", "why": ""}
    try:
        asked = dkim.DKIM(head + b"\r\n\r\n" + body, logger=_QUIET)
        good = asked.verify(dnsfunc=lambda name, timeout=5: resolver(_name(name)))
        partial = b"l" in asked.signature_fields
    except dkim.ValidationError:  # the body is not the one that was signed
        good, partial = False, False
    except Exception as error:  # what a stranger wrote: anything may be wrong with it
        return {"domain": domain, "result": "error", "why": type(error).__name__}
    if good and partial:
        return {"domain": domain, "result": "error", "why": "la firma no cubre todo el correo"}
    return {"domain": domain, "result": "pass" if good else "fail", "why": ""}


def _result(piece: str, found: re.Match[str]) -> dict[str, str]:
    said = {name.lower(): words.decoded(value)[:200] for name, value in _PROPERTY.findall(piece)}
    return {"method": found.group(1).lower(), "result": found.group(2).lower(), **said}


def _name(name: bytes | str) -> str:
    return name.decode("ascii", "replace") if isinstance(name, bytes) else name
