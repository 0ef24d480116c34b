"""Files that come with a form: each is stored on the first POST, so that an error elsewhere does not lose it."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import FileStorage

from engine.documents import OF_A_PERSON, OF_THE_OFFICE, TooManyUploads, UploadRefused, check_upload, store_upload
from engine.errors import TooLarge
from engine.forms import Component, Form
from web.cases.reader import viewer
from web.current import cartulario, person_id
from web.text import gettext as _

MANY = 20  # files of one field in one post


@dataclass
class Received:
    """``stored``: ids of documents by field; ``refused``: (name, reason) by field."""

    stored: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def errors(self) -> dict[str, str]:
        """One sentence by field: the first file that was not taken, named."""
        firsts = {key: files[0] for key, files in self.refused.items()}
        return {key: reason if name in reason else f"«{name}»: {reason}" for key, (name, reason) in firsts.items()}


def receive_files(form: Form) -> Received:
    """Store what was sent for the form's file fields; other files of the request are not looked at."""
    received = Received()
    for component in form.fields:
        if component.key not in form.upload_keys:
            continue
        for file in [one for one in request.files.getlist(component.key) if one.filename][:MANY]:
            try:
                received.stored.setdefault(component.key, []).append(store(file, component))
            except (UploadRefused, TooManyUploads, TooLarge) as error:
                received.refused.setdefault(component.key, []).append((file.filename or "", _(error.message)))
    return received


def store(file: FileStorage, component: Component) -> str:
    """The id of the document. Raises UploadRefused or TooLarge, which say what to send instead."""
    engine = cartulario()
    checked = check_upload(  # outside any transaction: a slow sender or scanner must make nobody wait
        filename=file.filename or "",
        stream=file.stream,
        allowed=allowed_types(component),
        max_bytes=engine.config.max_upload,
        clamd=engine.config.clamd,
    )
    with engine.database.write() as conn:
        quota = OF_THE_OFFICE if viewer().is_staff else OF_A_PERSON
        at = engine.clock.now()
        document = store_upload(conn, engine.archive, checked, created_by=person_id(), at=at, quota=quota)
    return str(document.id)


def allowed_types(component: Component) -> tuple[str, ...]:
    """As the process owner wrote them: extensions or media types."""
    written = str(component.raw.get("accept") or "")
    return tuple(part.strip().lower() for part in written.split(",") if part.strip())
