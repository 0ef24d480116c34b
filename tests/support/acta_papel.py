"""An acta de examen as ``acta_data`` gives it, to make its documents: any number of students, short names or long."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from engine.actas.examen.letras import in_letters
from engine.config import Config
from engine.documents import house, verification
from tests.support.paper import AT, CODE, forms_of

BASE = "2026-L0012-F0034"
LEYENDA = (
    "Certifico que: el/la Docente que tomó el examen es quien cargó: fecha, calificaciones, total de alumnos inscriptos "
    "y total de alumnos examinados y remitió la copia del acta en formato .pdf, especificando los datos de la misma, "
    "desde su cuenta de correo electrónico registrada; esta información se resguarda en el Departamento Académico"
)
COURSE = (
    "MÉTODOS NUMÉRICOS APLICADOS A LA MODELIZACIÓN DE PROCESOS HIDROLÓGICOS Y SEDIMENTOLÓGICOS EN CUENCAS DE LLANURA: "
    "TEORÍA, CALIBRACIÓN, INCERTIDUMBRE Y TOMA DE DECISIONES PÚBLICAS"
)
SURNAMES = (
    "Aguirrezabala Iturrioz", "Bermúdez Lavalle", "Cañumir Painemal", "D'Angelo Etcheverry", "Echagüe Montes de Oca",
    "Fernández Larreta", "Güemes Pontacq", "Íñiguez", "López de Armentía", "Ñáñez de la Cruz",
)  # fmt: skip
NAMES = ("Martín Ignacio", "Yésica Daniela", "Sofía Ailén", "Julián Andrés", "Ana Belén", "Rocío Soledad", "Nicolás")
LONG = (
    "Fernández de Oyarzábal y Zubizarreta-Etchegoyen Montes de Oca de la Santísima Trinidad, María de los Ángeles "
    "Guadalupe Rosalía"
)
TRIBUNAL = ["Dra. María Eugenia Ñáñez de la Cruz", "Dr. Juan Bautista Etchegoyen", "Mg. Ángela Güiraldes Sáenz"]


def acta(students: int = 21, *, loaded: bool = True, long: bool = False, **more: Any) -> dict[str, Any]:
    rows = [_row(n, loaded, long) for n in range(1, students + 1)]
    return {
        "universidad": "Universidad Nacional del Sur",
        "secretaria": "Secretaría General de Posgrado y Educación Continua",
        "base": BASE,
        "anio": 2026,
        "libro": 12,
        "folio": 34,
        "tipo": "normal",
        "rectifica": None,
        "reconstruye": None,
        "curso": COURSE if long else "Métodos numéricos aplicados",
        "codigo": "P-4127",
        "horas": 60,
        "fecha": "2026-04-15" if loaded else None,
        "tribunal": TRIBUNAL * 3 if long else TRIBUNAL,
        "filas": rows,
        "inscriptos": students if loaded else None,
        "examinados": sum(not row["ausente"] for row in rows) if loaded else None,
        "leyenda": LEYENDA,
        "observacion": None,
        **more,
    }


def _row(n: int, loaded: bool, long: bool) -> dict[str, Any]:
    absent = loaded and n % 6 == 0
    grade = None if absent or not loaded else n % 8 + 3
    return {
        "n": n,
        "expediente": f"PG-{700 + 31 * n}/{18 + n % 3}",
        "nombre": LONG if long and n % 2 else f"{SURNAMES[n % len(SURNAMES)]}, {NAMES[n % len(NAMES)]}",
        "tipo": "PAS" if n == 5 else "DNI",
        "documento": "AR-X 472813" if n == 5 else str(24_000_000 + 713_337 * n),
        "calificacion": None if grade is None else str(grade),
        "letras": None if grade is None else in_letters(Decimal(grade)),
        "ausente": absent,
        "fecha": "2026-04-16" if loaded and n == 4 else None,
    }


def given(data: dict[str, Any]) -> dict[str, Any]:
    """What the operations add to the acta."""
    config = _config()
    return {
        "acta": data,
        "casa": house(config),
        "documento": {"titulo": "Acta de Examen", "codigo": CODE},
        "verificacion": verification(config, CODE, BASE),
        "emitido": AT,
        "numero": "AE-2026-000012",
    }


@cache
def _config() -> Config:
    return Config(public_url="https://verificar.uns.example")


@cache
def templates() -> dict[str, bytes]:
    """The files of a bundle that shares the acta's templates."""
    return forms_of("_comunes")
