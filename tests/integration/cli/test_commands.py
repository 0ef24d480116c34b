"""The operator's command, called as the operator calls it."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from tests.support import postgres
from web.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "Un-paraguas-verde-7"


@pytest.fixture
def cartulario(empty_database_url, tmp_path, monkeypatch):
    """Runs one command on an installation of its own, made of a database without tables and an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CARTULARIO_DATABASE_URL", empty_database_url)
    programs = postgres.programs(sa.make_url(empty_database_url))
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("CARTULARIO_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments, code=0):
        done = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert done.exit_code == code, (done.output, done.exception)
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return done.output

    return run


@pytest.fixture
def migrated(cartulario):
    cartulario("migrate-db")
    return cartulario


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name):
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0
    assert "Usage:" in done.output


def test_a_database_without_tables_is_refused_with_what_to_do(cartulario):
    assert "cartulario migrate-db" in cartulario("audit", "verify", code=1)


def test_migrating_twice_ends_at_the_same_revision(cartulario):
    assert cartulario("migrate-db") == cartulario("migrate-db")


def test_a_wrong_setting_is_named_and_nothing_is_done(cartulario, monkeypatch):
    monkeypatch.setenv("CARTULARIO_MAX_UPLOAD", "mucho")
    assert "CARTULARIO_MAX_UPLOAD" in cartulario("migrate-db", code=2)


def test_an_unknown_command_is_asked_wrongly(cartulario):
    cartulario("embargar", code=2)


def test_a_case_that_does_not_exist_is_one_sentence(migrated):
    for command in ("replay", "export"):
        answer = migrated(command, "SG-2026-000001", code=1)
        assert answer.count("\n") == 1
        assert "Traceback" not in answer


def test_an_empty_installation_has_an_intact_chain_and_archive(migrated):
    assert "cadena íntegra" in migrated("audit", "verify")
    assert "todos íntegros" in migrated("archive", "check")


def test_a_day_of_rest_is_declared_listed_and_taken_back(migrated):
    migrated("calendar", "seed", "2026")
    declared = migrated("calendar", "set", "2026-03-10", "Día del archivo", "--reason", "Resolución 12")
    assert "Trámites con otra fecha: 0" in declared
    assert "2026-03-10  local      Día del archivo" in migrated("calendar", "list", "2026")
    migrated("calendar", "remove", "2026-03-10", "--reason", "Se derogó")
    migrated("calendar", "set", "2026-03-10", "Fundación", "--place", "Naranjito", "--reason", "Ordenanza")
    assert "Fundación (solo en Naranjito)" in migrated("calendar", "list", "2026")
    assert migrated("calendar", "recess", "2026-08-03", "2026-08-07", "Receso", "--reason", "Res. 1").startswith(
        "Receso: 5 días"
    )
    assert "Día del archivo → hábil  (Se derogó; 0 trámites con otra fecha)" in migrated("calendar", "changes", "2026")
    migrated("calendar", "remove", "2026-03-10", "--place", "Naranjito", "--reason", "Error")
    assert "Día del archivo" not in migrated("calendar", "list", "2026")


def test_a_sample_of_cases_is_replayed_each_night(migrated):
    assert "0 trámites repetidos, 0 distintos" in migrated("audit", "replay", "--sample", "5")


def test_a_seal_is_given_to_witnesses_and_holds(migrated, tmp_path):
    migrated("audit", "seal", "--out", tmp_path / "testigos")
    (copy,) = (tmp_path / "testigos").iterdir()
    assert "cadena íntegra" in migrated("audit", "verify", "--seal", copy)


def test_a_seal_whose_text_was_changed_is_refused(migrated, tmp_path):
    migrated("audit", "seal", "--out", tmp_path)
    copy = tmp_path / "sello-000001.json"
    copy.write_text(json.dumps(json.loads(copy.read_text()) | {"events": 7}))
    assert "no es un sello" in migrated("audit", "verify", "--seal", copy, code=1)


def test_people_are_added_and_given_roles_before_anyone_can_sign_in(migrated):
    names = ["--given-names", "María José", "--family-names", "Ñáñez", "--email", "mj@une.example"]
    migrated("person", "add", "mjnanez", *names, "--password", PASSWORD)
    assert "secretaria" in migrated("person", "grant", "mjnanez", "secretaria", "--since", "2026-01-01")
    assert "otra contraseña" in migrated("person", "password", "mjnanez", "--password", f"{PASSWORD}-nueva")
    assert "No hay ninguna persona" in migrated("person", "grant", "nadie", "secretaria", code=1)


def test_the_holidays_of_a_year_are_loaded_once(migrated):
    assert not migrated("calendar", "seed", "2027").startswith("0 ")
    assert migrated("calendar", "seed", "2027").startswith("0 ")


def test_a_backup_comes_back_in_another_installation(migrated, tmp_path, monkeypatch):
    migrated("calendar", "seed", "2027")
    file = tmp_path / "copias" / "hoy.tar"
    migrated("backup", file)
    assert "ya existe" in migrated("backup", file, code=1)
    assert "ya tiene tablas" in migrated("restore", file, code=1)


def test_a_file_that_nobody_signed_is_not_accepted(migrated, tmp_path):
    (tmp_path / "carta.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    migrated("verify", tmp_path / "carta.pdf", code=1)
    answer = json.loads(migrated("verify", tmp_path / "carta.pdf", "--json", code=1))
    assert answer["accepted"] is False
    assert hashlib.sha256((tmp_path / "carta.pdf").read_bytes()).hexdigest() not in json.dumps(answer)


def test_the_operations_are_listed_with_their_parameters(cartulario):
    assert "send_mail" in cartulario("operations")
    one = cartulario("operations", "send_mail")
    assert "template" in one
    assert "→" in one
    assert "No existe la operación" in cartulario("operations", "volar", code=2)


def test_the_processes_of_the_product_have_no_problems(cartulario):
    assert "por corregir" not in cartulario("check")


@pytest.mark.parametrize(
    "place", ["solicitar_certificacion", "bpmn/solicitar_certificacion", "forms/solicitar_certificacion/solicitud.json"]
)
def test_one_process_is_checked_by_name_folder_or_file(cartulario, monkeypatch, place):
    monkeypatch.chdir(ROOT)
    assert cartulario("check", place).startswith("solicitar_certificacion:")


def test_a_process_that_is_not_there_is_named_with_those_that_are(cartulario):
    assert "solicitar_certificacion" in cartulario("check", "solicitar_titulo", code=1)


def test_a_broken_process_is_refused_with_element_and_mend_and_is_not_published(migrated, tmp_path, monkeypatch):
    for folder in ("bpmn", "forms"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
        monkeypatch.setenv(f"CARTULARIO_{folder.upper()}_DIR", str(tmp_path / folder))
    diagram = tmp_path / "bpmn" / "solicitar_certificacion" / "proceso.bpmn"
    diagram.write_text(diagram.read_text(encoding="utf-8").replace("send_mail", "send_pigeon"), encoding="utf-8")
    assert "send_pigeon" in migrated("check", code=1)
    assert "send_pigeon" in migrated("publish", code=1)


def test_publishing_again_what_did_not_change_keeps_the_version(migrated):
    first = migrated("publish", "solicitar_certificacion")
    assert "versión 1" in first
    assert first.strip() in migrated("publish").splitlines()
