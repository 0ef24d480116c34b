"""Writing the next edition over the one in force: what changes, what stays, what is refused, what is carried over."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.carta import Edition, apply_draft, draft_of, read_draft, rebase
from engine.errors import InvalidEdition
from tests.support.carta import first_edition

FIRST = first_edition()
TODAY = date(2026, 11, 23)
TWO_DAYS = [{}, {}, {}, {}, {"dias": 2}, {"dias": 2}, {"dias": 2}, {}, {}, {}, {}, {}]


def next_edition(over: Edition = FIRST, **written: Any) -> Edition:
    given = {"base": over.number, "modificaciones": "Cambia algo.", **written}
    return apply_draft(over, read_draft(given, over, TODAY), TODAY)


def refused(**written: Any) -> str:
    with pytest.raises(InvalidEdition) as refusal:
        next_edition(**written)
    return refusal.value.message


@pytest.mark.req("C-50")
def test_the_next_edition_adds_its_row_to_the_history_and_keeps_the_rest() -> None:
    second = next_edition(compromisos=TWO_DAYS, modificaciones="El certificado personalizado, en 2 días.")
    assert (second.number, second.ordinal, second.ordinal_word, second.date) == (2, "2ª", "Segunda", TODAY)
    assert [(row.edition, row.changes) for row in second.history] == [
        ("Primera", "Documento inicial"),
        ("Segunda", "El certificado personalizado, en 2 días."),
    ]
    b1, b2 = second.service("B1"), second.service("B2")
    assert b1 is not None
    assert {product.days for product in b1.products} == {2}
    assert b2 == FIRST.service("B2")
    assert second.attributions == FIRST.attributions


def test_texts_are_changed_where_they_are_printed() -> None:
    rows: list[dict[str, str]] = [{} for _ in FIRST.every_attribution()]
    rows[[one.id for one in FIRST.every_attribution()].index("e1")] = {"texto": "Certificar las normas internas;"}
    second = next_edition(atribuciones=rows, normas="Una norma\n\n  Otra norma  ")
    d = next(one for one in second.attributions if one.id == "d")
    assert [inner.text for inner in d.within] == ["Certificar las normas internas;"]
    assert second.norms == ("Una norma", "Otra norma")


@pytest.mark.req("C-58")
def test_who_holds_the_functions_now_is_offered_as_signer_and_acting_is_printed_so() -> None:
    draft = draft_of(FIRST, TODAY, {"secretario_general": ("Ab. Elena Güemes", False), "director_calidad": ("Ñ", True)})
    signed = {row.funcion: (row.nombre, row.cargo) for row in draft.firmas}
    assert signed["secretario_general"] == ("Ab. Elena Güemes", "Secretario General")
    assert signed["director_calidad"] == ("Ñ", "Director/a de Aseguramiento de la Calidad (e)")
    assert signed["asistente_desarrollo"][0] == "Ing. Dario Nicolas Armijos Sagñay"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({}, "No hay ningún cambio"),
        ({"mision": "Otra.", "modificaciones": ""}, "Falta decir qué se modificó"),
        ({"mision": "Otra.", "fecha": "2024-02-26"}, "La fecha es anterior a la de la edición vigente, 27/02/2024"),
        ({"mision": "Otra.", "fecha": "2027-11-23"}, "La fecha está a más de 60 días"),
        ({"mision": "Otra.", "fecha": "mañana"}, "No es válido: fecha"),
        ({"compromisos": [{}] * 11 + [{"dias": 400}]}, "«Certificados institucionales» (B3) promete 400 días hábiles"),
        ({"compromisos": [{}] * 11 + [{"dias": -1}]}, "promete -1 días hábiles: deben ser de 1 a 365"),
        ({"compromisos": [{}] * 11}, "Las filas de compromisos no son las de la edición vigente"),
        (
            {"compromisos": [{}] * 11 + [{"codigo": "otro"}]},
            "Las filas de compromisos no son las de la edición vigente",
        ),
        ({"base": 7, "mision": "Otra."}, "se escribieron sobre la edición 7ª, y la vigente es la 1ª"),
    ],
)
def test_what_cannot_be_published_says_why(written: dict[str, Any], words: str) -> None:
    assert words in refused(**written)


def test_new_signers_alone_make_no_new_edition() -> None:
    assert "No hay ningún cambio" in refused(firmas=[{"nombre": "Otra persona"}, {}, {}, {}])


def test_changes_written_over_an_older_edition_are_carried_over_to_the_new_one() -> None:
    mine = read_draft({"base": 1, "mision": "La mía.", "compromisos": TWO_DAYS, "modificaciones": "X"}, FIRST, TODAY)
    theirs = next_edition(
        mision="La de ellos.", normas="Norma nueva", indicadores=[{"texto": "Otro nombre"}, {}, {}, {}]
    )
    carried = rebase(mine, FIRST, theirs, TODAY)
    third = apply_draft(theirs, carried, TODAY)
    b1 = third.service("B1")
    assert third.number == 3
    assert third.mission == "La mía."
    assert third.norms == ("Norma nueva",)
    assert third.indicators == theirs.indicators
    assert b1 is not None
    assert {product.days for product in b1.products} == {2}
