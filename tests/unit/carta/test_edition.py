"""The first edition says what the printed Carta says, all of it and nothing else; an edition that cannot be is refused."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from engine.carta import Edition
from engine.carta.seed import FILE
from engine.config import Config
from engine.errors import InvalidEdition
from tests.support.carta import first_edition, lines, printed_lines

EDITION = first_edition()


@pytest.mark.req("C-1", "C-3", "C-25", "C-50")
def test_the_first_edition_is_the_printed_carta_line_by_line() -> None:
    assert [line.casefold() for line in lines(EDITION)] == [line.casefold() for line in printed_lines()]


@pytest.mark.req("C-1", "C-2")
def test_its_cover_says_title_edition_code_and_date() -> None:
    assert EDITION.full_title == (
        "Carta de Servicios de la Dirección de Secretaría General de la Universidad Estatal de Milagro"
    )
    assert (EDITION.ordinal, EDITION.code, EDITION.date) == ("1ª", "CS_UNEMI_DSG", date(2024, 2, 27))


@pytest.mark.req("C-18", "C-19")
def test_the_letter_e_is_printed_twice_and_each_attribution_has_its_own_id() -> None:
    every = list(EDITION.every_attribution())
    assert [one.id for one in every if one.letter == "e"] == ["e1", "e2"]
    assert len({one.id for one in every}) == len(every) == 16
    d = next(one for one in every if one.id == "d")
    assert [inner.text for inner in d.within] == ["Certificar la normativa interna institucional;"]


@pytest.mark.req("C-7", "C-8")
def test_the_responsible_is_a_function_that_people_hold_and_it_reports_to_another() -> None:
    assert (EDITION.responsible.role, EDITION.responsible.reports_to) == ("secretario_general", "rectorado")


@pytest.mark.req("C-48", "C-33", "C-47")
def test_it_offers_four_services_with_twelve_commitments_that_the_general_secretary_answers_for() -> None:
    services = list(EDITION.services())
    assert [service.code for service in services] == ["A1", "B1", "B2", "B3"]
    assert sum(len(service.products) for service in services) == 12
    assert {service.responsible for service in services} == {"Secretaria General"}
    assert [one.profile for one in EDITION.managements] == ["Administrativo", "Estudiante"]


PROMISED = {
    "C-29": ("A1", "documentos_sesiones", 5),
    "C-30": ("A1", "certificaciones_autenticaciones", 1),
    "C-31": ("A1", "administracion_archivo", 1),
    "C-32": ("A1", "resoluciones_certificaciones", 5),
    "C-37": ("B1", "matriz_digital", 3),
    "C-38": ("B1", "digitalizacion", 3),
    "C-39": ("B1", "certificado_institucional", 3),
    "C-41": ("B2", "matriz_digital", 1),
    "C-42": ("B2", "digitalizacion", 1),
    "C-43": ("B2", "certificado_institucional", 1),
    "C-44": ("B2", "gestion_archivo", 1),
    "C-46": ("B3", "certificado_institucional", 1),
}


@pytest.mark.parametrize(
    ("service", "product", "days"),
    [pytest.param(*promise, marks=pytest.mark.req(number), id=number) for number, promise in PROMISED.items()],
)
def test_each_product_is_promised_in_so_many_business_days(service: str, product: str, days: int) -> None:
    found = EDITION.service(service)
    assert found is not None
    assert {one.code: one.days for one in found.products}[product] == days


@pytest.mark.req("C-49", "C-51", "C-52", "C-53", "C-54")
def test_it_names_its_norm_and_its_four_indicators() -> None:
    assert EDITION.norms == ("Reglamento de la Estructura Organizacional por Procesos",)
    assert [one.code for group in EDITION.indicators for one in group.indicators] == [
        "certificados_emitidos",
        "certificaciones_realizadas",
        "sellados_realizados",
        "actas_realizadas",
    ]


@pytest.mark.req("C-55", "C-56", "C-57", "C-58")
def test_four_functions_answer_for_it_in_order() -> None:
    assert [(one.act, one.role) for one in EDITION.signatures] == [
        ("Elaborado por", "asistente_desarrollo"),
        ("Revisado por", "experto_desarrollo"),
        ("Aprobado por", "director_calidad"),
        ("Aprobado por", "secretario_general"),
    ]
    assert EDITION.signatures[3].title == "Secretario General (e)"


def test_what_is_stored_reads_back_as_the_same_edition_with_the_same_hash() -> None:
    again = Edition.read(EDITION.as_json())
    assert again == EDITION
    assert again.hash == EDITION.hash


def _without(raw: dict[str, Any], *path: str | int) -> None:
    for step in path[:-1]:
        raw = raw[step]  # type: ignore[index]
    del raw[path[-1]]  # type: ignore[arg-type]


def _set(raw: dict[str, Any], value: Any, *path: str | int) -> None:
    for step in path[:-1]:
        raw = raw[step]  # type: ignore[index]
    raw[path[-1]] = value  # type: ignore[index]


BAD: list[tuple[Any, str]] = [
    (lambda raw: _without(raw, "mision"), "mision: falta."),
    (lambda raw: _set(raw, "", "mision"), "mision: está vacío."),
    (lambda raw: _set(raw, 0, "gestiones", 0, "servicios", 0, "productos", 0, "dias"), "dias: debe ser 1 o más."),
    (lambda raw: _set(raw, 400, "gestiones", 0, "servicios", 0, "productos", 0, "dias"), "dias: debe ser 365 o menos."),
    (lambda raw: _set(raw, "e1", "atribuciones", 5, "id"), "el código «e1» de atribución está repetido"),
    (lambda raw: _set(raw, "B2", "gestiones", 0, "servicios", 0, "codigo"), "el código «B2» de servicio está repetido"),
    (lambda raw: _set(raw, 2, "edicion"), "el histórico de cambios debe tener una fila por edición"),
    (lambda raw: _without(raw, "secciones", 7), "secciones: le faltan filas."),
    (lambda raw: _set(raw, "x", "lema"), "lema: no se conoce esta clave."),
]


@pytest.mark.parametrize(("spoil", "words"), BAD, ids=[words for _spoil, words in BAD])
def test_an_edition_that_cannot_be_is_refused_with_the_place(spoil: Any, words: str) -> None:
    raw = deepcopy(EDITION.as_json())
    spoil(raw)
    with pytest.raises(InvalidEdition) as refusal:
        Edition.read(raw)
    assert words.casefold() in refusal.value.message.casefold()


def test_a_data_file_that_cannot_be_read_says_the_line() -> None:
    text = (Config().bpmn_dir / FILE).read_text(encoding="utf-8")
    with pytest.raises(InvalidEdition, match=r"carta\.toml no se puede leer.*line"):
        Edition.from_toml(text.replace("edicion = 1\n", "edicion == 1\n"))
