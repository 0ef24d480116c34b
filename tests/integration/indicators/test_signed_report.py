"""The report of a period signed by who answers for it: over the seal, once, with the PIN; by nobody else."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import people
from engine.documents import find_by_code
from engine.errors import NotAllowed, WrongPin
from engine.indicators import (
    Indicators,
    Query,
    period_report,
    read_report,
    report_signed_by,
    sign_report,
    signed_report,
)
from engine.indicators.signed_report import AlreadySigned
from engine.signing import DemoPki, DemoServer, open_demo_pki
from engine.signing.verify import verify_pdf
from engine.storage.tables import document
from tests.processes.world import PIN, World, open_world
from tests.support.face import PASSWORD, Visitor
from web.app import create_app
from web.security import limiter


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoPki]:
    made = open_demo_pki(tmp_path_factory.mktemp("pki"), "Universidad Nacional del Estuario")
    with DemoServer(made):
        yield made


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path, pki: DemoPki) -> Iterator[World]:
    with open_world(sqlite_url, tmp_path, pki) as opened:
        opened.publish("medida_correctiva")
        yield opened


def sealed(world: World) -> uuid.UUID:
    now = world.clock.now().astimezone(world.app.config.zone)
    month = now.year * 100 + now.month
    board = Indicators(world.app).board(Query(month, month))
    return period_report(world.app, board, world.staff["jefe_secretaria"], uuid.uuid4()).id


def told(pdf: bytes, folder: Path) -> str:
    file = folder / "informe.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout


@pytest.mark.req("C-16")
def test_it_is_signed_over_the_seal_and_both_are_valid(world: World, tmp_path: Path) -> None:
    made, general = sealed(world), world.staff["secretario_general"]
    signed = sign_report(world.app, made, general, PIN)
    _found, pdf = read_report(world.app, signed.id)
    _before, was = read_report(world.app, made)
    assert pdf.startswith(was), "the sealed report is inside, byte for byte"
    said = told(pdf, tmp_path)
    assert said.count("Signature is Valid") == 2
    assert [f"Signature Field Name: {name}\n" in said for name in ("hueco_sello", "hueco")] == [True, True]
    assert said.count("- Total document signed\n") == 1, "the person's covers all"
    verdict = verify_pdf(pdf, world.app.signing.trust, original=pdf, at=world.clock.now())
    assert verdict.accepted, verdict.reasons
    assert [one.level for one in verdict.signers] == ["B-T", "B-T"]
    assert [one["role"] for one in signed.signatures] == ["Sello electrónico institucional", "Secretario General"]
    with world.app.database.read() as conn:
        assert find_by_code(conn, signed.code or "") == signed, "its code leads to the signed one"


def test_signed_twice_it_is_signed_once_and_nobody_signs_over_another(world: World) -> None:
    made = sealed(world)
    first = sign_report(world.app, made, world.staff["director_calidad"], PIN)
    assert sign_report(world.app, made, world.staff["director_calidad"], "no se mira") == first
    with pytest.raises(AlreadySigned):
        sign_report(world.app, first.id, world.staff["secretario_general"], PIN)


@pytest.mark.req("C-16")
def test_of_two_people_who_sign_the_same_report_the_second_is_refused_and_one_file_carries_its_code(
    world: World,
) -> None:
    made = sealed(world)
    first = sign_report(world.app, made, world.staff["secretario_general"], PIN)
    with pytest.raises(AlreadySigned, match="Haga otro informe"):
        sign_report(world.app, made, world.staff["director_calidad"], PIN)
    query = sa.select(document.c.id).where(document.c.code == first.code, document.c.id != made)
    with world.app.database.read() as conn:
        assert conn.execute(query).all() == [(first.id,)]


def test_who_signs_while_another_does_is_refused_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made, general, quality = sealed(world), world.staff["secretario_general"], world.staff["director_calidad"]
    checked = signed_report.check_returned

    def slow(*given: Any, **more: Any) -> Any:
        monkeypatch.setattr(signed_report, "check_returned", checked)
        sign_report(world.app, made, quality, PIN)  # when this one was signing already
        return checked(*given, **more)

    monkeypatch.setattr(signed_report, "check_returned", slow)
    with pytest.raises(AlreadySigned):
        sign_report(world.app, made, general, PIN)
    kept = report_signed_by(world.app, made, quality)
    assert kept is not None
    assert kept.created_by == quality


def test_who_acts_for_another_signs_so(world: World) -> None:
    made, lender = sealed(world), world.staff["secretario_general"]
    with world.app.database.write() as conn:
        now = world.clock.now()
        people.delegate(
            conn, from_id=lender, to_id=world.staff["asistente_desarrollo"], role="secretario_general", process=None,
            since=now.date(), until=now.date(), reason="Licencia", at=now,
        )  # fmt: skip
    signed = sign_report(world.app, made, world.staff["asistente_desarrollo"], PIN)
    lent_by = "Rosa Elvira Peñafiel Secretario General"
    assert signed.signatures[-1]["role"] == f"Secretario General, por delegación de {lent_by}"


def test_neither_a_wrong_pin_nor_another_role_signs(world: World) -> None:
    made = sealed(world)
    with pytest.raises(WrongPin):
        sign_report(world.app, made, world.staff["secretario_general"], "000000")
    with pytest.raises(NotAllowed):
        sign_report(world.app, made, world.staff["jefe_secretaria"], PIN)


@pytest.mark.req("C-16")
def test_the_page_shows_the_report_asks_for_the_pin_and_gives_what_was_signed(world: World) -> None:
    with world.app.database.write() as conn:
        for role in ("secretario_general", "jefe_secretaria"):
            people.set_password(conn, world.staff[role], PASSWORD, world.clock.now())
    flask = create_app(world.app)
    limiter.reset()
    general, head = Visitor(flask.test_client()), Visitor(flask.test_client())
    general.sign_in("secretario_general")
    head.sign_in("jefe_secretaria")
    asked = {"request_id": str(uuid.uuid4())}
    place = general.send("/tablero/informe", asked).location
    shown = general.open(place).text
    assert "Ya lleva el sello de la institución" in shown
    assert general.open(place.removesuffix("/firma")).data.startswith(b"%PDF-"), "sealed, it serves as it is"
    wrong = general.send(place, {"pin": "000000"})
    assert (wrong.status_code, "El PIN no es correcto" in wrong.text) == (422, True)
    assert general.send(place, {"pin": PIN}).location == place
    assert "Descargar el informe firmado" in general.open(place).text
    with world.app.database.write() as conn:
        people.set_password(conn, world.staff["director_calidad"], PASSWORD, world.clock.now())
    quality = Visitor(flask.test_client())
    quality.sign_in("director_calidad")
    second = quality.open(place).text
    assert ("Haga otro informe" in second, 'name="pin"' in second) == (True, False)
    late = quality.send(place, {"pin": PIN})
    assert (late.status_code, "Haga otro informe" in late.text) == (409, True)
    made = head.send("/tablero/informe", {"request_id": str(uuid.uuid4())}).location
    assert head.open(made).mimetype == "application/pdf", "who does not sign it is shown the sealed one at once"
    assert head.open(f"{made}/firma").status_code == 403
