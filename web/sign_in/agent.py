"""The browser of a session as its owner would call it: «Chrome en Linux»."""

from __future__ import annotations

from web.text import gettext as _

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(agent: str | None) -> str:
    """Told from the header that the browser sends, which may lie: it is a help to recognise, not a proof."""
    text = agent or ""
    browser = next((name for mark, name in BROWSERS if mark in text), "")
    system = next((name for mark, name in SYSTEMS if mark in text), "")
    if browser and system:
        return _("%(browser)s en %(system)s", browser=browser, system=system)
    return browser or system or (text[:40] if text else _("Equipo desconocido"))
