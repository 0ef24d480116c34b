"""The matrix of responsibilities comes from the drawing: lanes, signatures and letters."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from engine.config import ROOT
from engine.definitions import Bundle
from engine.definitions.responsibility import responsibilities
from engine.definitions.store import make_definition

PROCESSES = sorted(f.parent.name for f in (ROOT / "bpmn").glob("[a-z]*/proceso.toml"))


def definition(process):
    bundle = Bundle.read(ROOT / "bpmn", ROOT / "forms", process)
    return make_definition(bundle, id=uuid.uuid4(), number=1, at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.req("C-13", "R-11")
def test_a_signature_answers_a_task_does_and_a_letter_tells():
    cells = {(one.element, one.part): one for one in responsibilities(definition("solicitar_certificacion"))}
    signs = cells["firmar_certificacion", "A"]
    assert (signs.lane, signs.role) == ("Secretario General", "secretario_general")
    assert cells["revisar_admisibilidad", "R"].role == "secretaria"
    assert cells["acusar_recibo", "I"].role == "solicitante"


@pytest.mark.req("C-13")
@pytest.mark.parametrize("process", PROCESSES)
def test_every_task_of_every_process_has_somebody_who_does_it(process):
    cells = responsibilities(definition(process))  # none where the form says it all
    assert all(one.role for one in cells), [one for one in cells if not one.role]


@pytest.mark.req("C-6")
@pytest.mark.parametrize("process", PROCESSES)
def test_every_service_and_process_names_its_legal_basis(process):
    assert definition(process).manifest.process.legal_basis


STAGES = {  # of an acta de examen, and whose each is
    "cargar_calificaciones": ("docente", "R"),
    "controlar_acta": ("departamento", "R"),
    "firmar_acta": ("autoridad_departamental", "A"),
    "validar_acta": ("sgpyec", "R"),
    "imprimir_copia": ("sgpyec", "R"),
    "ubicar_copia": ("sgpyec", "R"),
}


@pytest.mark.req("R-11", "R-15", "R-54")
def test_each_stage_of_an_acta_has_its_own_and_the_archive_is_the_postgraduate_offices():
    cells = {
        one.element: (one.role, one.part) for one in responsibilities(definition("acta_examen")) if one.part != "I"
    }
    assert {element: cells[element] for element in STAGES} == STAGES
