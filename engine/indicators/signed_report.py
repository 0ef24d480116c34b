"""The report of a period signed by who answers for it, over the institution's seal (C-16).

The seal stays as it was: the signature is added to the end of the file (PAdES B-T), in the gap that the template leaves
beside it. Called by the dashboard, which shows the report before it asks for the PIN. Signed twice, it is signed once;
of two people who sign it, the second is refused: one code leads to one signed file.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine import people
from engine.documents import Document, find_by_job, render_stamp, store_document
from engine.errors import Conflict, NotAllowed
from engine.indicators.measures import PROCESS
from engine.indicators.report import KEY, TITLE, Paper, read_report
from engine.signing import SigningKey, check_returned, field_for_person, opened_key

SIGNERS: Final = {  # role → as the stamp prints it
    "secretario_general": "Secretario General",
    "director_calidad": "Dirección de Aseguramiento de la Calidad",
}
LEVEL: Final = "B-T"


class AlreadySigned(Conflict):
    code = "already_signed"
    message = "Este informe ya lleva la firma de otra persona. Haga otro informe del mismo período para firmarlo usted."


def may_sign_report(office: Paper, actor: UUID) -> bool:
    with office.database.read() as conn:
        return _role(conn, office, actor) is not None


def report_signed_by(office: Paper, document_id: UUID, actor: UUID) -> Document | None:
    """The report with this person's signature, when they have signed it. Raises AlreadySigned: somebody else has."""
    document, _pdf = read_report(office, document_id)
    with office.database.read() as conn:
        return _signed_by(conn, document, actor)


def sign_report(office: Paper, document_id: UUID, actor: UUID, pin: str) -> Document:
    """Raises NotFound, NotAllowed, AlreadySigned, and as ``opened_key`` and ``sign_pdf``: then nothing is kept."""
    document, pdf = read_report(office, document_id)
    at = office.clock.now()
    with office.database.read() as conn:
        role = _role(conn, office, actor)
        if role is None:
            raise NotAllowed("Firman el informe la Secretaría General y la Dirección de Aseguramiento de la Calidad.")
        if (already := _signed_by(conn, document, actor)) is not None:
            return already
        on = at.astimezone(office.config.zone).date()
        title = people.printed_title(conn, actor, role, SIGNERS[role], on)
    if field_for_person(pdf) is None:
        raise AlreadySigned()
    files = office.definitions.current(PROCESS).bundle.files

    def stamp(key: SigningKey) -> bytes:
        return render_stamp(files, office.config, signer=key.name, role=title, at=at, reason=TITLE, code=document.code)

    with opened_key(office.database, actor, pin, at) as key:
        signed = key.sign(
            pdf, office.signing, level=LEVEL, at=at, stamp=stamp, reason=TITLE, location=office.config.place
        )
    check_returned(pdf, signed.data, office.signing.trust, fingerprint=signed.fingerprint, at=at)
    with office.database.write() as conn:
        kept = store_document(  # what somebody signed meanwhile, when somebody did
            conn,
            office.archive,
            case_id=None,
            kind="issued",
            name=document.name,
            title=document.title,
            media_type=document.media_type,
            data=signed.data,
            code=document.code,
            facts=document.facts,
            signatures=[*document.signatures, signed.record(title)],
            job_key=_key(document),
            created_by=actor,
            at=office.clock.now(),
        )
        return _of(kept, actor)


def _signed_by(conn: Connection, document: Document, actor: UUID) -> Document | None:
    """Raises AlreadySigned."""
    found = find_by_job(conn, _key(document), document.name)
    return None if found is None else _of(found, actor)


def _of(signed: Document, actor: UUID) -> Document:
    if signed.created_by != actor:
        raise AlreadySigned()
    return signed


def _key(document: Document) -> str:
    """One for each report, whoever signs it: of two at once, the base keeps one."""
    return f"{KEY}firma-{document.id}"


def _role(conn: Connection, office: Paper, actor: UUID) -> str | None:
    """Of the roles that sign, the one in which they act today; none when in none."""
    held = people.roles_of(conn, actor, office.clock.now().astimezone(office.config.zone).date())
    return next((role for role in SIGNERS if role in held), None)
