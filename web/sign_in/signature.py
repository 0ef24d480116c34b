"""The key a person signs with, as their account shows it, and a new one brought as a PKCS#12 file; or, of who signs
with another program, the public certificate alone.

The file is kept as it came, still under its PIN. The PIN is used once, to see that it opens the file: it is neither
stored, logged nor shown again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from flask import request
from sqlalchemy import Connection

from engine.errors import InvalidAnswers, SignatureRefused, WrongPin
from engine.signing import (
    StoredKey,
    add_certificate,
    add_pkcs12,
    key_of,
    read_certificate,
    remembered_problem,
    require_theirs,
)
from web.current import cartulario, person_id, signed_in
from web.dates import local_date
from web.text import N_
from web.text import gettext as _

LARGEST = 100 * 1024  # bytes; with a long chain of certificates they take some 10 KB
LONGEST_LABEL = 120
SOON = 30  # days


UNUSABLE = N_("Ese archivo no trae una clave que sirva para firmar. Pida otro a su entidad certificadora.")
REFUSED = {
    "not_pkcs12": N_("Ese archivo no es un certificado de firma. Elija el que termina en .p12 o .pfx."),
    "expired": N_("Ese certificado ya venció. Elija uno que esté en vigencia."),
    "not_yet_valid": N_("Ese certificado todavía no está en vigencia. Cárguelo cuando empiece a valer."),
}


@dataclass(frozen=True)
class OwnKey:
    """``days_left`` counts whole days, negative when it has expired; ``paused``: after three wrong PINs."""

    key: StoredKey
    days_left: int
    paused: bool

    @property
    def expired(self) -> bool:
        return self.days_left < 0

    @property
    def soon(self) -> bool:
        return 0 <= self.days_left <= SOON


def own_key(conn: Connection, at: datetime) -> OwnKey | None:
    key = key_of(conn, person_id())
    if key is None:
        return None
    days = (local_date(key.not_after) - local_date(at)).days
    if key.not_after < at:
        days = min(days, -1)
    return OwnKey(key, days, key.blocked_until is not None and key.blocked_until > at)


OUTSIDE_REFUSED = {
    "unreadable": N_("Ese archivo no es un certificado. Elija el que termina en .cer, .crt o .pem."),
    "private": N_(
        "Ese archivo trae una clave privada, que es solo suya: no lo guardamos. Suba el certificado sin ella."
    ),
    "authority": N_("Ese certificado es de una autoridad certificadora, no de una persona."),
    "several": N_("Ese archivo trae certificados de más de una persona. Suba solo el suyo."),
    "others": N_("Ese certificado es de otra persona: no dice su número de documento ni su nombre."),
    "expired": N_("Ese certificado ya venció. Elija uno que esté en vigencia."),
    "not_yet_valid": REFUSED["not_yet_valid"],
}


def load_sent_certificate(at: datetime) -> str | None:
    """Keep the public certificate of the request at hand → what its authority says against it, as a warning. Raises
    InvalidAnswers."""
    sent = request.files.get("publico")
    data = sent.stream.read(LARGEST + 1) if sent else b""
    if sent is None or not data:
        raise InvalidAnswers({"publico": _("Elija el archivo de su certificado: termina en .cer, .crt o .pem.")})
    label = PurePath((sent.filename or "").replace("\\", "/")).name[:LONGEST_LABEL] or _("Certificado de firma")
    who, app = signed_in(), cartulario()
    try:
        certificate = read_certificate(data)
        require_theirs(certificate, who.identity_number, who.family_names, app.signing.trust)
        with app.database.write() as conn:
            add_certificate(conn, who.id, certificate, label, at)
    except SignatureRefused as error:
        reason = OUTSIDE_REFUSED.get(str(error.details.get("cause")), OUTSIDE_REFUSED["unreadable"])
        raise InvalidAnswers({"publico": _(reason)}) from None
    return remembered_problem(certificate.dump(), app.signing, at).problem


def load_sent_key(at: datetime) -> None:
    """Keep the PKCS#12 file of the request at hand. Raises InvalidAnswers, by field."""
    sent, pin = request.files.get("certificado"), request.form.get("pin", "")
    data = sent.stream.read(LARGEST + 1) if sent else b""
    if sent is None or not data:
        raise InvalidAnswers({"certificado": _("Elija el archivo de su certificado: termina en .p12 o .pfx.")})
    if len(data) > LARGEST:
        raise InvalidAnswers(
            {"certificado": _("Pesa más de 100 KB: no es un certificado. Elija el que termina en .p12 o .pfx.")}
        )
    if not pin:
        raise InvalidAnswers({"pin": _("Escriba el PIN con el que se protege ese archivo. Elija otra vez el archivo.")})
    label = PurePath((sent.filename or "").replace("\\", "/")).name[:LONGEST_LABEL] or _("Certificado de firma")
    try:
        with cartulario().database.write() as conn:
            add_pkcs12(conn, person_id(), data, pin, label, at)
    except WrongPin:
        raise InvalidAnswers(
            {"pin": _("Ese PIN no abre el archivo. Elija otra vez el archivo y escriba su PIN.")}
        ) from None
    except SignatureRefused as error:
        reason = REFUSED.get(str(error.details.get("cause")), UNUSABLE)
        raise InvalidAnswers({"certificado": _(reason)}) from None
