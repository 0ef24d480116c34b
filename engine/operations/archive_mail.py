"""Archive what backs the certification at the foot of an acta (R-46): the docente's mail as PDF, with its headers, its
text and the SHA-256 of its attachments; or, when the grades came by the web or by hand, the statement itself.

The mail's own bytes are in the archive since it came in; this is the copy that people read. Its HTML was made text
before: nothing of it is drawn, opened or fetched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import normalize
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection

from engine.actas.examen import Load, NotAGrade, acta_data, escala, get_load
from engine.actas.examen.printed import printed, short_date
from engine.documents import (
    TemplateFault,
    check_template,
    code_of,
    find_by_job,
    get_document,
)
from engine.errors import OperationFailed
from engine.letters import printable
from engine.mail.incoming.parse import Incoming, parse
from engine.mail.incoming.received import ReceivedMail, get_received
from engine.operations.base import BaseParameters, Call, Operation
from engine.operations.document_made import DocumentMade, drawn, kept
from engine.operations.exam import ExamId, own_acta, refusals_told
from engine.operations.given import OF_DOCUMENTS, given_to_document, with_given
from engine.people import get_person

LONGEST_TEXT = 30_000  # letters of the body that are set; the whole of it is in the archived message
MOST_ADDRESSES = 40
OF_MAIL = dict.fromkeys(
    ("de", "registrada", "para", "copia", "fecha", "asunto", "identificador", "cuerpo", "faltan", "adjuntos",
     "recibido", "cuenta", "procedencia", "bytes", "defectos", "resumen")
)  # fmt: skip
OF_LOAD = dict.fromkeys(("como", "quien", "el", "fecha", "inscriptos", "examinados", "filas", "resumen", "respaldo"))
HOW = {"web": "Por la web, con su sesión", "mano": "A mano, por el Departamento Académico", "correo": "Por correo"}
RESULTS = {"pass": "correcto", "fail": "falló", "softfail": "dudoso", "none": "no tiene", "neutral": "no dice"}


class Archiving(BaseParameters):
    acta: ExamId = Field(description="El acta.")
    carga: ExamId = Field(description="La carga aceptada: por correo se archiva el correo; si no, la carga misma.")
    template: str = Field(description="Plantilla de la constancia: correo_archivado.html.")


class ArchiveMail(Operation[Archiving]):
    name = "archive_mail"
    summary = "Archiva en PDF el correo con que el docente devolvió un acta, o su carga por la web o a mano."
    Parameters = Archiving
    Result = DocumentMade

    def review(self, files: Mapping[str, bytes], template: str, data: Any) -> list[TemplateFault]:
        given = OF_DOCUMENTS | {"acta": None, "correo": OF_MAIL, "carga": OF_LOAD}
        return check_template(files, template, with_given(data, given))

    def run(self, parameters: Archiving, call: Call) -> DocumentMade:
        tools = call.tools
        with refusals_told(), tools.database.read() as conn:
            record = own_acta(conn, parameters.acta, call)
            load = get_load(conn, parameters.carga)
            if load.acta_id != record.id:
                raise OperationFailed("La carga que se quiere archivar es de otra acta.", permanent=True)
            name = f"{record.base}-{'correo' if load.mail_id else 'carga'}.pdf"
            if (already := find_by_job(conn, call.key, name)) is not None:
                return DocumentMade.of(already)
            acta = printed(acta_data(conn, record.id, tools.config))
            told = _mail(conn, load.mail_id, call) if load.mail_id else _statement(conn, load, acta)
            code = code_of(conn, call.case_id, name)
        title = "Correo electrónico archivado" if load.mail_id else "Carga de calificaciones archivada"
        both = {"correo": told, "carga": None} if load.mail_id else {"correo": None, "carga": told}
        data = {"acta": acta} | both | given_to_document(call, title, code, f"Acta {record.base}, trámite")
        pdf = drawn(call, parameters.template, data).bytes
        facts = [("Acta", record.base), ("SHA-256 de lo archivado", "".join(told["resumen"]))]
        title = f"{title}, acta {record.base}"
        return DocumentMade.of(kept(call, pdf, name=name, title=title, code=code, facts=facts, kind="issued"))


def _mail(conn: Connection, mail_id: UUID, call: Call) -> dict[str, Any]:
    received = get_received(conn, mail_id)
    letter = parse(call.tools.archive.get(received.raw_sha256))
    return mail_data(received, letter, call.tools.config.mail_accounts.get(received.account))


def mail_data(received: ReceivedMail, letter: Incoming, account: Any = None) -> dict[str, Any]:
    """What the template shows of a mail, safe to be set: each character is one of our letters or named."""
    text = _set(letter.text)
    sender = f"{_set(letter.sender_name)} <{letter.sender}>" if letter.sender_name else letter.sender
    return {
        "de": _set(sender) or "no se puede leer",
        "registrada": received.status == "filed",
        "para": _addresses(letter.to),
        "copia": _addresses(letter.cc),
        "fecha": letter.date.isoformat() if letter.date else None,
        "asunto": _set(letter.subject) or "(sin asunto)",
        "identificador": _set(letter.message_id) or "no tiene",
        "cuerpo": _paragraphs(text[:LONGEST_TEXT]),
        "faltan": max(0, len(text) - LONGEST_TEXT),
        "adjuntos": [
            {"nombre": _set(part.name), "bytes": _thousands(len(part.data)), "resumen": _groups(part.sha256)}
            for part in letter.parts
        ],
        "recibido": received.received_at.isoformat(),
        "cuenta": account.address if account else received.account,
        "procedencia": _origin(received.auth),
        "bytes": _thousands(received.size),
        "defectos": [_set(fault) for fault in letter.faults],
        "resumen": _groups(received.raw_sha256),
    }


def _statement(conn: Connection, load: Load, acta: Mapping[str, Any]) -> dict[str, Any]:
    names = {row["n"]: row["nombre"] for row in acta["filas"]}
    who = get_person(conn, load.by).full_name if load.by else ""
    return {
        "como": HOW[load.source],
        "quien": who or acta["docente"],
        "el": load.at.isoformat(),
        "fecha": load.fecha.isoformat() if load.fecha else None,
        "inscriptos": "no dice" if load.inscriptos is None else load.inscriptos,
        "examinados": "no dice" if load.examinados is None else load.examinados,
        "filas": [
            {
                "n": row.n,
                "nombre": names.get(row.n, ""),
                "dicho": "ausente" if row.ausente else _set(f"{_grade(row.nota, acta)} ({row.letras})"),
                "fecha": short_date(row.fecha),
            }
            for row in load.rows
        ],
        "resumen": _groups(load.sha256),
        "respaldo": _backing(conn, load),
    }


def _backing(conn: Connection, load: Load) -> dict[str, Any] | None:
    """The file in which the docente stated what somebody else loaded."""
    if load.document_id is None:
        return None
    file = get_document(conn, load.document_id)
    return {"nombre": _set(file.name), "bytes": _thousands(file.size), "resumen": _groups(file.sha256)}


def _grade(written: str | None, acta: Mapping[str, Any]) -> str:
    """«8,50»; what is no grade, as it was written."""
    scale = escala(acta["escala"]["codigo"])
    try:
        return scale.printed(scale.stored(scale.read(written or "")))
    except NotAGrade:
        return written or ""


def _set(text: str) -> str:
    return printable(normalize("NFC", text).replace("\r", "").replace("\t", "    ").replace("\u2010", "-"))


def _paragraphs(text: str) -> list[list[str]]:
    blocks = [block.strip("\n") for block in text.split("\n\n")]
    return [block.split("\n") for block in blocks if block.strip()]


def _addresses(listed: Sequence[str]) -> str:
    rest = f" y {len(listed) - MOST_ADDRESSES} más" if len(listed) > MOST_ADDRESSES else ""
    return _set("; ".join(listed[:MOST_ADDRESSES])) + rest


def _origin(auth: Mapping[str, Any]) -> str:
    said = [f"{one['method'].upper()} {RESULTS.get(one['result'], one['result'])}" for one in auth.get("results") or ()]
    signed = auth.get("dkim")
    if signed:
        what = RESULTS.get(signed["result"], "sin comprobar")
        said.append(f"firma DKIM de {signed['domain'] or 'dominio ilegible'}: {what}")
    return _set("; ".join(said)) or "El servidor de correo no dejó constancia de comprobaciones"


def _groups(sha256: str) -> list[str]:
    return [sha256[at : at + 8] for at in range(0, len(sha256), 8)]


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f") if number >= 10_000 else str(number)
