"""What the manual shows: an office with a few cases at the right points, and the pages to photograph, as who sees them."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from engine.app import Cartulario, build
from engine.clock import FixedClock
from engine.config import Config
from engine.definitions import Definition, Scenario
from engine.history.case_file import find_case, tasks_of
from engine.storage.tables import task
from tests.browser.manual_exams import play_exams
from web.demo.desk import Desk
from web.demo.year import play_year

DELIVERED = "Se entrega una certificación de matrícula"
RETURNED = "Se devuelve, se corrige el tipo y se entrega"


@dataclass
class Scene:
    """``past`` for ``Stage``: plays the cases and remembers their numbers."""

    numbers: dict[str, str] = field(default_factory=dict)

    def __call__(self, config: Config, clock: FixedClock, today: datetime) -> None:
        """In a thread of its own: the browser's driver keeps an event loop in this one, and signing needs another."""
        with ThreadPoolExecutor(1) as thread:
            thread.submit(self._play, config, clock, today).result()

    def _play(self, config: Config, clock: FixedClock, today: datetime) -> None:
        play_year(config, clock, today - timedelta(days=2), said=lambda _text: None, cases=14)
        app = build(config, clock)
        try:
            play_exams(app, clock, today, self.numbers)
            desk = Desk(app, clock, random.Random(7))
            service = app.definitions.current("solicitar_certificacion")
            self._case(desk, service, "entregado", DELIVERED, 99, today - timedelta(days=1))
            self._case(desk, service, "devuelto", RETURNED, 1, today - timedelta(hours=6))
            self._case(desk, service, "revision", DELIVERED, 0, today - timedelta(hours=5))
            for n in range(3):
                self._case(desk, service, f"firma{n}", DELIVERED, 2, today - timedelta(hours=4))
            desk.let_pass(today)
        finally:
            app.close()

    def _case(self, desk: Desk, service: Definition, key: str, name: str, steps: int, at: datetime) -> None:
        scenario = next(one for one in service.scenarios if one.name == name)
        desk.let_pass(at)
        number = desk.ask(service, Scenario.model_validate(scenario), "maria")
        assert number is not None
        self.numbers[key] = number
        for step in scenario.steps[:steps]:
            desk.clock.advance(timedelta(minutes=20))
            assert desk.do(number, service, step), f"{key}: {step.task}"

    def task(self, app: Cartulario, key: str) -> UUID:
        with app.database.read() as conn:
            [opened] = [t for t in tasks_of(conn, find_case(conn, self.numbers[key]).id) if t.status == "open"]
        return opened.id


@dataclass(frozen=True)
class Shot:
    """One picture: who looks at which address. ``page`` is given the scene and the application."""

    username: str | None
    page: Callable[[Scene, Cartulario], str]
    whole: bool = False  # the page to its end, or what the first screen shows


def at(path: str) -> Callable[[Scene, Cartulario], str]:
    return lambda _scene, _app: path


def of(path: str, key: str) -> Callable[[Scene, Cartulario], str]:
    return lambda scene, _app: path.format(scene.numbers[key])


def sheet(scene: Scene, app: Cartulario) -> str:
    """The grid of the acta that the docente has."""
    with app.database.read() as conn:
        found = conn.execute(task.select().where(task.c.status == "open", task.c.instance == scene.numbers["planilla"]))
        opened = next(one for one in found if one.element == "cargar_calificaciones")
    return f"/bandeja/{opened.id}/planilla"


def desk(key: str) -> Callable[[Scene, Cartulario], str]:
    return lambda scene, app: f"/bandeja/{scene.task(app, key)}?bandeja=grupos"


SHOTS = {
    "servicios": Shot("maria", at("/servicios")),
    "servicio": Shot("maria", at("/servicios/solicitar_certificacion")),
    "solicitud": Shot("maria", at("/servicios/solicitar_certificacion/solicitud")),
    "recibido": Shot("maria", of("/tramites/{}/recibido", "revision")),
    "mis-tramites": Shot("maria", at("/tramites")),
    "tramite": Shot("maria", of("/tramites/{}", "revision")),
    "devuelto": Shot("maria", of("/tramites/{}", "devuelto")),
    "entregado": Shot("maria", of("/tramites/{}", "entregado")),
    "opinion": Shot("maria", of("/tramites/{}/opinion", "entregado")),
    "queja": Shot("maria", of("/tramites/{}/queja", "revision")),
    "retirar": Shot("maria", of("/tramites/{}/retirar", "revision")),
    "seguimiento": Shot(None, at("/seguimiento")),
    "verificar": Shot(None, at("/verificar")),
    "carta": Shot(None, at("/carta")),
    "indicadores": Shot(None, at("/carta/indicadores")),
    "actas": Shot("yadira", at("/actas-de-sesion")),
    "bandeja": Shot("rosa", at("/bandeja?bandeja=grupos")),
    "tarea": Shot("rosa", desk("revision")),
    "firma": Shot("elena", desk("firma0")),
    "firmar-varios": Shot("elena", at("/lotes/firmar")),
    "mostrador": Shot("rosa", at("/mostrador")),
    "registrar": Shot("rosa", at("/mostrador/registrar")),
    "casos": Shot("rosa", at("/casos")),
    "caso": Shot("rosa", of("/casos/{}", "entregado")),
    "matriz": Shot("rosa", at("/matriz")),
    "imprenta": Shot("rosa", at("/imprenta")),
    "solicitudes-lote": Shot("rosa", at("/lotes/solicitudes")),
    "tablero": Shot("elena", at("/tablero")),
    "calendario": Shot("admin", at("/calendario")),
    "examenes": Shot("posgrado", at("/examenes")),
    "mesas": Shot("posgrado", at("/examenes/mesas")),
    "planilla": Shot("irene", sheet),
    "acta-de-examen": Shot("posgrado", of("/examenes/{}", "acta")),
    "correo-retenido": Shot("lidia", of("/examenes/correos/{}", "correo")),
    "historia": Shot("maria", at("/historia")),
    "actas-antiguas": Shot("posgrado", at("/examenes/antiguas")),
}
