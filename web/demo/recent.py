"""Session actas of the demo's last year, whose dates go by the clock: lines more for the index (``actas.csv``).

Their numbers begin where those of the index end, so that no scenario finds one of them instead of its own.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

FIRST = 21
APPROVED_AFTER = timedelta(days=16)
PRESIDES = {
    "CGA": "Dra. Lucía Inés Güiracocha Peña",
    "OCAS": "Dr. Ignacio Ormaza Lara",
    "JD": "Mgs. Segundo Manuel Sagñay Pilco",
}
SESSIONS = (  # days ago, body, kind, title, words
    (350, "CGA", "ordinaria", "Planificación de la titulación", "titulación, plazos, tutores"),
    (318, "OCAS", "ordinaria", "Plan de mejoras de la acreditación", "acreditación, mejoras, autoevaluación"),
    (282, "CGA", "ordinaria", "Oferta de posgrado", "posgrado, maestría, aranceles"),
    (247, "JD", "ordinaria", "Mantenimiento de las aulas", "aulas, mantenimiento, proyectores"),
    (214, "OCAS", "extraordinaria", "Becas y ayudas económicas", "becas, ayudas, presupuesto"),
    (171, "CGA", "ordinaria", "Prácticas preprofesionales y servicio comunitario", "prácticas, convenios, cupos"),
    (136, "CGA", "ordinaria", "Evaluación del desempeño docente", "evaluación, docentes, resultados"),
    (95, "OCAS", "ordinaria", "Proforma del presupuesto del año siguiente", "proforma, presupuesto, inversión"),
    (58, "JD", "ordinaria", "Jornadas de investigación de la Facultad", "investigación, jornadas, ponencias"),
    (30, "CGA", "ordinaria", "Calendario del próximo período", "calendario, matrículas, exámenes"),
)


def recent_rows(today: date) -> str:
    """As the index writes them; every session on a weekday, every acta approved by today."""
    written = io.StringIO(newline="")
    lines = csv.writer(written, delimiter=";", lineterminator="\n")
    for number, (ago, body, kind, title, words) in enumerate(SESSIONS, FIRST):
        held = _weekday(today - timedelta(days=ago))
        year, approved = held.year, _weekday(held + APPROVED_AFTER)
        signed_by = f"{PRESIDES[body]}, presidencia; Ab. Elena Carrión Ugarte, secretaría"
        custody = f"Archivo General, serie Actas {body}, tomo {year}"
        file = f"{body.lower()}-{year}-{number}.pdf"
        lines.writerow((body, number, held, kind, title, words, approved, signed_by, custody, file, "no", "", ""))
    return written.getvalue()


def _weekday(day: date) -> date:
    """That day, or the Friday before."""
    return day - timedelta(days=max(day.weekday() - 4, 0))
