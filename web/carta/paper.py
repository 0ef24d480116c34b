"""An edition as PDF/A. One that the process published is the file that the four signed; the seeded one is composed when
first asked for, sealed by the institution and kept: from then on everybody gets the same bytes. The page is open to
anybody: what could not be composed is not tried again at every request, but after a while."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app

from engine.carta import Edition, Published
from engine.definitions import Bundle
from engine.documents import (
    Document,
    find_by_job,
    house,
    new_code,
    read_document,
    render_pdf,
    render_stamp,
    store_document,
    verification,
)
from engine.errors import NotFound, Unavailable
from engine.signing import SEAL_FIELD, sign_pdf
from web.current import cartulario
from web.text import gettext as _

PROCESS, TEMPLATE, PDF = "revisar_carta", "carta.html", "application/pdf"
SEAL_ROLE = "Sello electrónico institucional"
REST = 60  # seconds until it is tried again

log = logging.getLogger(__name__)


class NotComposed(Unavailable):
    """The text is on its page all the same."""

    retry_after = REST

    def __init__(self) -> None:
        super().__init__(_("La Carta no se pudo componer en PDF. Su texto está entero en la página de la Carta."))


def edition_pdf(published: Published) -> tuple[Document, bytes]:
    app = cartulario()
    key = f"carta-{published.edition.number}-{'sello' if app.signing.seal_key else 'simple'}"
    name = "carta-de-servicios.pdf"
    with app.database.read() as conn:
        if published.document_id is not None:
            return read_document(conn, app.archive, published.document_id)
        if (kept := find_by_job(conn, key, name)) is not None:
            return read_document(conn, app.archive, kept.id)
        code = new_code(conn)
    made, signatures = _made_or_rested(published.edition, code, app.clock.now(), key)
    with app.database.write() as conn:
        edition, at = published.edition, app.clock.now()
        stored = store_document(
            conn,
            app.archive,
            case_id=None,
            kind="issued",
            name=name,
            title=f"Carta de Servicios, edición {edition.ordinal}",
            media_type=PDF,
            data=made,
            code=code,
            facts=[["Edición", edition.ordinal], ["Código", edition.code], ["Fecha", f"{edition.date:%d/%m/%Y}"]],
            signatures=signatures,
            job_key=key,
            at=at,
        )
        return read_document(conn, app.archive, stored.id)


def _made_or_rested(edition: Edition, code: str, at: datetime, key: str) -> tuple[bytes, list[dict[str, Any]]]:
    """Raises NotComposed, at once while the last failure is fresh."""
    failed: dict[str, float] = current_app.extensions.setdefault("carta_failed", {})
    if time.monotonic() < failed.get(key, 0.0):
        raise NotComposed()
    try:
        return _made(edition, code, at)
    except Exception as error:
        log.exception("%s could not be composed", key)
        failed[key] = time.monotonic() + REST
        raise NotComposed() from error


def _made(edition: Edition, code: str, at: datetime) -> tuple[bytes, list[dict[str, Any]]]:
    app, files = cartulario(), _files()
    title = f"Carta de Servicios, edición {edition.ordinal}"
    data = {
        "carta": edition.as_json(),
        "sello": True,
        "casa": house(app.config),
        "documento": {"titulo": title, "codigo": code},
        "verificacion": verification(app.config, code, edition.code),
        "emitido": at.isoformat(),
        "numero": edition.code,
    }
    pdf = render_pdf(files, TEMPLATE, data).bytes
    if app.signing.seal_key is None:
        return pdf, []
    key = app.signing.seal_key
    stamp = render_stamp(
        files, app.config, signer=app.config.institution, role=SEAL_ROLE, at=at, reason=title, code=code,
        verb="Sellado electrónicamente por",
    )  # fmt: skip
    more: dict[str, Any] = {"field": SEAL_FIELD, "stamp": stamp, "reason": title, "location": app.config.place}
    try:
        level = "B-LT" if app.signing.tsa_url else "B-B"
        sealed = sign_pdf(pdf, key, app.signing, level=level, at=at, **more)  # type: ignore[arg-type]
    except Unavailable:  # the hour's service is away: the page is public, and a plain seal proves as much of the text
        level = "B-B"
        sealed = sign_pdf(pdf, key, app.signing, level="B-B", at=at, **more)
    record = {"signer": key.name, "role": SEAL_ROLE, "level": level, "at": at.isoformat(), "serial": key.serial}
    return sealed, [record]


def _files() -> Mapping[str, bytes]:
    """The template as published; before that, as it lies in the installation."""
    app = cartulario()
    try:
        return app.definitions.current(PROCESS).bundle.files
    except NotFound:
        return Bundle.read(app.config.bpmn_dir, app.config.forms_dir, PROCESS).files
