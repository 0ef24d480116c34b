"""A diagram that several processes call: taken by name, pinned by the version, drawn with its callers, told when older."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from engine.config import ROOT
from engine.definitions import Bundle, check, left_behind, make_definition, shared_diagrams, whole_drawing
from engine.definitions.folders import is_shared
from engine.errors import InvalidBundle
from engine.operations import CATALOGUE

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
FILES = {
    "bpmn/uno/proceso.bpmn": '<process id="uno"><callActivity calledElement="medio"/></process>',
    "bpmn/_comunes/medio.bpmn": '<process id="medio"><callActivity calledElement="hondo"/><x form="medio.json"/></process>',
    "bpmn/_comunes/hondo.bpmn": "<process id='hondo'><calledDecisionId>tabla</calledDecisionId></process>",
    "bpmn/_comunes/tabla.dmn": '<decision id="tabla"/>',
    "bpmn/_comunes/otro.bpmn": '<process id="otro"/>',
    "forms/_comunes/medio.json": "{}",
}
TAKEN = {"_comunes/medio.bpmn", "_comunes/hondo.bpmn", "_comunes/tabla.dmn"}
CALLERS = ("acta_examen", "acta_rectificativa")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def read(checkout: Path) -> Bundle:
    return Bundle.read(checkout / "bpmn", checkout / "forms", "uno")


def of_ours(process: str) -> Bundle:
    return Bundle.read(ROOT / "bpmn", ROOT / "forms", process)


def changed(bundle: Bundle, name: str) -> Bundle:
    return Bundle(bundle.process, {**bundle.files, name: bundle.files[name] + b"<!-- otra -->"})


def published(bundle: Bundle):
    return make_definition(bundle, id=uuid.uuid4(), number=1, at=datetime(2026, 1, 1, tzinfo=UTC))


def test_what_a_diagram_calls_is_taken_with_what_that_calls_and_its_forms_and_nothing_else(checkout: Path) -> None:
    assert set(read(checkout).files) == {"proceso.bpmn", "forms/medio.json", *TAKEN}


@pytest.mark.parametrize("file", ["otra.bpmn", "proceso.bpmn"])
def test_a_process_that_the_folder_holds_is_its_own_whatever_its_file_is_called(checkout: Path, file: str) -> None:
    own = checkout / "bpmn/uno" / file
    own.write_text((own.read_text() if own.exists() else "") + '<bpmn:process id="medio"/>', encoding="utf-8")
    assert not [name for name in read(checkout).files if is_shared(name)]


def test_a_stored_version_keeps_the_shared_diagram_that_it_was_published_with(checkout: Path) -> None:
    before = read(checkout)
    stored = before.zip()
    for name in ("hondo", "otro"):
        (checkout / f"bpmn/_comunes/{name}.bpmn").write_text(f'<process id="{name}"/>', encoding="utf-8")
    assert read(checkout).hash != before.hash
    assert Bundle.from_zip("uno", stored).files["_comunes/hondo.bpmn"] == FILES["bpmn/_comunes/hondo.bpmn"].encode()


def test_a_change_of_what_nobody_calls_is_no_new_version(checkout: Path) -> None:
    before = read(checkout).hash
    (checkout / "bpmn/_comunes/otro.bpmn").write_text("<otra/>", encoding="utf-8")
    assert read(checkout).hash == before


def test_only_diagrams_and_tables_are_shared_by_calling_them() -> None:
    with pytest.raises(InvalidBundle) as refused:
        Bundle("uno", {"_comunes/proceso.toml": b""})
    assert "solo van diagramas y tablas" in str(refused.value.findings[0])


def test_what_is_called_and_is_nowhere_is_named_with_the_place_where_it_would_be() -> None:
    files = {name: data for name, data in of_ours("acta_examen").files.items() if name != "_comunes/carga_acta.bpmn"}
    told = [str(one) for one in check(Bundle("acta_examen", files), CATALOGUE)]
    assert any("bpmn/_comunes/carga_acta.bpmn" in one for one in told), told


def test_an_id_of_a_shared_diagram_is_not_another_ones() -> None:
    bundle = of_ours("acta_examen")
    files = {**bundle.files, "proceso.bpmn": bundle.files["proceso.bpmn"].replace(b"tomar_mesa", b"controlar_acta")}
    told = [str(one) for one in check(Bundle("acta_examen", files), CATALOGUE)]
    assert any("El id ya existe en" in one for one in told), told


def test_its_lanes_are_given_a_role_by_each_process_that_calls_it() -> None:
    bundle = of_ours("acta_rectificativa")
    manifest = bundle.files["proceso.toml"].replace('"Autoridad de Gestión" = "autoridad_gestion"\n'.encode(), b"")
    told = [str(one) for one in check(Bundle(bundle.process, {**bundle.files, "proceso.toml": manifest}), CATALOGUE)]
    assert any("«Autoridad de Gestión» no tiene una función" in one for one in told), told


@pytest.mark.req("R-15", "R-42", "R-49")
def test_a_rectificativa_runs_the_very_circuit_of_the_first_acta() -> None:
    first, later = (of_ours(process).files for process in CALLERS)
    circuit = {name for name in first if is_shared(name)}
    assert {f"_comunes/{name}" for name in ("una_acta.bpmn", "circuito_acta.bpmn", "completitud.dmn")} < circuit
    assert {name: first[name] for name in circuit} == {name: later[name] for name in later if is_shared(name)}


def test_steps_are_told_in_the_order_in_which_diagrams_are_called() -> None:
    places = list(published(of_ours("acta_examen")).spec.elements)
    order = ["revisar_listado", "imprimir_copia", "hacer_archivos", "cargar_calificaciones", "firmar_acta"]
    assert sorted(order, key=places.index) == order


def test_a_step_of_a_called_diagram_stands_inside_the_call_in_its_caller() -> None:
    elements = published(of_ours("acta_rectificativa")).spec.elements
    place, way = "cargar_calificaciones", []
    while place is not None:
        way.append(place)
        place = elements[place].inside
    assert way == ["cargar_calificaciones", "cargar", "circuito", "su_acta"]


@pytest.mark.parametrize("process", CALLERS)
def test_the_drawing_holds_every_pool_once_one_below_the_other_and_says_which_are_shared(process: str) -> None:
    bundle = of_ours(process)
    root = etree.fromstring(whole_drawing(bundle))
    pools = {one.get("id"): one.get("name") for one in root.iter(f"{BPMN}participant")}
    assert [name.endswith(" · compartido") for name in pools.values()] == [False] + 5 * [True]
    frames = []
    for shape in root.iter(f"{DI}BPMNShape"):
        if shape.get("bpmnElement") in pools:
            bounds = shape.find(f"{DC}Bounds")
            frames.append((float(bounds.get("y")), float(bounds.get("height"))))
    assert all(top + height < below for (top, height), (below, _) in itertools.pairwise(frames))
    drawn = [one.get("bpmnElement") for one in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")]
    assert len(drawn) == len(set(drawn))
    assert set(published(bundle).spec.elements) <= set(drawn)
    known = {one.get("id") for one in root.iter() if isinstance(one.tag, str)}
    assert set(drawn) <= known


def test_a_process_that_calls_nothing_is_drawn_as_it_is() -> None:
    bundle = of_ours("solicitar_sellado")
    assert whole_drawing(bundle) == bundle.files["proceso.bpmn"]


def test_whoever_still_runs_another_version_of_what_is_shared_is_named() -> None:
    first, later = (of_ours(process) for process in CALLERS)
    ours = "_comunes/circuito_acta.bpmn"
    older = changed(later, ours)
    told = {one.file: (one.alike, one.unlike) for one in shared_diagrams(first, [published(first), published(older)])}
    assert told[ours] == ((), ("Acta rectificativa",))
    assert told["_comunes/carga_acta.bpmn"] == (("Acta rectificativa",), ())
    behind = left_behind([first], [published(first), published(older)], lambda _process, name: is_shared(name))
    assert behind == {"acta_rectificativa": (ours,)}
    assert left_behind([first], [published(first), published(later)], lambda _process, name: is_shared(name)) == {}
