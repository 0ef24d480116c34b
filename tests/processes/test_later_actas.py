"""What the processes about actas that exist leave behind: a locked acta untouched, a rebuilt one, certified scans."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from engine.actas.examen import (
    ScanQuery,
    Schedule,
    Scope,
    acta_by_base,
    actas_about,
    find_scans,
    get_acta,
    grades_of,
    historia_of,
    open_rectification,
    publish_due,
    rebuilt_as,
    scans_of,
)
from engine.definitions import Scenario, parse_scenarios
from engine.documents import Document, get_document, list_documents
from engine.storage.tables import acta, acta_paso, calificacion, job, person
from tests.processes.player import Player
from tests.processes.world import World
from tests.support.examen import bring
from web.demo.old_actas import BASE

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # the scenarios are played on both

KEEPER = Scope(uuid4(), True, frozenset())


def play(world: World, process: str, name: str) -> Player:
    definition = world.app.definitions.get(world.publish(process))
    scenarios: Sequence[Scenario] = parse_scenarios(definition.bundle.files["escenarios.toml"].decode())
    player = Player(world, definition)
    player.play(next(one for one in scenarios if one.name.startswith(name)))
    return player


def kept(world: World, base: str = BASE) -> list[Any]:
    """Everything that is kept of an acta."""
    with world.app.database.read() as conn:
        found = acta_by_base(conn, base)
        own = sa.select(calificacion).where(calificacion.c.acta_id == found.id).order_by(calificacion.c.fila)
        steps = sa.select(acta_paso).where(acta_paso.c.acta_id == found.id).order_by(acta_paso.c.n)
        row = conn.execute(sa.select(acta).where(acta.c.id == found.id)).one()
        return [row, *conn.execute(own), *conn.execute(steps)]


def issued(world: World, player: Player, name: str) -> Document:
    with world.app.database.read() as conn:
        found = list_documents(conn, player.case_id)
    return max((one for one in found if one.name == f"{name}.pdf" and one.kind == "issued"), key=_signatures)


def _signatures(document: Document) -> int:
    """The form that went out and the acta that came of it bear one name and, on a still clock, one instant."""
    return len(document.signatures)


@pytest.mark.req("R-7", "R-48", "R-51")
def test_a_rectificativa_changes_nothing_of_the_locked_acta_and_the_student_sees_the_new_one(world: World) -> None:
    world.publish("acta_rectificativa")
    with world.app.database.write() as conn:  # the account of the student of row 2
        identity = {"identity_kind": "dni", "identity_number": "30445566"}
        conn.execute(person.update().where(person.c.id == world.requesters["externo"]).values(identity))
    before = kept(world)
    player = play(world, "acta_rectificativa", "Una nota mal pasada")
    assert kept(world) == before
    with world.app.database.read() as conn:
        (made,) = actas_about(conn, acta_by_base(conn, BASE).id)
        (grade,) = grades_of(conn, made.id)
        seen = historia_of(conn, world.requesters["externo"], world.clock.now(), replaced=True)
        now, first = (one for one in seen if one.codigo == "P-2050")
    assert (made.kind, made.state, made.case_id) == ("rectificativa", "publicada", player.case_id)
    assert (made.reason or "").startswith("La nota de la fila 2")
    assert grade.nota == "9"
    assert [(now.nota, now.base, now.replaced), (first.nota, first.base, first.replaced)] == [
        ("9", made.base, False),
        ("8", BASE, True),
    ]
    assert issued(world, player, made.base).signatures[-1]["signer"].startswith("Elena Carrión")


@pytest.mark.req("R-55", "R-51", "R-52")
def test_a_reconstruida_is_linked_to_the_one_that_is_missing_with_its_expediente_and_its_papers(world: World) -> None:
    world.publish("reconstruir_acta")
    before = kept(world)
    player = play(world, "reconstruir_acta", "Todos aportan su copia")
    assert kept(world) == before
    with world.app.database.read() as conn:
        (made,) = actas_about(conn, acta_by_base(conn, BASE).id)
        loaded = [(one.nota, one.ausente) for one in grades_of(conn, made.id)]
        uploads = {one.name for one in list_documents(conn, player.case_id) if one.kind == "upload"}
    assert (made.kind, made.state) == ("reconstruida", "publicada")
    assert (made.reason or "").startswith("Expte. 1654/26.")
    assert loaded == [("8", False), ("8", False), (None, True)]
    assert {"acta-firmada.pdf", "planilla.pdf", "foto.jpg"} <= uploads
    for name in ("orden-de-reconstruccion", "informe-de-reconstruccion", made.base):
        assert issued(world, player, name).signatures, name


@pytest.mark.req("R-55")
def test_an_expediente_that_is_not_formed_in_two_business_days_is_told_to_the_authority(world: World) -> None:
    player = play(world, "reconstruir_acta", "El nombre estaba mal")
    with world.app.database.read() as conn:
        query = sa.select(job.c.result).where(job.c.case_id == player.case_id, job.c.operation == "send_mail")
        told = {one["asunto"]: one["para"] for one in conn.scalars(query)}
    assert told == {
        f"Falta el acta de examen {BASE}": ["actas.posgrado@une.example"],
        f"Falta formar expediente por el acta {BASE}": ["autoridad_gestion@une.example"],
    }, "at once: it was noticed months before it was filed"


@pytest.mark.req("R-56")
def test_what_cannot_be_rebuilt_is_the_authority_s_to_decide_and_the_number_is_not_used_again(world: World) -> None:
    player = play(world, "reconstruir_acta", "Lo hallado difiere")
    with world.app.database.read() as conn:
        (made,) = actas_about(conn, acta_by_base(conn, "2025-L0001-F0003").id)
        note = conn.scalar(sa.select(acta_paso.c.note).where(acta_paso.c.to == "anulada"))
    assert made.state == "anulada"
    assert note == "Con una enmienda sin salvar no se puede reconstruir."
    assert player.case_id == made.case_id


@pytest.mark.req("R-16", "R-20", "R-21", "R-51", "R-53")
def test_certified_scans_are_in_the_register_with_their_certificate_and_their_place(world: World) -> None:
    player = play(world, "digitalizar_actas", "Copias de 2020")
    with world.app.database.read() as conn:
        found = find_scans(conn, ScanQuery("bioestadistica"), KEEPER).scans
        certificate = get_document(conn, found[0].certificate_id)
        scans = [get_document(conn, one.document_id) for one in found]
    assert [(one.base, one.articulo, one.place) for one in found] == [
        ("2020-L0001-F0001", 2, "Sala 2, estante 4, caja 31"),
        ("2021-L0001-F0009", 2, "Sala 2, estante 4, caja 31"),
    ]
    assert [(one.name, one.sha256) for one in scans] == [(f"{one.base}.pdf", one.sha256) for one in found]
    assert certificate.signatures[-1]["signer"].startswith("Norma Güemes")
    assert {one.case_id for one in [certificate, *scans]} == {player.case_id}
    with world.app.database.read() as conn:
        assert [one.base for one in find_scans(conn, ScanQuery("ñañez 2021-L0001"), KEEPER).scans] == [
            "2021-L0001-F0009"
        ]


@pytest.mark.req("R-16")
def test_what_the_articles_do_not_admit_is_told_by_its_article(world: World) -> None:
    player = play(world, "digitalizar_actas", "Una forma que no está en la lista")
    with world.app.database.read() as conn:
        query = sa.select(job.c.result).where(job.c.case_id == player.case_id).order_by(job.c.created_at)
        first, second = conn.scalars(query)
    assert ["el artículo 2" in one or "artículo 2 declara" in one for one in first["rechazos"]] == [True, True]
    assert "el artículo 3 alcanza a las emitidas antes del 01/01/2020" in second["rechazos"][0]


@pytest.mark.req("R-7", "R-55")
def test_a_rectified_acta_is_rebuilt_as_it_was_and_its_student_sees_what_was_rectified(world: World) -> None:
    world.publish("reconstruir_acta")
    with world.app.database.write() as conn:
        identity = {"identity_kind": "dni", "identity_number": "30445566"}
        conn.execute(person.update().where(person.c.id == world.requesters["externo"]).values(identity))
        how = {"reason": "Mal pasada", "capacity": 500, "by": None, "at": world.clock.now(), "zone": ZoneInfo("UTC")}
        mended = open_rectification(conn, acta_by_base(conn, BASE).id, job_key="r", filas=[2], **how)
    bring(world.app.database, mended, "bloqueada", at=world.clock.now(), mark="9")
    player = play(world, "reconstruir_acta", "Todos aportan su copia")
    publish_due(world.app.database, Schedule.of(world.app.config), world.clock.now())
    with world.app.database.read() as conn:
        rebuilt, rectified = rebuilt_as(conn, acta_by_base(conn, BASE).id), get_acta(conn, mended)
        assert rebuilt is not None
        assert [one.nota for one in grades_of(conn, rebuilt.id)] == ["8", "8", None]
        seen = [x for x in historia_of(conn, world.requesters["externo"], world.clock.now()) if x.codigo == "P-2050"]
    assert [(one.nota, one.base) for one in seen] == [("9", rectified.base)]
    report = world.app.archive.path(issued(world, player, "informe-de-reconstruccion").sha256)
    told = subprocess.run(["pdftotext", report, "-"], check=True, capture_output=True).stdout.decode()
    assert f"{rectified.base}, que sigue vigente" in " ".join(told.split())


@pytest.mark.req("R-21", "R-51")
def test_a_damaged_scan_is_scanned_certified_and_kept_beside_the_first(world: World) -> None:
    first = play(world, "digitalizar_actas", "Dos actas de 2015")
    scenario = next(
        one
        for one in parse_scenarios(first.definition.bundle.files["escenarios.toml"].decode())
        if one.name.startswith("Dos actas de 2015")
    )
    told = [row | {"otra_vez": "La copia no se lee al pie."} for row in scenario.start["actas"]]
    again = Player(world, first.definition)
    again.play(scenario.model_copy(update={"start": {**scenario.start, "actas": told}}))
    with world.app.database.read() as conn:
        newest, before = scans_of(conn, "2015-L0003-F0012", KEEPER)
        certificates = [get_document(conn, one.certificate_id) for one in (newest, before)]
    assert [(one.n, one.case_id, one.reason) for one in (newest, before)] == [
        (2, again.case_id, "La copia no se lee al pie."),
        (1, first.case_id, None),
    ]
    assert all(one.signatures for one in certificates)
    assert (newest.estudiantes, newest.papel, newest.place) == ("Ñáñez, Güemes", "bueno", "Sala 2, estante 4, caja 31")
