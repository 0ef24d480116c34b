"""Whatever the list and whatever the docente writes: each row is told once, and each paper is read back as written."""

import csv
import io
from decimal import Decimal
from typing import Any

import docx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.actas.examen.enrolled import ListRefused, judge_rows, read_enrolled
from engine.actas.examen.letras import in_letters
from engine.actas.examen.printed import printed
from engine.actas.examen.returned import compare_return
from engine.actas.examen.returned_apart import read_here
from engine.actas.examen.returned_print import read_print
from engine.actas.examen.word import word_acta
from tests.support.acta_papel import BASE, acta
from tests.support.word_print import word_print

COLUMNS = ("expediente", "apellidos", "nombres", "tipo", "documento")
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # making one smaller takes minutes
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=UNSHRUNK)
MANY = settings(max_examples=150, deadline=None)

anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), max_size=40)
good = st.fixed_dictionaries({
    "expediente": st.from_regex(r"PG-[0-9]{1,4}/[0-9]{2}", fullmatch=True),
    "apellidos": st.sampled_from(["Ñáñez de la Cruz", "D'Angelo", "Güemes", "Íñiguez"]),
    "nombres": st.sampled_from(["María José", "Ana", ""]),
    "tipo": st.sampled_from(["DNI", "L.E.", "PAS"]),
    "documento": st.integers(1_000_000, 99_999_999).map(str),
})  # fmt: skip
rows = st.lists(good | st.fixed_dictionaries(dict.fromkeys(COLUMNS, anything)), min_size=1, max_size=60)

word = st.text("aábcdeéghiílmnñoópqrstuúüvzÁÉÑÚ", min_size=1, max_size=12)
name = st.builds(lambda one, two: f"{' '.join(one)}, {' '.join(two)}", *[st.lists(word, min_size=1, max_size=4)] * 2)
grade = st.none() | st.decimals(0, 100, places=2)
day = st.none() | st.dates().map(lambda one: one.replace(year=2000 + one.year % 60).isoformat())
actas = st.lists(st.tuples(name, grade, day), min_size=1, max_size=21)


def stated(listed: list[tuple[str, Decimal | None, str | None]]) -> dict[str, Any]:
    data = acta(len(listed), long=len(listed) > 10)
    for row, (who, mark, when) in zip(data["filas"], listed, strict=True):
        written = None if mark is None else f"{mark:.2f}".replace(".", ",")
        row |= {"nombre": who, "calificacion": written, "ausente": mark is None, "fecha": when}
        row |= {"letras": None if mark is None else in_letters(mark)}
    return data


@MANY
@given(rows)
def test_each_row_of_a_list_is_a_student_or_is_refused_and_nobody_is_twice(listed: list[dict[str, str]]):
    found = judge_rows(listed)
    assert len(found.students) + len(found.refused) == len(listed)
    assert [one.line for one in found.refused] == sorted({one.line for one in found.refused})
    assert len({one.identity for one in found.students}) == len(found.students)
    assert all(one.faults for one in found.refused)


@MANY
@given(rows, st.sampled_from([";", ",", "\t", "|"]))
def test_a_csv_says_the_same_as_the_form(listed: list[dict[str, str]], separator: str):
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=separator)
    writer.writerow(COLUMNS)
    writer.writerows([[row[column] for column in COLUMNS] for row in listed])
    full = [row for row in listed if any(value.strip() for value in row.values())]
    try:
        found = read_enrolled("lista.csv", target.getvalue().encode())
    except ListRefused:
        assert not full
        return
    assert found.students == judge_rows(full).students


@MANY
@given(st.binary(max_size=400))
def test_any_bytes_are_a_list_or_are_refused(data: bytes):
    try:
        found = read_enrolled("lista", data)
    except ListRefused:
        return
    assert found.students or found.refused


@FEW
@given(actas)
def test_whatever_is_in_a_copy_is_read_back_and_again_when_it_was_converted(listed: list[Any]):
    data = stated(listed)
    shown = printed(data)
    file = word_acta(shown)
    for found in (read_here(file), read_print(word_print(file))):
        assert compare_return(found, f"{BASE}.docx", data) == []
        assert [(one.nota, one.letras, one.fecha) for one in found.rows] == [
            (row["calificacion"], row["letras"], row["fecha"]) for row in shown["filas"]
        ]
        assert (found.inscriptos, found.examinados) == (data["inscriptos"], data["examinados"])
    assert docx.Document(io.BytesIO(file)).tables
