"""The operations of exam actas, called as a worker calls them: from the enrolled list to what a student sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine import people
from engine.actas.examen import historia_of, record_load
from engine.app import Cartulario
from engine.clock import FixedClock
from engine.documents import store_document
from engine.errors import OperationFailed
from engine.operations import CATALOGUE, Call, perform
from engine.storage.tables import acta, mesa_examen
from tests.support.examen import AT, prepare, signed_document, statement
from tests.support.one_job import open_office, publish_one_job, requester, start

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
CSV = "expediente;apellidos;nombres;tipo;documento\r\n"
SIGNED = ("recibida", "validada")


@dataclass
class Office:
    app: Cartulario
    docente: UUID
    case_id: UUID
    keys: int = 0

    def run(self, name: str, *, key: str | None = None, case_id: UUID | None = None, **given: Any) -> dict[str, Any]:
        self.keys += 1
        call = Call(
            key=key or f"job-{self.keys}",
            case_id=case_id or self.case_id,
            case_number="AE-2026-000001",
            process="acta_examen",
            version_id=uuid4(),
            element=name,
            requester_id=None,
            round=0,
            at=self.app.clock.now(),
            tools=self.app.tools,
        )
        return perform(CATALOGUE[name], given, call)

    def open(self, **given: Any) -> dict[str, Any]:
        values: dict[str, Any] = {
            "curso": "Métodos numéricos", "codigo": "P-4127", "horas": 60, "fecha": "2026-03-01",
            "departamento": "quimica", "docente": str(self.docente), "alumnos": rows(2),
        }  # fmt: skip
        return self.run("open_mesa", **values | given)

    def upload(self, data: bytes, name: str = "inscriptos.csv", signatures: list[dict[str, Any]] | None = None) -> str:
        with self.app.database.write() as conn:
            made = store_document(
                conn, self.app.archive, case_id=self.case_id, kind="upload", name=name, title=name,
                media_type="text/csv", data=data, at=AT, signatures=signatures,
            )  # fmt: skip
        return str(made.id)

    def state(self, one: dict[str, Any], load: bool = True) -> str:
        """What the docente states, complete."""
        with self.app.database.write() as conn:
            said = statement(conn, UUID(one["id"]))
            if not load:
                said["rows"][0]["nota"] = ""
            return str(record_load(conn, UUID(one["id"]), source="web", by=self.docente, at=AT, **said).id)

    def signed(self, one: dict[str, Any]) -> dict[str, Any]:
        with self.app.database.write() as conn:
            return {"id": str(signed_document(conn, one["base"])), "nombre": f"{one['base']}.pdf"}


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {"expediente": f"PG-{n}/26", "apellidos": f"Paz {'abcdefghi'[n % 9]}", "nombres": "Ana", "tipo": "DNI",
         "documento": 20_000_000 + n}
        for n in range(count)
    ]  # fmt: skip


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    app = open_office(database_url, tmp_path / "data", FixedClock(AT), country="AR")
    publish_one_job(app, text="'x'")
    case_id = start(app, requester(app)).case_id
    with app.database.write() as conn:
        docente = prepare(conn)
    yield Office(app, docente, case_id)
    app.close()


@pytest.mark.req("R-28", "R-29", "R-30", "R-41")
def test_a_list_typed_on_a_form_becomes_a_mesa_and_its_actas(office: Office) -> None:
    with office.app.database.write() as conn:
        given = {"given_names": "Juan", "family_names": "Etche", "email": "Juan@une.example", "at": AT}
        juan = people.create_person(conn, username="juan", **given)
    tribunal = [{"nombre": "Dra. Irene Bermúdez", "correo": "irene@une.example"},
                {"nombre": "Dr. Juan Etche", "correo": " juan@UNE.example "}, {"nombre": "Mg. Ajena", "correo": None}, {"nombre": None}, {}]  # fmt: skip
    made = office.open(alumnos=rows(22), tribunal=tribunal)
    assert (made["aceptada"], made["rechazos"]) == (True, [])
    assert made["mesa"]["tribunal"] == ["Dra. Irene Bermúdez", "Dr. Juan Etche", "Mg. Ajena"]
    assert made["mesa"]["cc"] == [str(juan)]
    assert (made["mesa"]["inscriptos"], made["mesa"]["escala"]) == (22, "uns")
    assert [(one["base"], one["alumnos"]) for one in made["actas"]] == [
        ("2026-L0001-F0001", 21),
        ("2026-L0001-F0002", 1),
    ]


@pytest.mark.req("R-28")
def test_a_list_that_is_uploaded_is_read_from_the_case_s_own_file(office: Office) -> None:
    document = office.upload((CSV + "PG-1/26;Ñáñez;;DNI;20.000.001\r\n").encode())
    assert office.open(alumnos=None, listado=[document])["mesa"]["inscriptos"] == 1
    with pytest.raises(OperationFailed, match="otro trámite"):
        office.run("open_mesa", case_id=uuid4(), listado=document, **_facts(office))
    with pytest.raises(OperationFailed, match="no existe"):
        office.open(alumnos=None, listado={"id": str(uuid4())})


def _facts(office: Office) -> dict[str, Any]:
    return {"curso": "Redes", "codigo": "P", "horas": 1, "fecha": "2026-03-01", "departamento": "quimica",
            "docente": str(office.docente)}  # fmt: skip


@pytest.mark.req("R-28", "R-29")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"alumnos": []}, "ningún alumno"),
        ({"alumnos": [*rows(2), {"apellidos": "Paz", "tipo": "DNI"}]}, "Línea 3, "),
        ({"departamento": "astrologia"}, "No hay un Departamento «astrologia»"),
        ({"docente": str(uuid4())}, "debe estar registrado"),
        ({"escala": "romana"}, "No hay una escala"),
    ],
)
def test_what_is_wrong_is_an_answer_for_the_departamento_and_nothing_is_kept(
    office: Office, given: dict[str, Any], said: str
) -> None:
    refused = office.open(**given)
    assert (refused["aceptada"], refused["mesa"], refused["actas"]) == (False, None, [])
    assert said in refused["rechazos"][0]
    with office.app.database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(mesa_examen)) == 0


def test_a_mesa_too_large_for_a_libro_is_refused_whole(office: Office) -> None:
    small = office.app.config.model_copy(update={"libro_capacity": 1})
    object.__setattr__(office.app.tools, "config", small)
    refused = office.open(alumnos=rows(22))
    assert "necesita 2 folios" in refused["rechazos"][0]
    with office.app.database.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(mesa_examen)) == 0


def test_an_exchange_file_of_another_course_is_refused(office: Office) -> None:
    exchange = (
        '{"formato": "cartulario-siu-guarani", "version": 1, "contenido": "inscriptos", "mesa": {"id": "M-1",'
        ' "actividad": {"codigo": "Q-1", "nombre": "Otro"}, "fecha": "2026-03-01"}, "alumnos": [{"expediente": "PG-1",'
        ' "apellidos": "Paz", "nombres": "Ana", "tipo": "DNI", "documento": "20000001"}]}'
    )
    document = office.upload(exchange.encode(), "mesa.json")
    assert "es de otro curso: dice código Q-1" in office.open(alumnos=None, listado=document)["rechazos"][0]
    assert office.open(alumnos=None, listado=document, codigo="q-1")["aceptada"]


@pytest.mark.req("R-15", "R-47", "R-48", "R-50", "R-51")
def test_the_whole_circuit_by_its_operations(office: Office) -> None:
    made = office.open()
    (one,) = made["actas"]
    for to in ("enviada", "en_carga"):
        assert office.run("move_acta", acta=one, to=to)["estado"] == to
    bad, good, late = office.state(one, load=False), office.state(one), office.state(one)
    checked = office.run("check_grades", acta=one, carga=bad)
    assert (checked["correcta"], checked["inscriptos"], checked["examinados"]) == (False, 2, 1)
    with pytest.raises(OperationFailed, match="falta la calificación"):
        office.run("accept_grades", acta=one, carga=bad)
    assert office.run("check_grades", acta=one["id"], carga=good)["correcta"]
    accepted = office.run("accept_grades", acta=one, carga=good)
    assert accepted == {"carga": good, "primera": True, "fuente": "web", "correo": None}
    assert office.run("accept_grades", acta=one, carga=late) == accepted | {"primera": False}
    for to in ("en_control", "a_firma"):
        office.run("move_acta", acta=one, to=to, by=str(office.docente))
    signed = office.signed(one)
    office.run("move_acta", acta=one, to="firmada", document=signed)
    for to in SIGNED:
        office.run("move_acta", acta=one, to=to)
    assert office.run("load_grades", acta=one) == {"filas": 2}
    locked = office.run("lock_acta", acta=one, document=signed, key="cierre")
    assert office.run("lock_acta", acta=one, document=signed, key="cierre") == locked
    assert locked["publicacion"] == "2026-03-06T11:00:00+00:00", "by the clock of Guayaquil, the configured one"
    early = office.run("publish_grades", acta=one)
    assert (early["publicada"], early["el"], early["publicacion"]) == (False, None, locked["publicacion"])
    student = _account(office, "20000000")
    assert _seen(office, student) == 0
    office.app.clock.advance(timedelta(days=4))  # type: ignore[attr-defined]
    shown = office.run("publish_grades", acta=one)
    assert (shown["publicada"], shown["estudiantes"], shown["sin_cuenta"]) == (True, [str(student)], 1)
    assert _seen(office, student) == 1
    assert office.run("publish_grades", acta=one) == shown
    office.run("record_copy", acta=one, what="shelved", place="Estante 3")
    later = office.run(
        "open_later_acta", kind="rectificativa", about=f" {one['base'].lower()} ", reason="Nota", filas=[1]
    )
    assert (later["sobre"], later["acta"]["base"], later["acta"]["alumnos"]) == (one["base"], "2026-L0001-F0002", 1)
    refused = office.run("open_later_acta", kind="rectificativa", about=one["id"], reason="Otra", filas=[1])
    assert (refused["abierta"], refused["acta"]) == (False, None), "told to whoever asked, no incident"
    assert refused["motivo"].startswith(f"El acta {one['base']} ya tiene una rectificativa en trámite")
    nobody = office.run("open_later_acta", kind="rectificativa", about="2026-L0009-F0009", reason="Otra")
    assert (nobody["abierta"], nobody["motivo"]) == (False, "No hay un acta de examen «2026-L0009-F0009».")
    rebuilt = office.run("open_later_acta", kind="reconstruida", about=one["id"], reason="Falta")
    assert (rebuilt["abierta"], rebuilt["mesa"]["id"]) == (True, made["mesa"]["id"])
    found = office.run("find_acta", acta=one["base"])
    assert (found["en_lugar"], found["en_reconstruccion"]) == (rebuilt["acta"]["base"], "")
    assert found["motivo"].endswith(f"nombre la {rebuilt['acta']['base']}.")


def _account(office: Office, number: str) -> UUID:
    with office.app.database.write() as conn:
        given = {"given_names": "Ana", "family_names": "Paz", "email": "ana@une.example", "at": AT}
        return people.create_person(conn, username="ana", identity_kind="dni", identity_number=number, **given)


def _seen(office: Office, student: UUID) -> int:
    with office.app.database.read() as conn:
        return len(historia_of(conn, student, office.app.clock.now()))


@pytest.mark.req("R-49")
def test_what_a_received_acta_lacks_is_told_point_by_point(office: Office) -> None:
    (one,) = office.open()["actas"]
    nothing = office.run("check_acta", acta=one, document=office.upload(b"x", "acta.pdf"))
    assert nothing | {"defectos": len(nothing["defectos"])} == {
        "datos": False, "totales": False, "nombres": False, "firma": False, "correo_archivado": False, "defectos": 4,
    }  # fmt: skip
    for to in ("enviada", "en_carga"):
        office.run("move_acta", acta=one, to=to)
    office.run("accept_grades", acta=one, carga=office.state(one))
    right, kept = office.upload(b"pdf", f"{one['base']}.pdf", [{"signer": "A"}]), office.upload(b"mail", "correo.pdf")
    whole = office.run("check_acta", acta=one, document=right, constancia=kept)
    assert whole == dict.fromkeys(("datos", "totales", "nombres", "firma", "correo_archivado"), True) | {"defectos": []}


def test_an_acta_of_another_case_is_out_of_reach(office: Office) -> None:
    made = office.open()
    (one,) = made["actas"]
    foreign = {"case_id": uuid4()}
    for name, given in {
        "move_acta": {"acta": one, "to": "enviada"},
        "load_grades": {"acta": one},
        "lock_acta": {"acta": one},
        "publish_grades": {"acta": one},
        "record_copy": {"acta": one, "what": "printed"},
        "read_mesa": {"mesa": made["mesa"]},
        "replace_docente": {"mesa": made["mesa"], "docente": str(office.docente), "motivo": "Licencia"},
    }.items():
        with pytest.raises(OperationFailed, match="otro trámite") as refused:
            office.run(name, **given, **foreign)
        assert refused.value.permanent
    with office.app.database.read() as conn:
        assert set(conn.execute(sa.select(acta.c.state)).scalars()) == {"generada"}


def test_a_docente_who_is_replaced_is_another_in_the_mesa_from_then_on(office: Office) -> None:
    made = office.open()
    with office.app.database.write() as conn:
        given = {"given_names": "Oscar", "family_names": "Ruiz", "email": "oscar@une.example", "at": AT}
        oscar = people.create_person(conn, username="oscar", **given)
    told = office.run("replace_docente", mesa=made["mesa"], docente=str(oscar), motivo="Licencia")
    assert told["mesa"]["docente"] == {"id": str(oscar), "nombre": "Oscar Ruiz", "correo": "oscar@une.example"}
    assert office.run("read_mesa", mesa=made["mesa"]) == told


def test_a_refusal_of_the_domain_is_permanent_and_says_what_to_do(office: Office) -> None:
    (one,) = office.open()["actas"]
    for given, said in (
        ({"to": "firmada"}, "no está firmada"),
        ({"to": "validada"}, "no puede pasar"),
        ({"to": "anulada"}, "al menos un defecto o motivo"),
        ({"to": "bloqueada"}, "se llega con lock_acta"),
    ):
        with pytest.raises(OperationFailed, match=said) as refused:
            office.run("move_acta", acta=one, **given)
        assert refused.value.permanent
