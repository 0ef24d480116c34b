"""The Matriz de certificaciones digitales, for programs: the same search as the page /matriz."""

from __future__ import annotations

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import Field

from engine.carta import Search, count_entries, list_lines
from engine.carta.matriz_search import require_reader
from web.api.auth import auth, viewer
from web.api.text import GivenInstant, In, Instant, Out, ShortText
from web.current import cartulario

matriz = APIBlueprint("matriz", __name__, tag="Matriz")
Code = Annotated[str, Field(max_length=120, pattern=r"^[A-Za-z0-9_]*$")]


class MatrizQueryIn(In):
    q: ShortText = Field("", description="Palabras del asiento, el titular, la identidad o el código.")
    product: Code = Field("", description="Código de un producto; vacío, todos.")
    since: GivenInstant | None = Field(None, description="Inscritas desde.")
    until: GivenInstant | None = Field(None, description="Inscritas antes de.")
    offset: int = Field(0, ge=0, le=5_000_000)
    limit: int = Field(50, ge=1, le=200)


class EntryOut(Out):
    number: str
    at: Instant
    product: str
    holder: str
    identity: str | None
    code: str = Field(description="Código de verificación del documento.")
    signer: str | None
    case_number: str


class MatrizOut(Out):
    count: int = Field(description="Cuántas coinciden en total.")
    items: list[EntryOut]


@matriz.get("/matriz")
@matriz.auth_required(auth)
@matriz.input(MatrizQueryIn, location="query")
@matriz.output(MatrizOut)
@matriz.doc(
    summary="Buscar en la Matriz de certificaciones digitales",
    description="La más reciente primero. Para quienes la llevan en la Secretaría.",
    responses=[403],
)
def search(query_data: MatrizQueryIn) -> MatrizOut:
    require_reader(viewer().roles)
    asked = Search(query_data.q, query_data.product, query_data.since, query_data.until)
    with cartulario().database.read() as conn:
        lines = list_lines(conn, asked, offset=query_data.offset, limit=query_data.limit)
        count = count_entries(conn, asked)
    return MatrizOut(
        count=count,
        items=[
            EntryOut(
                number=one.entry.number,
                at=one.entry.at,
                product=one.entry.product,
                holder=one.entry.holder,
                identity=one.entry.identity,
                code=one.entry.code,
                signer=one.entry.signer,
                case_number=one.case_number,
            )
            for one in lines
        ],
    )
