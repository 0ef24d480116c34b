"""Filters as a URL's query and back."""

from hypothesis import given
from hypothesis import strategies as st

from engine.inbox import DUES, SORTS, TABS, Filters

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=20
)
SOME = st.none() | WORDS
SORT = st.lists(st.tuples(st.sampled_from([*SORTS, "dato.destino"]), st.booleans()), min_size=1, max_size=3,
                unique_by=lambda pair: pair[0]).map(tuple)  # fmt: skip


@given(
    st.builds(
        Filters,
        tab=st.sampled_from(TABS),
        process=SOME,
        due=st.none() | st.sampled_from(DUES),
        role=SOME,
        q=st.lists(WORDS, max_size=3).map(" ".join),
        facts=st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,9}", fullmatch=True), WORDS, max_size=3).map(
            lambda found: tuple(sorted(found.items()))
        ),
        sort=SORT,
        after=SOME,
    )
)
def test_filters_survive_the_url(filters: Filters) -> None:
    assert Filters.parse(filters.query()) == filters


@given(st.text(max_size=200))
def test_any_text_is_a_query_and_its_canonical_form_is_stable(text: str) -> None:
    filters = Filters.parse(text)
    assert Filters.parse(filters.query()).query() == filters.query()


@given(st.dictionaries(st.sampled_from(["bandeja", "vence", "orden", "q", "dato.x", "dato.", "desde"]), st.text()))
def test_any_values_are_tolerated(values: dict[str, str]) -> None:
    assert Filters.parse(values).tab in TABS


def test_the_plain_inbox_has_no_query() -> None:
    assert Filters().query() == ""
    assert Filters.parse("") == Filters()


def test_what_is_unknown_is_as_if_it_were_not_there() -> None:
    assert Filters.parse("bandeja=otras&vence=nunca&orden=precio,-&x=1&dato.a%20b=1") == Filters()


def test_a_multidict_gives_its_first_values() -> None:
    assert Filters.parse({"q": ["uno", "dos"], "bandeja": ["todas"], "proceso": []}) == Filters(tab="todas", q="uno")


def test_a_changed_filter_starts_from_the_first_page() -> None:
    assert Filters(q="a", after="x").with_(q="b") == Filters(q="b")


def test_narrowed_tells_whether_something_is_left_out() -> None:
    assert not Filters(tab="todas", sort=(("numero", True),)).narrowed
    assert Filters(facts=(("destino", "exterior"),)).narrowed


def test_the_order_reads_as_signs_and_keys() -> None:
    filters = Filters.parse("orden=-prioridad,dato.destino,vence,numero")
    assert filters.sort == (("prioridad", True), ("dato.destino", False), ("vence", False))
    assert filters.query() == "orden=-prioridad%2Cdato.destino%2Cvence"
