"""The FEEL subset: what hides a field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms import FeelError, compile_feel
from engine.forms.feel_terms import Term

DATA = {
    "destino": "exterior",
    "copias": 3,
    "precio": 2.5,
    "urgente": True,
    "vacio": None,
    "productos": ["matriz", "archivo"],
    "tramite": {"solicitante": {"perfil": "estudiante"}},
    "this": {"ausente": True},
    "parent": {"destino": "pais"},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('=destino = "exterior"', True),
        ('destino != "exterior"', False),
        ("=copias > 2 and copias <= 3", True),
        ("=copias < 2 or urgente", True),
        ("=not(urgente)", False),
        ("=not(vacio)", None),
        ('=destino in ["pais", "exterior"]', True),
        ('=destino in ("pais", "otro")', False),
        ("=copias in [1..3]", True),
        ("=copias in [1..3)", False),
        ("=copias between 1 and 3 and urgente", True),
        ('=list contains(productos, "matriz")', True),
        ('="archivo" in productos', True),
        ("=count(productos) = 2", True),
        ('=tramite.solicitante.perfil = "estudiante"', True),
        ("=this.ausente = true", True),
        ('=parent.destino = "pais"', True),
        ("=copias * 2 + 1 = 7", True),
        ("=precio - 0.5 = 2", True),
        ("=copias / 0 = 1", False),
        ("=copias > -1", True),
        ("=vacio = null", True),
        ("=no.existe = null", True),
        ("=urgente = 1", False),
        ('=copias > "2"', None),
        ("=vacio > 1", None),
        ("=vacio and urgente", None),
        ("=vacio or urgente", True),
        ("=(copias > 5 or urgente) and (destino = null or copias = 3)", True),
    ],
)
def test_a_condition_gives_what_feel_says(text: str, value: object) -> None:
    assert compile_feel(text)(DATA) is value


@pytest.mark.parametrize(
    "text",
    [
        "=",
        "=copias >",
        "=copias > 1 and",
        '=if copias > 1 then "a" else "b"',
        "=string length(destino) > 3",
        "=productos[1]",
        "=__import__('os')",
        "=copias ** 9",
        "=x = {a: 1}",
        '=destino = "sin cerrar',
        "=for x in productos return x",
        "=destino.",
        "=" + "(" * 60 + "a" + ")" * 60,
        "=" + "not(" * 60 + "a" + ")" * 60,
        "=a = " + "1 + " * 400 + "1",
    ],
)
def test_what_is_outside_the_subset_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(FeelError, match=r"se admite|está entre|entiende|falta|sobra|incompleta|así|anidados|divídala"):
        compile_feel(text)


@given(
    st.text(max_size=80), st.dictionaries(st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text())
)
def test_any_text_either_compiles_or_is_refused_and_never_raises_when_evaluated(text: str, data: dict) -> None:
    try:
        condition = compile_feel(text)
    except FeelError:
        return
    condition(data)


PIECES = st.sampled_from(
    ["a", "b.c", "1", "2.5", '"x"', "null", "true", "=", "!=", "<", "in", "[", "]", "(", ")", ",", "..", "and", "or",
     "not(", "+", "-", "*", "/", "between", "list contains(", "count("]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14), st.sampled_from([{}, {"a": 1, "b": {"c": [1]}}, {"a": "x", "b": 3}]))
def test_any_sequence_of_words_of_the_language_is_handled(words: list[str], data: dict) -> None:
    try:
        condition = compile_feel(" ".join(words))
    except FeelError:
        return
    condition(data)


@pytest.mark.parametrize(
    ("hide", "seen"),
    [
        ('=a != "x"', [("a", {"x"})]),
        ("=this.a = true", [("a", {False})]),
        ("=not(a)", [("a", {True})]),
        ('=not(list contains(a, "x"))', [("a", {"x"})]),
        ('=not(a in ["x", "y"])', [("a", {"x", "y"})]),
        ('=not(list contains(a, "x")) and not(list contains(a, "y"))', [("a", {"x", "y"})]),
        ('=a != "x" or (b != "y" and b != "z")', [("a", {"x"}), ("b", {"y", "z"})]),
    ],
)
def test_a_condition_on_answers_is_told_as_the_answers_that_show_the_field(hide: str, seen: list) -> None:
    assert compile_feel(hide).seen == tuple(Term(name, frozenset(values)) for name, values in seen)


@pytest.mark.parametrize(
    "hide", ['=a = "x"', "=a > 3", "=a != null", '=a.b != "x"', '=a != "x" and b != "y"', "=a != b"]
)
def test_a_condition_of_another_kind_is_left_to_the_server(hide: str) -> None:
    assert compile_feel(hide).seen is None
