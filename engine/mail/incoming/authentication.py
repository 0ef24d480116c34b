"""What is known of a letter's origin: what one's own server says it checked, and its DKIM signature.

Both are noted, neither lets a letter in: that a letter comes from its sender's domain adds nothing to the presumption
of R-45; that nothing shows it makes a person look. A server that lets ``Authentication-Results`` in from outside under
its own name says nothing (docs/deploy.md).
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

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?')
_BRACKET = re.compile(r"[()]")
_METHOD = re.compile(r"\s*(dkim|spf|dmarc|arc)(?:/\d+)?\s*=\s*([a-z]{2,12})\b", re.IGNORECASE)
_PROPERTY = re.compile(r"(?<![\w.-])(header\.d|header\.i|header\.from|smtp\.mailfrom)\s*=\s*([^\s;]+)", re.IGNORECASE)
_LONGEST = 320  # letters of an address
_DOMAIN_OF = {"dmarc": ("header.from",), "spf": ("smtp.mailfrom",), "dkim": ("header.d", "header.i")}
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
    """Of the topmost ones that bear our server's name, for each of its programs may write one; what others wrote, and
    what stands below that, is nobody's word. A method counts where it is named first, and a failed DMARC anywhere."""
    found: list[dict[str, str]] = []
    for header in headers:
        server, _, said = _bare(header).partition(";")
        if not (authserv_id and server.split()[:1] == [authserv_id]):
            if found:
                break
            continue
        above = {one["method"] for one in found}
        results = [_result(piece, method) for piece in said.split(";") if (method := _METHOD.match(piece))]
        found += [one for one in results if one["method"] not in above or (one["method"], one["result"]) == _FAILED]
    return found


_FAILED = ("dmarc", "fail")


def vouched(auth: dict[str, Any], sender: str) -> bool:
    """Our server found that it comes from the domain of its sender's address: by DMARC, or by an SPF or a DKIM of that
    very domain. Those of another domain say only who the other is."""
    results = auth.get("results") or []
    if any((one["method"], one["result"]) == _FAILED for one in results):
        return False
    theirs = _domain(sender)
    return any(one["result"] == "pass" and _is_of(one, theirs) for one in results)


def _is_of(result: dict[str, str], theirs: str) -> bool:
    named = [_domain(result[key]) for key in _DOMAIN_OF.get(result["method"], ()) if key in result]
    if result["method"] == "dmarc" and not named:
        return True  # it judges the sender's address and no other
    return bool(named) and _aligned(named[0], theirs)


def _aligned(one: str, other: str) -> bool:
    """The same domain, or one below the other (RFC 7489, section 3.1)."""
    return "." in one and "." in other and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip("<>.").lower()


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
    said = {name.lower(): words.decoded(value) for name, value in _PROPERTY.findall(piece) if len(value) <= _LONGEST}
    return {"method": found.group(1).lower(), "result": found.group(2).lower(), **said}


def _bare(header: str) -> str:
    """Without quoted texts and comments, which hold what a stranger may have written; nothing after one that does not
    end."""
    plain, depth, at = [], 0, 0
    text = _QUOTED.sub(" ", header)
    for bracket in _BRACKET.finditer(text):
        if not depth:
            plain.append(text[at : bracket.start()])
        depth = depth + 1 if bracket.group() == "(" else max(0, depth - 1)
        at = bracket.end()
    return " ".join([*plain, "" if depth else text[at:]])


def _name(name: bytes | str) -> str:
    return name.decode("ascii", "replace") if isinstance(name, bytes) else name
