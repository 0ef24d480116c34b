"""Where to go after signing in: back to the page that asked for it, and to no other site."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_page(address: str | None, otherwise: str = "/") -> str:
    """``address`` when it is a path of this very site, else ``otherwise``."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    if any(ord(letter) < 32 or letter == "\\" for letter in address):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address
