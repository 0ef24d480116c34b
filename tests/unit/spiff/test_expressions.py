"""The language of diagrams: everything it promises works, and nothing else is spoken, refused at once and with a reason."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest

from engine.errors import EngineFault, UnsafeExpression
from engine.spiff import check_expression, check_script, evaluate
from engine.spiff.expressions import MAX_DEPTH, MAX_ITEMS, MAX_LINES, MAX_TEXT, SafeEnvironment, plain
from engine.spiff.functions import FUNCTIONS
from engine.spiff.moment import Moment, Recorded, during
from tests.support.walk import CASE, START, ZONE, PlainOffice

DATA: dict[str, Any] = {
    "n": 7,
    "nota": 8.5,
    "ok": True,
    "nada": None,
    "nombre": "Ñáñez",
    "lista": [3, 1, 2],
    "d": {"a": {"b": "hondo"}, "uno": 1},
    "materias": [{"n": "Álgebra", "c": 3}, {"n": "Física", "c": 5}],
}

GIVES: list[tuple[str, Any]] = [
    ("1 + 2 * 3 - 4 / 2", 5.0),
    ("7 // 2 + 7 % 4 - -1 + +1", 8),
    ("n > 5 and not (nota <= 7) or nada", True),
    ("1 < 2 <= 2 != 3 >= 3 == 3.0", True),
    ("'a' in nombre or 2 not in lista", False),
    ("nada is None and ok is not None", True),
    ("'sí' if ok else 'no'", "sí"),
    ("[n, (1, 2), {'k': [n]}]", [7, [1, 2], {"k": [7]}]),
    ("lista[0] + lista[-1]", 5),
    ("lista[1:]", [1, 2]),
    ("nombre[:2]", "Ñá"),
    ("d.a.b + d['a']['b'][0]", "hondoh"),
    ("[m.n for m in materias if m.c > 3]", ["Física"]),
    ("sum([m.c for m in materias])", 8),
    ("len(lista) + len(nombre) + len(d)", 10),
    ("min(lista) + max(lista) + max(1, 9)", 13),
    ("round(nota) + round(2.456, 1) + abs(-3)", 13.5),
    ("str(n) + str(nada) + str(2.5)", "72.5"),
    ("int('12') + int(3.9) + float('0.5')", 15.5),
    ("upper('ñ') + lower('Á')", "Ñá"),
    ("any([False, ok]) and all([ok, 1])", True),
    ("sorted(lista)", [1, 2, 3]),
    ("join(', ', [m.n for m in materias])", "Álgebra, Física"),
    ("get(d, 'uno') + get(d, 'dos', 2) + get(nada, 'x', 0)", 3),
    ("por_plazo({'b': 5, 'c': 1, 'a': 5})", [["c"], ["a", "b"]]),
    ("True and False", False),
    ("'{0.__class__}'", "{0.__class__}"),
]


@pytest.mark.parametrize(("text", "value"), GIVES, ids=[text for text, _ in GIVES])
def test_what_the_language_promises_works(text: str, value: Any) -> None:
    check_expression(text)
    found = evaluate(text, DATA)
    assert (found, type(found)) == (value, type(value))


def test_every_function_has_its_example_here() -> None:
    said = " ".join(text for text, _ in GIVES)
    of_the_office = {"hoy", "ahora", "dias_habiles", "iniciar_plazo", "iniciar_plazos", "cumplir_plazo", "negar_plazo",
                     "desistir_plazo", "pendientes", "plazo"}  # fmt: skip
    assert {name for name in FUNCTIONS if not re.search(rf"\b{name}\(", said)} == of_the_office


def plus(days: int) -> str:
    return (START + timedelta(days=days)).isoformat()


def test_what_is_asked_of_the_office_is_answered_within_a_command_and_on_record() -> None:
    moment = Moment(CASE, START, ZONE, 0, PlainOffice())
    with during(moment):
        assert evaluate("hoy()", {}) == "2026-03-02"
        assert evaluate("ahora()", {}) == START.isoformat()
        assert evaluate("dias_habiles(3)", {}) == (START + timedelta(days=3)).isoformat()
        assert evaluate("dias_habiles(2, notada)", {"notada": "2026-02-20"}).startswith("2026-02-22")
        with pytest.raises(EngineFault, match="no es un día"):
            evaluate("dias_habiles(2, 'ayer')", {})
        assert evaluate("iniciar_plazo('p', 4)", {}, script=True) == (START + timedelta(days=4)).isoformat()
        assert evaluate("cumplir_plazo('p')", {}, script=True) == START.isoformat()
        assert evaluate("negar_plazo('p')", {}, script=True) == START.isoformat()
        assert evaluate("desistir_plazo('p')", {}, script=True) == START.isoformat()
        assert evaluate("plazo(50, 1)", {}) == (START + timedelta(days=3)).isoformat()
        assert evaluate("iniciar_plazos(['p'], {'q': 1, 'p': 4})", {}, script=True) == plus(4)
        assert evaluate("plazo('p', 25)", {}) == plus(1)
        assert evaluate("plazo(['p', 'q'], 50, 1)", {}) == plus(3)
        assert evaluate("pendientes('p')", {}) == ["p"]
        again = Moment(CASE, START, ZONE, 0, Recorded([list(read) for read in moment.reads]))
    asked = ["hoy", "ahora", "dias_habiles", "dias_habiles_desde", "iniciar_plazo", "cumplir_plazo", "negar_plazo", "desistir_plazo", "plazo",
             "iniciar_plazos", "plazo_de", "plazo_de", "pendientes"]  # fmt: skip
    assert [name for name, _, _ in moment.reads] == asked
    with during(again):
        assert evaluate("hoy()", {}) == "2026-03-02"
    with pytest.raises(EngineFault, match="fuera de un comando"):
        evaluate("hoy()", {})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("iniciar_plazos(['p'], {'q': 1})", "no promete un plazo para: p"),
        ("iniciar_plazos(['p'], ['p'])", "tramite.carta.plazos"),
        ("iniciar_plazos([1], {'q': 1})", "lista de sus códigos"),
        ("por_plazo(['p'])", "tramite.carta.plazos"),
        ("pendientes(7)", "lista de sus códigos"),
        ("plazo('p')", "Se escribe plazo"),
        ("plazo(80, 1, 1)", "Se escribe plazo"),
    ],
)
def test_a_term_asked_for_wrongly_says_how(text: str, reason: str) -> None:
    with during(Moment(CASE, START, ZONE, 0, PlainOffice())), pytest.raises(EngineFault, match=reason):
        evaluate(text, {}, script=True)


@pytest.mark.parametrize("days", ["-1", "3651", "'x'", "None"])
def test_a_term_is_a_number_of_days_that_makes_sense(days: str) -> None:
    with during(Moment(CASE, START, ZONE, 0, PlainOffice())), pytest.raises(EngineFault):
        evaluate(f"dias_habiles({days})", {})


REFUSED = [
    ("import os", "mal escrita"),
    ("__import__('os')", "guion bajo|no existe"),
    ("().__class__.__bases__[0].__subclasses__()", "no existe|guion bajo"),
    ("d.__class__", "guion bajo"),
    ("_x", "guion bajo"),
    ("nombre.__init__.__globals__", "guion bajo"),
    ("'{0.__class__}'.format(d)", "no existe"),
    ("nombre.upper()", "no existe"),
    ("str.format('{}', 1)", "no existe"),
    ("eval('1')", "«eval» no existe. Existen: abs, "),
    ("getattr(d, 'a')", "no existe"),
    ("(lambda: 1)()", "no existe"),
    ("lambda: 1", "Lambda"),
    ("(y := 5)", "NamedExpr"),
    ("f'{n}'", "JoinedStr"),
    ("[*lista]", "Starred"),
    ("max(*lista)", "Starred"),
    ("2 ** 99", "Pow"),
    ("1 << 99", "LShift"),
    ("~1", "Invert"),
    ("1 & 1", "BitAnd"),
    ("{1, 2}", "Set"),
    ("{k: 1 for k in lista}", "DictComp"),
    ("{k for k in lista}", "SetComp"),
    ("sum(x for x in lista)", "GeneratorExp"),
    ("await n", "Await"),
    ("b'x'", "no es un valor"),
    ("1j", "no es un valor"),
    ("...", "no es un valor"),
    ("x = 1", "mal escrita"),
    ("1; 2", "mal escrita"),
    ("", "mal escrita"),
    ("1 +", "mal escrita"),
    ("n\x00", "mal escrita"),
    ("9" * 5_000, "caracteres"),
    ("n" * (MAX_TEXT + 1), "caracteres"),
    ("(" * 3_000 + ")", "mal escrita|anidada"),
    ("-" * (MAX_DEPTH + 2) + "1", "anidada"),
    ("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2), "anidada"),
    ("iniciar_plazo('p', 1)", "solo se usa en una tarea de script"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED, ids=[text[:40] for text, _ in REFUSED])
def test_what_it_does_not_speak_is_refused_with_its_reason_and_at_once(text: str, reason: str) -> None:
    start = time.perf_counter()
    with pytest.raises(UnsafeExpression, match=reason):
        check_expression(text)
    with pytest.raises(UnsafeExpression, match=reason):
        evaluate(text, DATA)
    assert time.perf_counter() - start < 1


SWELLS = [
    ("'a' * 1000", "solo se usa entre números"),
    ("[0] * 10", "solo se usa entre números"),
    ("'%999999s' % 1", "solo se usa entre números"),
    ("9999999999 * 9999999999", "demasiado grande"),
    ("9223372036854775807 + 1", "demasiado grande"),
    ("int(largo)", "no es un número"),
    ("[x for x in muchos]", "no se pudo calcular"),
    ("[a for a in mil for b in mil]", "no se pudo calcular"),
    ("[[b for b in mil] for a in mil]", "valores|no se pudo"),
    ("join(nombre, mil) + join(largo, mil)", "demasiado largo"),
    ("str(lista)", "solo escribe textos y números"),
    ("round(1.5, 99999999999)", "30 decimales"),
    ("round(7, -99999999999)", "30 decimales"),
    ("round(7, 'x')", "30 decimales"),
    ("round(nombre)", "no se pudo calcular"),
    ("sum([mil for a in mil], [])", "no se pudo calcular"),
    ("sum([lista, lista])", "solo suma números"),
    ("float('inf')", "no dio un número"),
    ("float('nan')", "no dio un número"),
    ("1 / 0", "no se pudo calcular"),
    ("no_existe + 1", "no_existe"),
    ("d.falta", "no tiene «falta»"),
    ("d['falta']", "no se pudo calcular"),
    ("nombre.a", "no tiene «a»"),
    ("n < 'a'", "no se pudo calcular"),
    ("n()", "no existe"),
    ("len", "."),
    ("{'typename': 'datetime', 'value': '2026'}", "«typename» está reservada"),
    ("[{'a': {'typename': 1}}]", "«typename» está reservada"),
]


@pytest.mark.parametrize(("text", "reason"), SWELLS, ids=[text for text, _ in SWELLS])
def test_what_swells_or_cannot_be_computed_stops_with_its_reason_and_at_once(text: str, reason: str) -> None:
    data = {**DATA, "muchos": list(range(MAX_ITEMS + 1)), "mil": ["x"] * MAX_ITEMS, "largo": "9" * 10_000}
    start = time.perf_counter()
    with pytest.raises((EngineFault, UnsafeExpression), match=reason):
        evaluate(text, data)
    assert time.perf_counter() - start < 3


@pytest.mark.parametrize("value", [object(), {1, 2}, b"x", 1j, float("inf"), 2**70, {"typename": "x"}])
def test_only_json_is_kept(value: Any) -> None:
    with pytest.raises(EngineFault):
        plain({"a": [value]})


def test_what_is_kept_is_as_json_gives_it_back_and_shares_nothing() -> None:
    inner = {"x": (1, 2)}
    kept = plain({"a": inner, 5: None})
    assert kept == {"a": {"x": [1, 2]}, "5": None}
    inner["x"] = ()
    assert kept["a"] == {"x": [1, 2]}


def test_data_deeper_than_a_person_would_write_is_refused() -> None:
    deep: Any = 1
    for _ in range(10_000):
        deep = [deep]
    with pytest.raises(EngineFault, match="anidado"):
        plain(deep)


def _run(script: str, **data: Any) -> dict[str, Any]:
    SafeEnvironment().execute(script, data)
    return data


def test_a_script_is_lines_of_name_and_expression_that_see_those_above() -> None:
    script = "# dos líneas\n\n total = sum([m.c for m in materias])\ndoble = total * 2  # y un comentario\niguales = 1 == 1\n"
    check_script(script)
    done = _run(script, materias=DATA["materias"])
    assert (done["total"], done["doble"], done["iguales"]) == (8, 16, True)


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "x",
        "x == 1",
        "x += 1",
        "x: int = 1",
        "x = y = 1",
        "x, y = 1, 2",
        "x.y = 1",
        "x['a'] = 1",
        "_x = 1",
        "x = ",
        "= 1",
        "1x = 1",
        "del x",
        "for x in y: pass",
        "x = 1; y = 2",
        "x = (y := 1)",
        "x = __import__('os')",
    ],
)
def test_a_line_that_is_anything_else_is_refused_before_any_runs(line: str) -> None:
    with pytest.raises(UnsafeExpression):
        check_script(f"a = 1\n{line}")


def test_a_script_has_an_end() -> None:
    check_script("x = 1\n" * MAX_LINES)
    with pytest.raises(UnsafeExpression, match="líneas"):
        check_script("x = 1\n" * (MAX_LINES + 1))


def test_case_data_cannot_take_the_place_of_a_function_or_a_constant() -> None:
    assert evaluate("len(lista) if True else None", {"len": 5, "True": 0, "lista": [1]}) == 1


def test_case_data_with_hostile_names_is_only_data() -> None:
    assert evaluate("d['__class__']", {"d": {"__class__": "texto"}}) == "texto"
    with pytest.raises(UnsafeExpression):
        evaluate("__class__", {"__class__": 1})
