"""What a bundle takes from the folder that processes share, and what it leaves there."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import ROOT
from engine.definitions import Bundle, check
from engine.operations import CATALOGUE
from tests.unit.definitions.samples import good_files

FILES = {
    "bpmn/uno/proceso.bpmn": '<a form="ventanilla.json" mail="&#39;acuse.txt&#39;"/>',
    "bpmn/uno/proceso.toml": 'plantilla = "hoja.html"',
    "forms/uno/acuse.txt": "el propio",
    "forms/_comunes/acuse.txt": "el común",
    "forms/_comunes/ventanilla.json": "{}",
    "forms/_comunes/hoja.html": '{% extends "marco.html" %}',
    "forms/_comunes/marco.html": '<link href="marco.css">',
    "forms/_comunes/marco.css": "",
    "forms/_comunes/otra.txt": "nadie la nombra",
    "forms/_base/oficio.html": "",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def read(checkout: Path) -> Bundle:
    return Bundle.read(checkout / "bpmn", checkout / "forms", "uno")


def test_a_process_takes_what_it_names_and_what_that_names_and_nothing_else(checkout: Path) -> None:
    taken = ("ventanilla.json", "hoja.html", "marco.html", "marco.css", "acuse.txt")
    assert set(read(checkout).files) == {
        "proceso.bpmn",
        "proceso.toml",
        *(f"forms/{name}" for name in taken),
        "_base/oficio.html",
    }


def test_its_own_file_is_kept_where_there_is_a_shared_one_of_the_name(checkout: Path) -> None:
    assert read(checkout).text("acuse.txt") == "el propio"


def test_what_it_shares_changes_the_hash_only_when_it_is_taken(checkout: Path) -> None:
    before = read(checkout).hash
    for name in ("acuse.txt", "otra.txt"):
        (checkout / "forms/_comunes" / name).write_text("otra cosa", encoding="utf-8")
    assert read(checkout).hash == before
    (checkout / "forms/_comunes/marco.css").write_text("p {}", encoding="utf-8")
    assert read(checkout).hash != before


def test_a_stored_bundle_holds_what_it_shares(checkout: Path) -> None:
    stored = read(checkout).zip()
    (checkout / "forms/_comunes/ventanilla.json").unlink()
    assert Bundle.from_zip("uno", stored).form("ventanilla.json") == {}
    assert not read(checkout).has("ventanilla.json")


def test_a_file_that_is_in_neither_folder_is_named_by_the_check() -> None:
    shared = {path.name for path in (ROOT / "forms" / "_comunes").iterdir()}
    files = {name: data for name, data in good_files() if name.removeprefix("forms/") not in shared}
    assert len(files) < len(good_files())
    told = {str(finding) for finding in check(Bundle("proceso_nuevo", files), CATALOGUE)}
    assert any("La plantilla «plazo_vencido.txt» no existe" in one for one in told), told


def test_words_of_the_engine_are_the_processs_own_before_the_houses() -> None:
    house = {"_base/retiro.txt": b"de la casa"}
    assert Bundle("uno", house).words("retiro.txt") == "_base/retiro.txt"
    assert Bundle("uno", house | {"forms/retiro.txt": b"propio"}).words("retiro.txt") == "retiro.txt"
    assert Bundle("uno", {}).words("retiro.txt") is None
