"""The exam actas that the manual shows: mesas at every point of the circuit, one acta signed and locked, one to be graded,
a letter to be decided about, a student's history, an old acta in its register.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine import people
from engine.actas import examen as exam
from engine.app import Cartulario
from engine.clock import FixedClock
from engine.definitions import Scenario, Step
from engine.inbound.received import judge
from engine.mail.incoming import Arrival, keep
from engine.people import people_with_role
from tests.processes.player import Player
from tests.processes.world import World
from tests.support import examen
from tests.support.letters import letter
from tests.support.old_scans import old_acta, scan_one
from tests.support.returned_acta import filled_word
from web.demo.crowd import crowd
from web.demo.office import PIN
from web.demo.papers import paper

COURSE = (
    "Métodos numéricos aplicados a la modelización de procesos hidrológicos y sedimentológicos en cuencas de llanura: "
    "teoría, calibración, incertidumbre y toma de decisiones públicas"
)
START = {
    "curso": COURSE, "codigo": "P-4127", "horas": 60, "departamento": "quimica", "docente": "persona:docente",
    "fecha": examen.DAY.isoformat(), "tribunal": [{"nombre": "Bermúdez Ñato, Irene"}, {"nombre": "D'Angelo Paz, Óscar Iván"}],
    "forma_listado": "filas",
}  # fmt: skip
STEPS: list[dict[str, Any]] = [
    {"tarea": "revisar_listado", "respuestas": {"decision_listado": "generar"}},
    {"tarea": "cargar_calificaciones", "acta": 2, "planilla": {"ausentes": [3, 4]}},
    {"tarea": "controlar_acta", "acta": 2, "respuestas": {"decision_control": "correcta"}},
    {"tarea": "firmar_acta", "acta": 2, "respuestas": {"decision_firma": "firmar"}},
    {"tarea": "validar_acta", "acta": 2, "respuestas": {"decision_validacion": "validar"}},
    {"tarea": "imprimir_copia", "acta": 2, "respuestas": {"impreso": True}},
    {"tarea": "ubicar_copia", "acta": 2, "respuestas": {"ubicacion": "Sala 2, estante 4, caja 31"}},
    {"tarea": "cargar_calificaciones", "acta": 3, "planilla": {}},
]
OTHERS = (  # course, Departamento, docente, students, state, days ago
    ("Microeconomía avanzada", "economia", "oscar", 22, "en_carga", 14),
    ("Econometría de series de tiempo", "economia", "oscar", 5, "a_firma", 6),
    ("Cinética química", "quimica", "irene", 22, "recibida", 2),
    ("Seminario de tesis en ciencias del ambiente", "quimica", "oscar", 3, "generada", 1),
    ("Espectroscopía", "quimica", "irene", 9, "en_control", 4),
)
HISTORY = (("Bioestadística", "8"), ("Química analítica avanzada", "10"))


def play_exams(app: Cartulario, clock: FixedClock, today: datetime, numbers: dict[str, str]) -> None:
    """``numbers`` gains the base names: «acta», «planilla», and «correo», the letter's id."""
    staff = _staff(app, clock)
    _others(app, staff, today)
    _history(app, staff["maria"], today)
    world = World(app, clock, {}, staff, None, None)  # type: ignore[arg-type]  # neither letters nor keys are looked at
    definition = app.definitions.current("acta_examen")
    player = Paced(world, definition, pin=PIN)
    told = {
        "nombre": "64 inscriptos en 4 actas",
        "inicio": START | {"alumnos": _enrolled()},
        "paso": STEPS,
        "espera": {"estado": "open"},
    }
    player.begin(Scenario.model_validate(told | {"solicitante": "departamento:quimica"}))
    with app.database.read() as conn:
        first, second, third, _last = exam.actas_of_mesa(conn, exam.acta_by_base(conn, _last_base(app)).mesa_id)
    numbers |= {"planilla": first.base, "acta": second.base, "correo": str(_held(app, third, clock.now()))}
    scan_one(
        app, old_acta(curso="Epistemología de las ciencias"), paper("2015-L0003-F0012.pdf"), staff["autoridad_gestion"]
    )


class Paced(Player):
    """Somebody does something every hour or so."""

    def _do(self, step: Step) -> None:
        self.world.clock.advance(timedelta(minutes=53))
        super()._do(step)


def _enrolled() -> list[dict[str, str]]:
    known = {one.identity: one for one in crowd(80)}
    return [
        {"expediente": f"PG-{300 + n:04d}/26", "apellidos": one.family, "nombres": one.given, "tipo": "CI",
         "documento": one.identity}
        for n, one in enumerate(list(known.values())[:64])
    ]  # fmt: skip


def _staff(app: Cartulario, clock: FixedClock) -> dict[str, UUID]:
    """Role → who holds it, and who is called by name."""
    roles = ("sgpyec", "docente", "departamento:quimica", "autoridad_departamental:quimica", "autoridad_gestion")
    with app.database.read() as conn:
        found = {role: people_with_role(conn, role, clock.now().date())[0].id for role in roles}
        for username in ("irene", "oscar", "maria"):
            person = people.find_person(conn, username)
            assert person is not None
            found[username] = person.id
    found["docente"] = found["irene"]
    return found | {f"docente:{found['irene']}": found["irene"]}


def _others(app: Cartulario, staff: dict[str, UUID], today: datetime) -> None:
    """Without cases: what the boards count."""
    for n, (course, code, docente, students, state, days) in enumerate(OTHERS):
        at = today - timedelta(days=days)
        where = {"curso": course, "codigo": f"P-41{n}0", "departamento": code, "docente_id": staff[docente]}
        listed = examen.students(students, first=1 + 100 * n)
        mesa_id = _mesa(app, listed, at, **where)
        for acta in examen.actas(app.database, mesa_id):
            examen.bring(app.database, acta.id, state, at=at)


def _history(app: Cartulario, maria: UUID, today: datetime) -> None:
    at = today - timedelta(days=30)
    student = exam.Student("PG-0904/25", "Ñáñez de la Cruz", "María José", "CI", "0912345675")
    for n, (course, mark) in enumerate(HISTORY):
        mesa_id = _mesa(app, [student], at, curso=course, codigo=f"P-30{n}0")
        (acta,) = examen.actas(app.database, mesa_id)
        examen.bring(app.database, acta.id, "bloqueada", at=at, mark=mark)
        with app.database.write() as conn:
            exam.publish(conn, [acta.id], exam.Schedule.of(app.config), today)


def _mesa(app: Cartulario, listed: list[exam.Student], at: datetime, **changed: Any) -> UUID:
    with app.database.write() as conn:
        docente = changed.pop("docente_id", None) or people_with_role(conn, "docente", at.date())[0].id
        new = examen.new_mesa(docente, listed, fecha=at.date(), **changed)
        how: dict[str, Any] = {"capacity": 500, "by": None, "at": at, "zone": app.config.zone}
        return exam.open_mesa(conn, new, job_key=f"manual {changed['curso']}", **how)


def _last_base(app: Cartulario) -> str:
    scope = exam.Scope(UUID(int=0), True, frozenset())
    with app.database.read() as conn:
        return exam.find_actas(conn, exam.ActaQuery(text="sedimentológicos", size=1), scope).actas[0].base


def _held(app: Cartulario, acta: exam.Acta, at: datetime) -> UUID:
    """The docente's file of an acta that they graded on the page before, with other grades."""
    with app.database.read() as conn:
        told = exam.acta_data(conn, acta.id, app.config)
    blank = {"calificacion": None, "letras": None, "ausente": False, "fecha": None}
    empty = told | {
        "fecha": None,
        "inscriptos": None,
        "examinados": None,
        "filas": [row | blank for row in told["filas"]],
    }
    data = filled_word(empty, absent=[5])
    text = (
        f"Estimados: envío el acta del libro {acta.libro}, folio {acta.folio}, de {COURSE}.\n"
        "La fila 5 estuvo ausente: corrijo lo que había cargado.\n\nSaludos,\nIrene Bermúdez Ñato"
    )
    raw = letter(
        "irene@une.example",
        "quimica@une.example",
        subject=f"Acta {acta.base}",
        text=text,
        files=[(f"{acta.base}.docx", data)],
    )
    auth = {"results": [{"method": "dmarc", "result": "pass"}], "dkim": None}
    mail_id = keep(app.database, app.archive, Arrival("departamento:quimica", 1, 1, raw, len(raw), at), auth, at)
    assert mail_id is not None
    judge(mail_id, app)
    return mail_id
