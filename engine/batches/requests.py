"""Requests filed from a file: a template for each service, a check row by row, then the filing, in the background.

Staff of Secretaría upload the file; nothing is filed until they have read the report and confirmed. Each row is one
``start_case`` on behalf of a person who is registered, under a request_id of its own: a row is filed once, however
often the batch is taken up again. What cannot be filed says why, and the others go on. The organism that asks, with its
letter, has its columns (C-10): of outsiders its name is required, as at the desk.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from engine.batches import lease
from engine.batches.batch import OFFICE, Batch, Item, create_batch, get_batch, list_items
from engine.batches.desk import Desk
from engine.batches.errors import FileRefused
from engine.batches.run import request_id_of, run_items
from engine.batches.table import COMMENT, Row, read_table, typed_day
from engine.cases import StartCase, start_case
from engine.cases.check_start import check_start
from engine.cases.offer import asked
from engine.cases.origin import needs_origin, read_origin
from engine.definitions import Definition
from engine.documents import store_document
from engine.errors import CartularioError, InvalidAnswers, NotAllowed, NotFound
from engine.forms import Form
from engine.forms.components import Component
from engine.inbox import Viewer
from engine.people import Person, check_identity, find_by_identity
from engine.spreadsheet import XLSX
from engine.storage.search import fold

KIND = "solicitudes"
IDENTITY: Final = ("tipo_identidad", "identidad")
NAME: Final = "nombre"  # may be left empty; when it is not, it must be the person's
ORIGIN: Final = {"organismo": "organism", "oficio": "reference", "fecha_oficio": "day"}  # as at the desk
BY_HAND: Final = frozenset({"filepicker", "dynamiclist"})
YES: Final = frozenset({"1", "si", "sí", "x", "true", "verdadero"})
NO: Final = frozenset({"", "0", "no", "false", "falso"})


@dataclass(frozen=True, slots=True)
class _Checked:
    person: Person
    answers: Mapping[str, Any]
    origin: str | None


def require_office(viewer: Viewer) -> None:
    if not viewer.roles & OFFICE:
        raise NotAllowed("Solo Secretaría presenta solicitudes en nombre de otras personas.")


def template(definition: Definition) -> str:
    """The file to fill in: a heading for each question, and under it, in a line that is not read, what it takes."""
    form = definition.start_form
    fields = [c for c in form.fields if c.asks and c.kind not in BY_HAND] if form else []
    hints = ["cedula | dni | cuil | pasaporte", "número del documento", "opcional: se compara"]
    hints += ["organismo que lo pide (obligatorio si es de fuera)", "número de su oficio (opcional)"]
    hints += ["fecha del oficio: 31/12/2026 (opcional)"]
    columns = dict(zip([*IDENTITY, NAME, *ORIGIN], hints, strict=True)) | {field.key: _hint(field) for field in fields}
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";")
    writer.writerow(columns)
    first, *others = columns.values()
    writer.writerow([f"{COMMENT} {first}", *others])
    return "\ufeff" + target.getvalue()


def _hint(field: Component) -> str:
    words = field.label
    if field.kind == "checkbox":
        words += ": sí | no"
    elif field.options:
        words += ": " + " | ".join(str(option.value) for option in field.options)
        words += " (varios, separados por |)" if field.several else ""
    elif field.kind == "datetime":
        words += ": 31/12/2026"
    return words + ("" if field.required else " (opcional)")


def check_requests(
    desk: Desk, viewer: Viewer, process: str, file_name: str, data: bytes, batch_id: UUID | None = None
) -> UUID:
    """Read and check the whole file; the batch that results waits to be confirmed, and says of each row what would be
    refused and why. Raises NotAllowed, NotFound, TooLarge, FileRefused."""
    require_office(viewer)
    definition = desk.definitions.current(process)
    if not definition.manifest.process.service:
        raise NotFound()
    headings, rows = read_table(data)
    _require_headings(definition, headings)
    if not rows:
        raise FileRefused("El archivo tiene los títulos y ninguna solicitud.")
    now = desk.clock.now()
    with desk.database.read() as conn:
        items = list(_items(conn, desk, viewer, definition, rows))
    with desk.database.write() as conn:
        kept = store_document(
            conn,
            desk.archive,
            case_id=None,
            kind="batch",
            name=file_name[-200:] or "solicitudes.csv",
            title="Solicitudes en lote",
            media_type=XLSX if data.startswith(b"PK") else "text/csv",
            data=data,
            created_by=viewer.person_id,
            at=now,
        )
        return create_batch(
            conn,
            "solicitudes",
            viewer.person_id,
            definition.manifest.title,
            items,
            year=now.astimezone(desk.config.zone).year,
            at=now,
            batch_id=batch_id,
            process=process,
            document_id=kept.id,
        )


def take_requests(desk: Desk, viewer: Viewer, batch_id: UUID) -> UUID:
    """Confirmed, or taken up again → the token to call ``file_requests`` with. By who uploaded it: each case says that
    they filed it. Raises NotAllowed, NotFound, BatchRunning, BatchOver."""
    require_office(viewer)
    with desk.database.write() as conn:
        found = get_batch(conn, batch_id, viewer)
        if found.kind != KIND:
            raise NotFound()
        if found.person_id != viewer.person_id:
            raise NotAllowed("Las presenta quien cargó el archivo: cada trámite dice que fue esa persona.")
        return lease.take(conn, batch_id, desk.clock.now())


def file_requests(desk: Desk, batch_id: UUID, runner: UUID) -> Batch:
    with desk.database.read() as conn:
        found = get_batch(conn, batch_id)

    def act(item: Item) -> Mapping[str, Any]:
        given = dict(item.data or {})
        receipt = start_case(
            StartCase(
                str(found.process),
                UUID(given["person"]),
                given["answers"],
                request_id_of(batch_id, item),
                filed_by=found.person_id,
                channel="lote",
                origin=given.get("origin"),
            ),
            desk.engine,
        )
        return {"case_id": receipt.case_id, "data": {**given, "number": receipt.number}}

    run_items(desk, batch_id, runner, act)
    with desk.database.read() as conn:
        return get_batch(conn, batch_id)


REPORT: Final = ("línea", "identidad", "persona", "resultado", "trámite", "motivo")


def report(conn: Connection, batch: Batch) -> Iterator[tuple[int | str, ...]]:
    """A row for each row of the file."""
    words = {"waiting": "por presentar", "done": "presentada", "refused": "no se presentó"}
    for item in list_items(conn, batch.id):
        data = item.data or {}
        yield (
            item.n,
            str(data.get("identity", "")),
            item.label,
            words[item.status],
            str(data.get("number", "")),
            item.reason or "",
        )


def _require_headings(definition: Definition, headings: list[str]) -> None:
    missing = [name for name in IDENTITY if name not in headings]
    if missing:
        raise FileRefused(f"Falta la columna «{missing[0]}». Descargue la plantilla del servicio y complétela.")
    form = definition.start_form
    known = {
        *IDENTITY,
        NAME,
        *ORIGIN,
        *(c.key.casefold() for c in (form.fields if form else ()) if c.asks and c.kind not in BY_HAND),
    }
    strange = [heading for heading in headings if heading not in known]
    if strange:
        named = ", ".join(f"«{one[:60]}»" for one in strange[:5])
        raise FileRefused(f"Este servicio no tiene las columnas {named}. Descargue su plantilla y complétela.")


def _items(conn: Connection, desk: Desk, viewer: Viewer, definition: Definition, rows: list[Row]) -> Iterator[Item]:
    seen: dict[tuple[UUID, str], int] = {}
    for row in rows:
        identity = f"{row.cells[IDENTITY[0]]} {row.cells[IDENTITY[1]]}".strip()
        label = row.cells.get(NAME) or identity
        try:
            checked = _check(conn, desk, viewer, definition, row)
            label = checked.person.sort_name
            _require_first(seen, definition, checked, row.line)
        except InvalidAnswers as wrong:
            reason = _told(definition.start_form, wrong)
        except CartularioError as error:
            reason = error.message
        else:
            data = {"identity": identity, "person": str(checked.person.id), "answers": _answers(definition, row)}
            data |= {"origin": checked.origin} if checked.origin else {}
            yield Item(row.line, label, data=data)
            continue
        yield Item(row.line, label, status="refused", reason=reason, data={"identity": identity}, at=desk.clock.now())


def _check(conn: Connection, desk: Desk, viewer: Viewer, definition: Definition, row: Row) -> _Checked:
    found = _person(conn, row)
    today = desk.clock.now().astimezone(desk.config.zone).date()
    typed = {field: row.cells.get(name, "") for name, field in ORIGIN.items()}
    asks = read_origin(typed | {"day": typed_day(typed["day"])}, today, required=needs_origin(definition, found))
    origin = str(asks) if asks else None
    command = StartCase(
        definition.process,
        found.id,
        _answers(definition, row),
        UUID(int=0),
        filed_by=viewer.person_id,
        channel="lote",
        origin=origin,
    )
    return _Checked(found, check_start(conn, command, desk.engine), origin)


def _person(conn: Connection, row: Row) -> Person:
    kind = fold(row.cells[IDENTITY[0]])
    number = check_identity(kind, row.cells[IDENTITY[1]])
    found = [one for one in find_by_identity(conn, number) if one.identity_kind == kind and one.active]
    if not found:
        raise NotFound("No hay una persona registrada con ese documento. Regístrela en el mostrador.")
    said = set(fold(row.cells.get(NAME, "")).replace(",", " ").split())
    if said and not said <= set(fold(found[0].full_name).replace(",", " ").split()):
        raise NotAllowed(f"Ese documento es de {found[0].sort_name}, y la fila nombra a otra persona.")
    return found[0]


def _require_first(seen: dict[tuple[UUID, str], int], definition: Definition, checked: _Checked, line: int) -> None:
    """The same person, the same product, twice in one file: a service that asks for none has one, as ``require_new``
    has it."""
    name = definition.manifest.data.products
    wanted = asked(checked.answers, name) if name else [""]
    for one in wanted:
        earlier = seen.setdefault((checked.person.id, one), line)
        if earlier != line:
            raise NotAllowed(f"Repite la solicitud de la línea {earlier}.")


def _answers(definition: Definition, row: Row) -> dict[str, Any]:
    form = definition.start_form
    if form is None:
        return {}
    fields = [c for c in form.fields if c.key.casefold() in row.cells]
    return {c.key: _answer(c, row.cells[c.key.casefold()]) for c in fields}


def _answer(component: Component, text: str) -> Any:
    if component.kind == "checkbox":
        folded = text.casefold()
        return True if folded in YES else False if folded in NO else text
    if component.several:
        return [part.strip() for part in text.split("|") if part.strip()]
    return text


def _told(form: Form | None, wrong: InvalidAnswers) -> str:
    labels = {c.key: c.label for c in form.fields} if form else {}
    parts = []
    for path, text in list(wrong.errors.items())[:5]:
        label = labels.get(path.split(".")[0])
        parts.append(f"{label}: {text}" if label and label not in text else text)
    return " · ".join(parts)


__all__ = ["REPORT", "check_requests", "file_requests", "report", "require_office", "take_requests", "template"]
