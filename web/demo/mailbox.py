"""/demo/correo: the messages that the demo's mail sink wrote to ``<data_dir>/mailbox/*.eml``, read as text only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import Blueprint, Response, make_response, render_template

from engine.errors import NotFound
from web.current import cartulario

LARGEST = 20 * 1024 * 1024  # bytes of one message
NEWEST = 200

demo = Blueprint("demo", __name__)


@dataclass(frozen=True)
class Letter:
    """One message: its headers and its plain text; HTML parts are not shown."""

    key: str
    subject: str
    sender: str
    to: str
    at: datetime | None
    text: str
    attachments: tuple[str, ...]
    cc: str = ""


@demo.before_request
def only_in_the_demo() -> None:
    if not cartulario().config.demo:
        raise NotFound()


def mailbox() -> Path:
    return cartulario().config.data_dir / "mailbox"


def open_message(path: Path) -> EmailMessage:
    if path.stat().st_size > LARGEST:
        raise NotFound()
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def read_letter(path: Path) -> Letter:
    message = open_message(path)
    body = message.get_body(("plain",))
    return Letter(
        key=path.stem,
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        at=parsedate_to_datetime(str(message["Date"])) if message["Date"] else None,
        text=body.get_content() if body else "",
        attachments=tuple(part.get_filename() or "adjunto" for part in message.iter_attachments()),
        cc=str(message["Cc"] or ""),
    )


def find_message(key: str) -> Path:
    """The file whose name is ``key``; the key is compared, never used as a path."""
    for path in mailbox().glob("*.eml"):
        if path.stem == key:
            return path
    raise NotFound()


@demo.get("/demo/correo")
def mail_list() -> str:
    newest = sorted(mailbox().glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)[:NEWEST]
    return render_template("demo/mailbox.html", letters=[read_letter(path) for path in newest])


@demo.get("/demo/correo/<key>")
def mail_page(key: str) -> str:
    return render_template("demo/letter.html", letter=read_letter(find_message(key)))


@demo.get("/demo/correo/<key>/<int:number>")
def mail_attachment(key: str, number: int) -> Response:
    """Always to be saved: whatever the part says it is, the browser does not open it here."""
    parts = list(open_message(find_message(key)).iter_attachments())
    if number >= len(parts):
        raise NotFound()
    data = parts[number].get_payload(decode=True)
    response = make_response(data if isinstance(data, bytes) else b"")
    response.headers["Content-Type"] = "application/octet-stream"
    name = Path(parts[number].get_filename() or f"adjunto-{number + 1}").name
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
