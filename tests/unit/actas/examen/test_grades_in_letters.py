"""Every grade of every scale, in number and in letters, and back (R-37, R-38)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.actas.examen import ESCALAS, NotAGrade, escala, says_absent
from engine.actas.examen.letras import folded


def grades(scale):
    step = Decimal(1).scaleb(-scale.decimals)
    return [scale.least + step * n for n in range(int((scale.most - scale.least) / step) + 1)]


@pytest.mark.req("R-37", "R-38")
@pytest.mark.parametrize("scale", ESCALAS.values(), ids=lambda scale: scale.code)
def test_every_grade_is_read_back_from_how_it_is_printed_and_from_no_other_words(scale):
    said: dict[str, Decimal] = {}
    for grade in grades(scale):
        stored = scale.stored(grade)
        assert scale.read(scale.printed(stored)) == scale.read(stored) == grade
        letters = scale.letters(grade)
        assert said.setdefault(folded(letters), grade) == grade, "two grades never sound alike"
        assert scale.agrees(grade, letters)
        assert scale.agrees(grade, letters.upper())
    assert len(said) == len(grades(scale))


@pytest.mark.req("R-38")
@pytest.mark.parametrize(
    ("grade", "letters"),
    [
        ("7", "siete"), ("10", "Diez"), ("100", "cien"), ("22", "veintidos"), ("16", "DIECISÉIS"), ("31", "treinta y uno"),
        ("8.5", "ocho con cincuenta"), ("8.5", "ocho coma cinco"), ("8.5", "ocho con cincuenta centésimos"),
        ("8.5", "ocho y medio"), ("8.05", "ocho con cero cinco"), ("1.5", "uno con cincuenta"), ("0", "cero"),
        ("70.25", "setenta con veinticinco"), ("7", "siete."), ("7", "siete con cero"),
    ],
)  # fmt: skip
def test_a_grade_is_understood_in_the_ways_that_people_write_it(grade, letters):
    assert escala("unemi").agrees(Decimal(grade), letters)


@pytest.mark.req("R-38")
@pytest.mark.parametrize(
    ("grade", "letters"),
    [("8.5", "ocho con cero cinco"), ("8.05", "ocho con cinco"), ("6", "siete"), ("7", ""), ("7", "7"), ("60", "seis")],
)
def test_words_that_say_another_number_do_not_agree(grade, letters):
    assert not escala("unemi").agrees(Decimal(grade), letters)


def test_every_accepted_wording_belongs_to_one_grade_only():
    scale = escala("unemi")
    from_words: dict[str, Decimal] = {}
    for grade in grades(scale):
        for way in scale.ways(grade):
            assert from_words.setdefault(folded(way), grade) == grade, way


@pytest.mark.parametrize("written", ["11", "-1", "8,5", "siete", "", "8.0.0", "1e1", "١", "999", " ", "8 5", "0x5"])
def test_what_is_no_grade_from_0_to_10_is_refused_with_the_range(written):
    with pytest.raises(NotAGrade, match="de 0 a 10"):
        escala("uns").read(written)


@pytest.mark.parametrize(("written", "stored"), [("8", "8"), ("08", "8"), ("8,0", "8"), (" 10 ", "10"), ("8.00", "8")])
def test_a_whole_grade_may_be_written_with_empty_decimals(written, stored):
    scale = escala("uns")
    assert scale.stored(scale.read(written)) == stored


def test_decimals_are_printed_with_a_comma_and_two_digits():
    scale = escala("unemi")
    assert [scale.printed(one) for one in ("8.5", "100", "69.99", "0.5")] == ["8,50", "100", "69,99", "0,50"]


def test_what_passes_is_the_scale_s_to_say():
    assert [escala("unemi").condition(one) for one in ("69.99", "70", None)] == ["desaprobado", "aprobado", "ausente"]
    assert [escala("uns").condition(one) for one in ("3", "4")] == ["desaprobado", "aprobado"]


@pytest.mark.parametrize("written", ["ausente", "Ausente", "AUSENTE.", "a", "aus."])
def test_ausente_is_read_however_it_is_written(written):
    assert says_absent(written)


def test_a_number_or_nothing_is_not_ausente():
    assert not any(says_absent(one) for one in ("", "0", "8", "aprobado"))


@pytest.mark.req("R-38")
@pytest.mark.parametrize("written", ["8 A", "10a", "A (7)", "8 (a)", "7a", "a 9", "٧ a", "aprobado (a)"])
def test_a_grade_with_a_letter_beside_it_is_never_ausente(written):
    assert not says_absent(written)


@pytest.mark.req("R-38")
@pytest.mark.parametrize(
    ("letters", "agrees"),
    [
        ("siete (7)", True),
        ("7 (siete)", True),
        ("siete 7,00", True),
        ("nueve (4)", False),
        ("siete 8", False),
        ("7", False),
    ],
)
def test_a_number_among_the_letters_is_the_same_number(letters, agrees):
    grade = Decimal(9) if letters.startswith("nueve") else Decimal(7)
    assert escala("unemi").agrees(grade, letters) is agrees


SIGNS = ("{}", " {} ", "\u00a0{}\u202f", "{}\u200b", "\ufeff{}")


@pytest.mark.req("R-37", "R-38")
@pytest.mark.parametrize("scale", ESCALAS.values(), ids=lambda scale: scale.code)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_grade_is_the_same_however_it_is_dressed(scale, data):
    """Comma or point, zeros before and after, full width, spaces that nobody sees, capitals, accents left out."""
    grade = data.draw(st.sampled_from(grades(scale)))
    whole, _, cents = scale.stored(grade).partition(".")
    cents = cents.ljust(data.draw(st.integers(len(cents), 4)), "0")
    number = whole.zfill(data.draw(st.integers(1, 3))) + (data.draw(st.sampled_from(",.")) + cents if cents else "")
    if data.draw(st.booleans()):
        number = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    assert scale.read(data.draw(st.sampled_from(SIGNS)).format(number)) == grade
    letters = data.draw(st.sampled_from(scale.ways(grade)))
    letters = data.draw(st.sampled_from((letters, letters.upper(), letters.title(), folded(letters))))
    assert scale.agrees(grade, data.draw(st.sampled_from(SIGNS)).format(letters))
    assert not says_absent(number)
    assert not says_absent(letters)
