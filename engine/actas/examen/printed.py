"""An acta as it is written on paper, the same in the Word file, the form and the final PDF (R-57 … R-61).

Called by who makes its documents, with what ``acta_data`` gives. Dates become DD/MM/AA, documents get their dots, and
each row says its grade in one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.actas.examen.tribunal_space import STEPS, step_of

ROWS = 21
DOTTED = ("DNI", "LE", "LC")
KINDS = {"rectificativa": "Rectifica el acta {0}", "reconstruida": "Reconstruye el acta {0}"}


def printed(acta: Mapping[str, Any]) -> dict[str, Any]:
    """``acta`` as ``acta_data`` gives it; unknown fields pass as they are."""
    day, tribunal = short_date(acta.get("fecha")), [str(name) for name in acta.get("tribunal") or ()]
    step = step_of(tribunal)
    return {
        **acta,
        "fecha": day,
        "horas": acta.get("horas") or "–",
        "tribunal": tribunal,
        "tribunal_letra": STEPS[-1][0] if step is None else step,
        "aclaracion": _kind(acta),
        "filas": [_row(row, day) for row in acta["filas"]],
        **{name: "" if acta.get(name) is None else acta[name] for name in ("inscriptos", "examinados")},
    }


def short_date(value: Any) -> str:
    """2026-04-15 → 15/04/26"""
    if not value:
        return ""
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return f"{day:%d/%m/%y}"


def dotted(kind: str, number: str) -> str:
    """25174940 → 25.174.940; a CUIL with its dashes; others as they are."""
    if kind in DOTTED and number.isdigit() and len(number) > 6:
        return f"{number[:-6]}.{number[-6:-3]}.{number[-3:]}"
    if kind == "CUIL" and number.isdigit() and len(number) == 11:
        return f"{number[:2]}-{number[2:10]}-{number[10:]}"
    return number


def _row(row: Mapping[str, Any], day: str) -> dict[str, Any]:
    own = short_date(row.get("fecha"))
    said = _said(row)
    return {
        **row,
        "documento": dotted(str(row["tipo"]), str(row["documento"])),
        "calificacion": row.get("calificacion") or "",
        "letras": "ausente" if row.get("ausente") else row.get("letras") or "",
        "fecha": "" if own == day else own,
        "dicho": f"{said} · {own}" if said and own and own != day else said,
    }


def _said(row: Mapping[str, Any]) -> str:
    if row.get("ausente"):
        return "ausente"
    return f"{row['calificacion']} ({row.get('letras') or ''})" if row.get("calificacion") else ""


def _kind(acta: Mapping[str, Any]) -> str:
    pattern = KINDS.get(str(acta.get("tipo") or ""))
    return pattern.format(acta.get("rectifica") or acta.get("reconstruye") or "") if pattern else ""
