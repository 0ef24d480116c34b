"""A template of a document or a mail can neither leave its sandbox nor stop the worker that fills it."""

from __future__ import annotations

import time

import pytest

from engine.documents.errors import TemplateFailed
from engine.documents.templates import environment, fill

HOSTILE = "<script>alert(1)</script>"


def filled(template: str, **data: object) -> str:
    return fill(environment({"forms/t.html": template.encode()}), "t.html", {"v": HOSTILE, **data})


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ qr.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ '{0.__class__}'.format(v) }}",
        "{{ v|attr('__class__') }}",
        "{{ v|safe }}",
        "{{ cycler }}",
        "{{ lipsum() }}",
        "{% include '/etc/passwd' %}",
        "{% import '_base/../../secreto' as x %}",
        "{% extends 'https://malo.example/x' %}",
        "{{ 'x'.ljust(999999999) }}",
        "{{ 'x'|center(999999999) }}",
        "{{ '%0999999999d'|format(1) }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ [1]|batch(99999999, 'x')|list }}",
        "{{ v|indent(999999999) }}",
        "{{ (1).to_bytes(999999999, 'big') }}",
        "{{ 'x' * 999999999 }}",
        "{{ 9 ** 99999999 }}",
        "{{ range(99999999)|list }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 't.html' %}",
        "{% for a in range(1000) %}{% for b in range(1000) %}{{ '0123456789' }}{% endfor %}{% endfor %}",
    ],
)
def test_a_template_that_reaches_out_or_swells_fails_at_once_and_says_which(template: str) -> None:
    start = time.perf_counter()
    with pytest.raises(TemplateFailed, match=r"t\.html|plantilla"):
        filled(template)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    "template",
    ["{{ v }}", "{{ v|join }}", "{{ [v, v]|join(', ') }}", "{{ v|upper }}", "{{ v|title }}", "{{ {'a': v} }}"],
)
def test_data_never_becomes_markup(template: str) -> None:
    assert "<script" not in filled(template).lower()


def test_what_templates_use_every_day_still_works() -> None:
    rows = [{"n": "Álgebra", "g": "a"}, {"n": "Física", "g": "b"}]
    shown = "{% for g in rows|groupby('g') %}{{ g.grouper }}{{ g.list|length }}{% endfor %}{{ d.get('x', '—') }}{{ t.upper() }}"
    assert filled(shown, rows=rows, d={}, t="hola") == "a1b1—HOLA"
