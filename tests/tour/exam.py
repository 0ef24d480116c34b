"""The tour's steps on the actas of a mesa: the grid filled in by who has the task, and what comes as a message."""

from __future__ import annotations

import uuid
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from engine.app import Cartulario
from engine.cases import DeliverMessage, deliver_message
from engine.definitions import Step
from engine.people import find_person, owner_of
from engine.storage.tables import person, signing_key
from tests.processes import exam
from tests.support.outside_signer import sign_outside
from tests.tour.client import Visitor
from tests.tour.post import Post
from web.demo.office import CAST, PIN

HOLDERS = {role: one.username for one in reversed(CAST) for role in one.roles} | {"docente_suplente": "oscar"}


def username_of(app: Cartulario, role: str) -> str:
    """Who acts in the role; of somebody's part of it, that person."""
    owner = owner_of(role)
    if owner is None:
        return HOLDERS[role]
    with app.database.read() as conn:
        return str(conn.scalar(sa.select(person.c.username).where(person.c.id == owner)))


def person_of(app: Cartulario, who: str) -> UUID:
    with app.database.read() as conn:
        found = find_person(conn, HOLDERS[who])
    assert found is not None, who
    return found.id


def fill_in(app: Cartulario, visitor: Visitor, task_id: UUID, acta_id: UUID, step: Step) -> None:
    """The grid as its page asks for it: typed, read once more, and sent with its totals."""
    with app.database.read() as conn:
        told = exam.stated(conn, acta_id, step.sheet or {})
    typed: dict[str, object] = {"fecha": told["fecha"].isoformat()}
    for row in told["rows"]:
        typed |= {f"n{row['n']}": row["nota"], f"a{row['n']}": row["ausente"]}
    visitor.open(f"/bandeja/{task_id}/planilla").submit("/planilla", typed)
    totals = {"inscriptos": str(told["inscriptos"]), "examinados": str(told["examinados"])}
    visitor.submit("/planilla", totals, button=("_accion", "enviar"))


def by_mail(step: Step) -> bool:
    """A whole statement is sent as a mail. One that lacks something the reader refuses by itself: it is handed over, as
    by somebody of the Departamento who lets it in."""
    return step.sheet is not None and not step.sheet.get("faltan")


def send_by_mail(app: Cartulario, post: Post, folder: Path, case_id: UUID, step: Step) -> None:
    """The docente fills in the file that came with the letter and sends it back."""
    with app.database.read() as conn:
        sheets = [(acta, exam.stated(conn, acta.id, step.sheet or {})) for acta in exam.meant(conn, case_id, step)]
    for acta, told in sheets:
        post.send_back(app, folder, acta, told)


def deliver(app: Cartulario, case_id: UUID, number: str, step: Step) -> None:
    """What the mail reader, or another case, would hand over."""
    key = step.correlation or number
    payload = exam.named(lambda who: person_of(app, who), step.payload)
    with app.database.read() as conn:
        actas = exam.meant(conn, case_id, step)
    for acta in actas:
        key = exam.to_whom(acta, step)
        if step.sheet is not None:
            payload = {**payload, "carga": exam.load(app, acta.id, "correo", step.sheet, None)}
    deliver_message(DeliverMessage(str(step.message), key, payload, uuid.uuid4()), app.engine)


def sign_elsewhere(app: Cartulario, visitor: Visitor, role: str) -> tuple[str, bytes]:
    """The document of the task on the page, downloaded and signed with OpenSSL and the person's own certificate."""
    address = next(href for href in visitor.page.xpath("//details//a/@href") if href.endswith("?descargar"))
    name = next(text for text in visitor.page.xpath("//details//a[contains(@href, 'descargar')]/text()")).split()[-1]
    with app.database.read() as conn:
        who = person_of(app, role)
        key = conn.scalar(sa.select(signing_key.c.data).where(signing_key.c.person_id == who))
    return name, sign_outside(visitor.download(address), bytes(key or b""), PIN, app.clock.now())
