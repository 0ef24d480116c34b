"""The text of a mail that was written in HTML, as a person reads it: without scripts, styles, comments and pictures.

Called by ``words``. One pass over at most what ``words`` lets through, whatever it is made of; nothing is fetched, and
what a tag would do is not done. Ends of paragraphs and of rows stay, so that the text can be archived (R-46).
"""

from __future__ import annotations

import html
import re

_TOKEN = re.compile(r"<!--|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,15})\b[^<>]*>|<[!?/][^<>]*>")
_UNREAD = {"script", "style", "title", "template", "noscript"}
_BREAKS = {
    "br": "\n", "li": "\n- ", "tr": "\n", "div": "\n", "td": " ", "th": " ", "hr": "\n\n",
    **dict.fromkeys(("p", "ul", "ol", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"), "\n\n"),
}  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n\f]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def plain_text(markup: str) -> str:
    pieces: list[str] = []
    at, inside = 0, ""  # within which element that is not read
    for token in _TOKEN.finditer(markup):
        if token.start() < at:
            continue  # in a comment
        if not inside:
            pieces.append(_SPACES.sub(" ", markup[at : token.start()]))
        at = token.end()
        if token[0] == "<!--":
            ends = markup.find("-->", at)
            at = len(markup) if ends < 0 else ends + len("-->")
            continue
        name = (token["name"] or "").lower()
        if inside:
            inside = "" if token["end"] and name == inside else inside
        elif name in _UNREAD and not token["end"]:
            inside = name
        elif name in _BREAKS and not (token["end"] and name in ("br", "li", "td", "th")):
            pieces.append(_BREAKS[name])
    if not inside:
        pieces.append(_SPACES.sub(" ", markup[at:]))
    lines = "\n".join(line.strip() for line in html.unescape("".join(pieces)).split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines).strip()
