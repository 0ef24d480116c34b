"""The Carta de Servicios for programs: the edition in force and those before it."""

from __future__ import annotations

from datetime import date
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.carta import Published, current_publication, get_publication, list_editions
from engine.errors import NotFound
from web.api.auth import auth
from web.api.text import Instant, Out
from web.current import cartulario

carta = APIBlueprint("carta", __name__, tag="Carta de Servicios")


class EditionOut(Out):
    number: int
    code: str
    date: date
    sha256: str = Field(description="Del JSON canónico de la edición.")
    published_at: Instant
    text: dict[str, Any] = Field(description="La edición entera, con las claves de /carta.json.")


class EditionLine(Out):
    number: int
    code: str
    date: date
    changes: str = Field(description="Lo que se modificó, como lo dice el histórico.")
    published_at: Instant


class EditionList(Out):
    items: list[EditionLine] = Field(description="La vigente es la primera.")


def to_edition(published: Published) -> EditionOut:
    edition = published.edition
    return EditionOut(
        number=edition.number,
        code=edition.code,
        date=edition.date,
        sha256=published.hash,
        published_at=published.published_at,
        text=edition.as_json(),
    )


@carta.get("/carta")
@carta.auth_required(auth)
@carta.output(EditionOut)
@carta.doc(summary="La Carta de Servicios vigente")
def get_carta() -> EditionOut:
    with cartulario().database.read() as conn:
        found = current_publication(conn)
    if found is None:
        raise NotFound("Todavía no hay una Carta de Servicios publicada.")
    return to_edition(found)


@carta.get("/carta/editions")
@carta.auth_required(auth)
@carta.output(EditionList)
@carta.doc(summary="Todas las ediciones de la Carta")
def list_carta() -> EditionList:
    with cartulario().database.read() as conn:
        found = list_editions(conn)
    lines = [
        EditionLine(
            number=one.edition.number,
            code=one.edition.code,
            date=one.edition.date,
            changes=one.edition.history[-1].changes,
            published_at=one.published_at,
        )
        for one in found
    ]
    return EditionList(items=lines)


@carta.get("/carta/editions/<int(max=9999):edition>")
@carta.auth_required(auth)
@carta.output(EditionOut)
@carta.doc(summary="Una edición de la Carta")
def get_carta_edition(edition: int) -> EditionOut:
    with cartulario().database.read() as conn:
        return to_edition(get_publication(conn, edition))
