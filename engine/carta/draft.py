"""The next edition while it is being written: what «revisar_carta» asks of who elaborates it, and what comes of it.

``draft_of`` opens the form with the edition in force, ``apply_draft`` makes the next edition of it or says every fault,
``rebase`` carries the changes over to an edition that was published meanwhile. What the form does not ask (sections,
codes, who answers for what) goes from one edition to the next unchanged.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.carta.edition import Attribution, Change, Edition, ordinal_word
from engine.errors import InvalidEdition
from engine.words import business_days

MOST_DAYS_AHEAD = 60
ACTING = " (e)"
Signers = Mapping[str, tuple[str, bool]]  # function → who holds it now, and whether acting


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class AttributionRow(_Row):
    id: str
    letra: str
    texto: str


class ServiceRow(_Row):
    codigo: str
    nombre: str
    descripcion: str
    responsable: str


class CommitmentRow(_Row):
    servicio: str
    codigo: str
    nombre: str
    dias: int


class IndicatorRow(_Row):
    codigo: str
    grupo: str
    texto: str


class SignatureRow(_Row):
    funcion: str
    accion: str
    cargo: str
    nombre: str


class Draft(_Row):
    """``base`` is the number of the edition that it changes."""

    base: int
    fecha: datetime.date
    mision: str
    responsable: str
    normas: str  # one a line
    modificaciones: str
    atribuciones: tuple[AttributionRow, ...]
    servicios: tuple[ServiceRow, ...]
    compromisos: tuple[CommitmentRow, ...]
    indicadores: tuple[IndicatorRow, ...]
    firmas: tuple[SignatureRow, ...]


def read_draft(raw: Mapping[str, Any], base: Edition, today: datetime.date, signers: Signers | None = None) -> Draft:
    """What was written over ``base``; what was left empty is as ``base`` has it, and the signatures as ``signers`` say.

    Raises InvalidEdition."""
    whole: dict[str, Any] = draft_of(base, today, signers).model_dump()
    for name, value in raw.items():
        if name in _KEYS and value:
            whole[name] = _filled(name, whole[name], value)
        elif value not in (None, "", []):
            whole[name] = value
    try:
        return Draft.model_validate(whole)
    except ValidationError as error:
        places = {".".join(str(part) for part in fault["loc"]) for fault in error.errors(include_url=False)}
        raise InvalidEdition([f"No es válido: {', '.join(sorted(places))}."]) from error


def _filled(name: str, base: Sequence[Mapping[str, Any]], rows: Any) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or len(rows) != len(base) or not all(isinstance(row, Mapping) for row in rows):
        raise InvalidEdition([f"Las filas de {name} no son las de la edición vigente: vuelva a abrir la tarea."])
    return [
        {**held, **{key: value for key, value in row.items() if value not in (None, "")}}
        for held, row in zip(base, rows, strict=True)
    ]


def draft_of(edition: Edition, today: datetime.date, signers: Signers | None = None) -> Draft:
    """``signers``: of the functions that exactly one person holds."""
    known = signers or {}
    return Draft(
        base=edition.number,
        fecha=max(today, edition.date),
        mision=edition.mission,
        responsable=edition.responsible.text,
        normas="\n".join(edition.norms),
        modificaciones="",
        atribuciones=tuple(
            AttributionRow(id=one.id, letra=one.letter, texto=one.text) for one in edition.every_attribution()
        ),
        servicios=tuple(
            ServiceRow(codigo=s.code, nombre=s.name, descripcion=s.description, responsable=s.responsible)
            for s in edition.services()
        ),
        compromisos=tuple(
            CommitmentRow(servicio=s.code, codigo=p.code, nombre=p.name, dias=p.days)
            for s in edition.services()
            for p in s.products
        ),
        indicadores=tuple(
            IndicatorRow(codigo=one.code, grupo=group.title, texto=one.text)
            for group in edition.indicators
            for one in group.indicators
        ),
        firmas=tuple(
            SignatureRow(
                funcion=one.role,
                accion=one.act,
                cargo=_office(one.title, *known.get(one.role, (one.name, one.title.endswith(ACTING)))),
                nombre=known[one.role][0] if one.role in known else one.name,
            )
            for one in edition.signatures
        ),
    )


def apply_draft(edition: Edition, draft: Draft, today: datetime.date) -> Edition:
    """The edition that follows ``edition``. Raises InvalidEdition with every fault."""
    faults = list(_faults(edition, draft, today))
    if faults:
        raise InvalidEdition(faults)
    texts = {row.id: row.texto for row in draft.atribuciones}
    days = {(row.servicio, row.codigo): row.dias for row in draft.compromisos}
    services = {row.codigo: row for row in draft.servicios}
    indicators = {row.codigo: row.texto for row in draft.indicadores}
    signed = {row.funcion: row for row in draft.firmas}
    number = edition.number + 1
    raw = edition.as_json()
    raw |= {"edicion": number, "fecha": draft.fecha, "mision": draft.mision, "normas": _lines(draft.normas)}
    raw["responsable"] |= {"texto": draft.responsable}
    raw["atribuciones"] = [_with_texts(one, texts) for one in edition.attributions]
    for management in raw["gestiones"]:
        for service in management["servicios"]:
            row = services[service["codigo"]]
            service |= {"nombre": row.nombre, "descripcion": row.descripcion, "responsable": row.responsable}
            for product in service["productos"]:
                product["dias"] = days[service["codigo"], product["codigo"]]
    for group in raw["indicadores"]:
        for one in group["indicadores"]:
            one["texto"] = indicators[one["codigo"]]
    for one in raw["firmas"]:
        one |= {"nombre": signed[one["funcion"]].nombre, "cargo": signed[one["funcion"]].cargo}
    change = Change(edicion=ordinal_word(number), fecha=draft.fecha, modificaciones=draft.modificaciones)
    raw["historico"].append(change.model_dump(by_alias=True))
    return Edition.read(raw)


def rebase(draft: Draft, before: Edition, after: Edition, today: datetime.date) -> Draft:
    """What ``draft`` changed in ``before``, put on ``after``; what it left alone is as ``after`` has it."""
    old, new = (draft_of(edition, today).model_dump() for edition in (before, after))
    mine = draft.model_dump()
    merged = {name: _merged(name, old[name], mine[name], new[name]) for name in new}
    merged |= {"base": after.number, "fecha": max(draft.fecha, after.date), "modificaciones": draft.modificaciones}
    return Draft.model_validate(merged)


_KEYS = {
    "atribuciones": ("id",),
    "servicios": ("codigo",),
    "compromisos": ("servicio", "codigo"),
    "indicadores": ("codigo",),
    "firmas": ("funcion",),
}


def _merged(name: str, old: Any, mine: Any, new: Any) -> Any:
    if name not in _KEYS:
        return new if mine == old else mine
    keys = _KEYS[name]
    before = {tuple(row[key] for key in keys): row for row in old}
    changed = {tuple(row[key] for key in keys): row for row in mine}
    rows = []
    for row in new:
        place = tuple(row[key] for key in keys)
        was, written = before.get(place, row), changed.get(place, row)
        rows.append({key: value if written[key] == was[key] else written[key] for key, value in row.items()})
    return tuple(rows)


def _faults(edition: Edition, draft: Draft, today: datetime.date) -> Iterator[str]:
    if draft.base != edition.number:
        yield f"Estos cambios se escribieron sobre la edición {draft.base}ª, y la vigente es la {edition.ordinal}."
        return
    if draft.fecha < edition.date:
        yield f"La fecha es anterior a la de la edición vigente, {edition.date:%d/%m/%Y}."
    if draft.fecha > today + datetime.timedelta(days=MOST_DAYS_AHEAD):
        yield f"La fecha está a más de {MOST_DAYS_AHEAD} días: póngale la del día en que se firma."
    if not draft.modificaciones:
        yield "Falta decir qué se modificó, para el histórico de cambios."
    base = draft_of(edition, today)
    for name, keys in _KEYS.items():
        yield from _same_rows(name, keys, getattr(base, name), getattr(draft, name))
    for row in draft.compromisos:
        if not 1 <= row.dias <= 365:
            yield f"«{row.nombre}» ({row.servicio}) promete {business_days(row.dias)}: deben ser de 1 a 365."
    if all(getattr(draft, name) == getattr(base, name) for name in ("mision", "responsable", "normas", *_CONTENT)):
        yield "No hay ningún cambio: si la Carta queda como está, elija «La Carta queda como está»."


_CONTENT = ("atribuciones", "servicios", "compromisos", "indicadores")  # new signers alone are no new Carta


def _same_rows(name: str, keys: Sequence[str], base: Sequence[Any], rows: Sequence[Any]) -> Iterator[str]:
    expected = [tuple(getattr(row, key) for key in keys) for row in base]
    given = [tuple(getattr(row, key) for key in keys) for row in rows]
    if expected != given:
        yield f"Las filas de {name} no son las de la edición vigente: vuelva a abrir la tarea."


def _with_texts(one: Attribution, texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        **one.model_dump(by_alias=True),
        "texto": texts[one.id],
        "dentro": [_with_texts(inner, texts) for inner in one.within],
        "incisos": [_with_texts(inner, texts) for inner in one.items],
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _office(title: str, _name: str, acting: bool) -> str:
    """«(e)» goes with the person, not with the office (C-58)."""
    return title.removesuffix(ACTING) + (ACTING if acting else "")
