"""Hard input: refused by naming the field and saying what to do; never a traceback, whatever comes."""

from __future__ import annotations

import json
import math
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidAnswers
from engine.forms import MAX_BYTES, Form, read_json
from tests.unit.forms.samples import ANSWERS, GRADES, REQUEST, STUDENTS, errors_of

FORM = Form(REQUEST)
BIDI = [chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]


def nested(levels: int, value: Any = 1) -> Any:
    for _ in range(levels):
        value = {"a": value}
    return value


def test_an_unknown_field_is_refused_by_name() -> None:
    assert errors_of(FORM, {**ANSWERS, "admin": True, "rol": "x"}) == {
        "admin": "Este formulario no tiene ese campo. Quítelo y envíe de nuevo.",
        "rol": "Este formulario no tiene ese campo. Quítelo y envíe de nuevo.",
    }


@pytest.mark.parametrize("place", ["top", "deep", "row"])
def test_typename_is_refused_anywhere(place: str) -> None:
    answers = {
        "top": {**ANSWERS, "typename": "datetime"},
        "deep": {**ANSWERS, "motivo": {"a": [{"typename": "x"}]}},
        "row": {"alumnos": [{"nota": 7, "typename": "x"}, {}]},
    }[place]
    ((path, said),) = errors_of(GRADES if place == "row" else FORM, answers, STUDENTS).items()
    assert path.endswith("typename")
    assert "«typename» no se admite" in said


def test_more_than_eight_levels_are_refused() -> None:
    ((path, said),) = errors_of(FORM, {**ANSWERS, "motivo": nested(9)}).items()
    assert path.startswith("motivo")
    assert "más de 8 niveles" in said


def test_ten_thousand_levels_are_refused_at_once() -> None:
    start = time.perf_counter()
    assert "más de 8 niveles" in next(iter(errors_of(FORM, {**ANSWERS, "motivo": nested(10_000)}).values()))
    assert time.perf_counter() - start < 0.2


@pytest.mark.parametrize("mark", ["\x00", "\x08", "\x1b", "\x7f", "\ud800"])
def test_a_control_character_is_refused_and_the_field_named(mark: str) -> None:
    assert "caracteres de control" in errors_of(FORM, {**ANSWERS, "motivo": f"hola{mark}"})["motivo"]


@pytest.mark.parametrize("mark", BIDI)
def test_a_mark_that_turns_the_order_of_reading_is_refused(mark: str) -> None:
    assert "orden de lectura" in errors_of(FORM, {**ANSWERS, "motivo": f"factura{mark}fdp.exe"})["motivo"]
    assert errors_of(GRADES, {"alumnos": [{"nota": mark}, {}]}, STUDENTS).keys() == {"alumnos.0.nota"}


def test_names_of_fields_are_as_guarded_as_their_values() -> None:
    for name in ("a\x00", "a\u202e", "a" * 101, ""):
        assert errors_of(FORM, {**ANSWERS, name: 1})
    assert errors_of(FORM, {**ANSWERS, 5: 1})  # type: ignore[dict-item]


def test_the_letters_of_our_tongues_and_of_those_written_like_them_are_welcome() -> None:
    for text in ("Ñandú, Łódź, Ünye, Đà Nẵng", "Guaraní: g̃uahẽ", "Kichwa: ñukanchik", "«Qué» — ¿½ m²?"):
        assert FORM.clean({**ANSWERS, "motivo": text}, {})["motivo"] == text


def test_more_than_sixty_four_kilobytes_are_refused_naming_the_longest() -> None:
    assert errors_of(FORM, {**ANSWERS, "motivo": "x" * MAX_BYTES}) == {
        "motivo": "Es demasiado largo: acórtelo, o súbalo como archivo."
    }
    many = {f"campo{n}": "x" * 50 for n in range(2000)}
    assert errors_of(FORM, {**ANSWERS, **many})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, b"bytes", {1, 2}, object()])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    assert list(errors_of(FORM, {**ANSWERS, "copias": value})) == ["copias"]


@pytest.mark.parametrize("answers", [None, [], "texto", 5, [{"a": 1}]])
def test_answers_that_are_not_an_object_are_refused(answers: Any) -> None:
    assert "objeto" in errors_of(FORM, answers)[""]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "línea 1"),
        (b"", "línea 1"),
        (b"[]", "objeto JSON"),
        (b'{"a": 1, "a": 2}', "ningún nombre se repita"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"a":' * 100_000, "grande"),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "niveles"),
        (b"[" * 60_000, "niveles"),
    ],
)
def test_malformed_json_is_refused_saying_where(body: bytes, said: str) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        read_json(body)
    assert said in refused.value.errors[""]


def test_good_json_is_read() -> None:
    assert read_json(json.dumps(ANSWERS).encode()) == ANSWERS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
KEYS = st.sampled_from([c.key for c in FORM.fields] + ["alumnos", "typename", "", "x.y", "0"])


@given(st.dictionaries(KEYS | st.text(max_size=6), JSON, max_size=10))
def test_whatever_is_answered_comes_clean_or_is_refused(answers: dict[str, Any]) -> None:
    refused = errors_of(FORM, answers)
    assert all(isinstance(text, str) and text for text in refused.values())
    if not refused:
        clean = FORM.clean(answers, {})
        assert FORM.clean(clean, {}) == clean
        json.dumps(clean, allow_nan=False).encode()
        FORM.describe(clean, {})


ROWS = st.lists(
    st.dictionaries(st.sampled_from(["nota", "ausente", "nombre", "legajo", "x"]), JSON, max_size=4) | JSON, max_size=4
)


@given(ROWS | JSON)
def test_whatever_comes_in_the_rows_comes_clean_or_is_refused(rows: Any) -> None:
    if not errors_of(GRADES, {"alumnos": rows}, STUDENTS):
        clean = Form(GRADES).clean({"alumnos": rows}, STUDENTS)
        assert [row["nombre"] for row in clean["alumnos"]] == [row["nombre"] for row in STUDENTS["alumnos"]]
        assert Form(GRADES).clean(clean, STUDENTS) == clean
