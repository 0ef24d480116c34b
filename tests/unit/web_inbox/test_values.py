"""Data, help texts and filters as people read and type them."""

import pytest

from web.cases.search import CaseQuery
from web.cases.values import datum
from web.inbox.instructions import fill_in


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "vacío"),
        ("", "vacío"),
        ([], "vacío"),
        (True, "sí"),
        (False, "no"),
        (7.85, "7,85"),
        (12345, "12345"),
        (["a", "b"], "a, b"),
        ([{"a": 1}], '[{"a": 1}]'),
        ("2026-11-24", "24/11/2026"),
        ("2026-11-24T04:59:59+00:00", "23/11/2026, 23:59"),
        ("2026-99-99", "2026-99-99"),
        ("Ñáñez", "Ñáñez"),
    ],
)
def test_a_datum_is_shown_as_people_write_it(house, value, text):
    with house.flask.test_request_context("/"):
        assert datum(value) == text


def test_a_long_datum_is_cut(house):
    with house.flask.test_request_context("/"):
        assert datum("x" * 999).endswith("…")
        assert len(datum("x" * 999)) == 240


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hola {{ quien.nombre }}.", ["Hola Ana."]),
        ("Dice {{ nada.de.eso }}", ["Dice vacío"]),
        ("Uno\n\n{{ nada.de.eso }}\n\n{{ quien.nombre }}", ["Uno", "Ana"]),
        ("{{ 7*7 }} {% raw %}", ["{{ 7*7 }} {% raw %}"]),
        ("Uno\nsigue\n\nDos", ["Uno sigue", "Dos"]),
        ("", []),
    ],
)
def test_help_is_filled_in_with_data_and_computes_nothing(house, text, filled):
    with house.flask.test_request_context("/"):
        assert fill_in(text, {"quien": {"nombre": "Ana"}}) == filled


def test_what_a_decision_rests_on_is_read_whole(house):
    with house.flask.test_request_context("/"):
        (told,) = fill_in("La comparación dice: {{ comparacion }}", {"comparacion": "x" * 1_500})
    assert told.endswith("x" * 1_500)


def test_a_day_typed_is_the_whole_day_at_the_institution(house):
    zone = house.app.config.zone
    filters = CaseQuery(desde="2026-11-23", hasta="2026-11-23").filters(zone)
    assert (filters.until - filters.since).days == 1
    assert filters.since.tzinfo is zone


def test_the_address_of_the_next_page_keeps_the_filters():
    assert CaseQuery(q="ñ", estado="open").after("SG-1") == "q=%C3%B1&estado=open&tras=SG-1"
