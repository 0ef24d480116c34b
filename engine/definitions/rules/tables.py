"""Decision tables: what they ask and answer is safe, and exactly one rule answers for every case that can be told.

Gaps and overlaps are looked for by trying: each input gets representative values (every value that a cell names, values
between and beyond the numbers named, the options of a question that a form asks, «otro» for free text), and each
combination must meet exactly one rule: so an option added to a form without its row is told here.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.decision import Cell, Table, clashes, tables_of
from engine.definitions.finding import Finding
from engine.definitions.rules.files import closed_questions
from engine.definitions.subject import Subject
from engine.errors import UnsafeExpression
from engine.spiff import check_expression


def decisions_exist(subject: Subject) -> Iterator[Finding]:
    known = [table.decision for table in _tables(subject)]
    for diagram, node in subject.nodes():
        if node.kind != "businessRuleTask":
            continue
        called = (node.extension("calledDecisionId") or "").strip()
        if called not in known:
            problem = f"La tabla «{called}» no está en la carpeta." if called else "No dice qué tabla usa."
            yield Finding(diagram.file, node.label, problem, "Elija una decisión de los archivos .dmn del proceso.")


def decisions_are_tables(subject: Subject) -> Iterator[Finding]:
    for file, root in subject.tables.items():
        decisions = [x for x in root if isinstance(x.tag, str) and x.tag.endswith("}decision")]
        if len(decisions) != 1 or len(list(tables_of(file, root))) != 1:
            problem = "El archivo no tiene exactamente una decisión con una tabla."
            yield Finding(file, None, problem, "Guarde cada tabla de decisión en su propio archivo.")


def hit_policy_is_one_that_runs(subject: Subject) -> Iterator[Finding]:
    for table in _tables(subject):
        if table.policy not in ("UNIQUE", "COLLECT"):
            problem = f"La política «{table.policy}» no se ejecuta."
            yield Finding(table.file, table.decision, problem, "Use UNIQUE (una sola regla) o COLLECT (todas).")


def cells_are_safe(subject: Subject) -> Iterator[Finding]:
    for table in _tables(subject):
        for column in table.inputs:
            yield from _check(table, column.id, column.expression)
        for rule in table.rules:
            for cell in rule.conditions:
                yield from _check_condition(table, cell)
            for cell in rule.results:
                yield from _check(table, cell.id, cell.text)


def outputs_have_a_name(subject: Subject) -> Iterator[Finding]:
    for table in _tables(subject):
        for identifier, name in table.outputs:
            if not name.isidentifier() or name.startswith("_"):
                problem = "La columna de salida no tiene un nombre de dato."
                yield Finding(table.file, identifier, problem, "Dele uno, como «dias».")
        if not table.rules or not table.outputs:
            yield Finding(table.file, table.decision, "La tabla está vacía.", "Añada al menos una salida y una regla.")


def exactly_one_rule_answers(subject: Subject) -> Iterator[Finding]:
    options = closed_questions(subject)
    for table in _tables(subject):
        if table.policy != "UNIQUE" or not table.rules:
            continue
        for example, rules in clashes(table, options):
            if rules:
                problem = f"Las reglas {' y '.join(map(str, rules))} responden a la vez cuando {example}."
                yield Finding(table.file, table.decision, problem, "Haga que sus condiciones no se pisen.")
            else:
                problem = f"Ninguna regla responde cuando {example}."
                mend = "Añada una regla, o escriba los valores posibles en el encabezado de la columna."
                yield Finding(table.file, table.decision, problem, mend)


def _tables(subject: Subject) -> list[Table]:
    return [table for file, root in subject.tables.items() for table in tables_of(file, root)]


def _check(table: Table, element: str, text: str) -> Iterator[Finding]:
    if not text.strip():
        yield Finding(table.file, element, "La celda está vacía.", "Escriba un valor; los textos van entre comillas.")
        return
    try:
        check_expression(text)
    except UnsafeExpression as error:
        yield Finding(table.file, element, error.message, "Los textos van entre comillas; los números, sin ellas.")


def _check_condition(table: Table, cell: Cell) -> Iterator[Finding]:
    if cell.matches_all:
        return
    try:
        check_expression(cell.test("valor"))
    except UnsafeExpression:
        mend = 'Escriba «"texto"», «>= 5», «5 <= ? and ? < 10», «in ["a", "b"]» o «-».'
        yield Finding(table.file, cell.id, f"La condición «{cell.text}» no se entiende.", mend)
        return
    if not cell.has_operator and cell.text.lstrip().startswith(('"', "'")) and _is_a_list(cell.text):
        mend = f"Escriba «in [{cell.text.strip()}]»."
        yield Finding(table.file, cell.id, f"La lista {cell.text.strip()} no se compara con cada valor.", mend)


def _is_a_list(text: str) -> bool:
    return '","' in text.replace(" ", "") or "','" in text.replace(" ", "")
