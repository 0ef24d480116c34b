"""The words that a case is kept and found by."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from engine.storage.search import fold, query_words, search_text


def found(text: str, query: str) -> bool:
    """As the databases compare: each group has a word that begins with one of its alternatives."""
    kept = search_text([text]).split()
    return all(any(word.startswith(form) for word in kept for form in group) for group in query_words(query))


def test_accents_case_and_composition_do_not_matter() -> None:
    assert fold("Ñáñez") == fold(unicodedata.normalize("NFD", "ÑÁÑEZ")) == "nanez"
    assert search_text(["Ñáñez"]) == search_text([unicodedata.normalize("NFD", "ñáñez")])


def test_plurals_and_forms_of_a_word_meet() -> None:
    for query in ("certificación", "certificaciones", "certificado", "CERTIFICACION", "certif"):
        assert found("Certificaciones académicas", query)
    assert not found("Certificaciones académicas", "matrícula")


def test_words_that_everybody_writes_are_not_kept_nor_asked_for() -> None:
    assert search_text(["de la Cruz"]) == "cruz"
    assert query_words("de la") == ()


def test_a_very_long_text_keeps_its_first_words() -> None:
    assert len(search_text([" ".join(f"palabra{n}" for n in range(5_000))]).split()) == 600
    assert len(query_words(" ".join(f"palabra{n}" for n in range(50)))) == 8


@given(st.text(max_size=60))
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    assert found(text, text)


@given(st.text())
def test_what_is_kept_is_plain_words_only(text: str) -> None:
    kept = search_text([text])
    assert all(word.isalnum() for word in kept.split())
    assert "'" not in kept
    assert "\\" not in kept
