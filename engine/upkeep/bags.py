"""Hand the archive to another: a bag (BagIt 1.0, RFC 8493) of what cases issued, with their histories (R-53).

``data/<case>/`` holds each issued document under its own name, its validation report, the letters that came in for it
and the case's history as JSON; ``data/indice.csv`` names the documents. Of several of one name the original has it:
the one that an acta was locked with, else the first that was signed; what was only to be filled in says so. The bag
is written beside its place and moved there when it is whole. Called by ``cartulario archive export``.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from uuid import UUID

import bagit
import sqlalchemy as sa
from sqlalchemy import Connection

from engine.archive import Archive
from engine.clock import Clock
from engine.config import Config
from engine.documents import safe_name
from engine.errors import Conflict, NotFound
from engine.history.export import export_json
from engine.storage.tables import acta, case, document, received_mail
from engine.storage.unit_of_work import Database

COLUMNS = ("archivo", "tramite", "proceso", "titulo", "codigo", "sha256", "bytes", "firmantes", "emitido", "entregado")
REPORT = ".validacion.json"
_IS_ORIGINAL = sa.exists().where(acta.c.original_sha256 == document.c.sha256)


class Keeper(Protocol):
    """What a bag needs of the application (``engine.app.Cartulario``)."""

    @property
    def config(self) -> Config: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def database(self) -> Database: ...
    @property
    def archive(self) -> Archive: ...


@dataclass(frozen=True, slots=True)
class Bag:
    folder: Path
    cases: int
    documents: int


def export_bag(office: Keeper, folder: Path, *, numbers: Sequence[str] = (), process: str | None = None) -> Bag:
    """The cases of these numbers, or all those of a process, or all. Raises Conflict (the folder exists), NotFound (a
    number that no case has, or nothing issued) or Unavailable (a damaged original: nothing is handed over)."""
    if folder.exists():
        raise Conflict(f"{folder} ya existe: indique una carpeta nueva.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as made, office.database.read() as conn:
        bag = Path(made, folder.name)
        bag.mkdir()
        cases = _cases(conn, numbers, process)
        lines = [line for one in cases for line in _case(conn, office.archive, bag, one)]
        if not lines:
            raise NotFound("No hay documentos emitidos que exportar.")
        _index(bag, lines)
        about = {
            "Source-Organization": office.config.institution,
            "Bagging-Date": office.clock.now().astimezone(office.config.zone).date().isoformat(),
            "Bag-Count": "1 of 1",
        }
        bagit.make_bag(str(bag), about, checksums=["sha256"])
        shutil.move(bag, folder)
    return Bag(folder, len({line["tramite"] for line in lines}), len(lines))


def _cases(conn: Connection, numbers: Sequence[str], process: str | None) -> list[Any]:
    query = sa.select(case.c.id, case.c.number, case.c.process).order_by(case.c.number)
    if numbers:
        query = query.where(case.c.number.in_(numbers))
    elif process is not None:
        query = query.where(case.c.process == process)
    found = list(conn.execute(query))
    missing = set(numbers) - {row.number for row in found}
    if missing:
        raise NotFound(f"No hay un trámite {', '.join(sorted(missing))}.")
    return found


def _case(conn: Connection, archive: Archive, bag: Path, one: Any) -> Iterator[dict[str, str]]:
    kept = (document.c.kind == "issued") | document.c.name.like(f"%{REPORT}")
    first = (_IS_ORIGINAL.desc(), document.c.signatures.is_(None), document.c.created_at, document.c.id)
    rows = conn.execute(sa.select(document).where(document.c.case_id == one.id, kept).order_by(*first)).all()
    if not any(row.kind == "issued" for row in rows):
        return
    place = bag / safe_name(one.number)
    place.mkdir()
    (place / "historia.json").write_text(export_json(conn, one.id), encoding="utf-8")
    _letters(conn, archive, place, one.id)
    for row in rows:
        file = _free(place, safe_name(row.name), form=not row.signatures)
        file.write_bytes(archive.get(row.sha256))
        if row.kind == "issued":
            yield _line(row, one, f"{place.name}/{file.name}")


def _letters(conn: Connection, archive: Archive, place: Path, case_id: UUID) -> None:
    """As they came: what an acta's grades rest on (R-46)."""
    of = received_mail.c
    mine = sa.or_(of.case_id == case_id, of.acta_id.in_(sa.select(acta.c.id).where(acta.c.case_id == case_id)))
    for row in conn.execute(sa.select(of.raw_sha256, of.received_at, of.id).where(mine, of.whole).order_by(of.at)):
        folder = place / "correos"
        folder.mkdir(exist_ok=True)
        name = f"{row.received_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{row.id.hex[:8]}.eml"
        (folder / name).write_bytes(archive.get(row.raw_sha256))


def _free(place: Path, name: str, *, form: bool = False) -> Path:
    """A renewed document has the name of the one before it, and an acta that of the form which was to be filled in."""
    plain, n = PurePath(name), 1
    if form and (place / name).exists():
        name = f"{plain.stem}-sin-firma{plain.suffix}"
        plain = PurePath(name)
    while (place / name).exists():
        n += 1
        name = f"{plain.stem}-{n}{plain.suffix}"
    return place / name


def _line(row: Any, one: Any, name: str) -> dict[str, str]:
    signers = ", ".join(str(signature["signer"]) for signature in row.signatures or ())
    issued, released = (at.astimezone(UTC).isoformat() if at else "" for at in (row.created_at, row.released_at))
    values = (name, one.number, one.process, row.title, row.code or "", row.sha256, str(row.size), signers)
    return dict(zip(COLUMNS, (*values, issued, released), strict=True))


def _index(bag: Path, lines: Sequence[dict[str, str]]) -> None:
    with (bag / "indice.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(lines)
