"""Cédula, DNI, CUIL and passport."""

import pytest

from engine.errors import InvalidAnswers
from engine.people import check_identity


@pytest.mark.parametrize(
    ("kind", "number", "written"),
    [
        ("cedula", "0912345675", "0912345675"),
        ("cedula", "1700000019", "1700000019"),
        ("cedula", "3000000012", "3000000012"),
        ("cedula", "091234567-5", "0912345675"),
        ("dni", "20.123.456", "20123456"),
        ("dni", "7123456", "7123456"),
        ("cuil", "20-05536168-2", "20055361682"),
        ("pasaporte", "ab 123456", "AB123456"),
    ],
)
def test_a_good_number_is_kept_in_its_one_written_form(kind: str, number: str, written: str) -> None:
    assert check_identity(kind, number) == written


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("cedula", "0912345674"),
        ("cedula", "9999999999"),
        ("cedula", "2512345678"),
        ("cedula", "091234567"),
        ("cedula", ""),
        ("cedula", None),
        ("dni", "123456"),
        ("dni", "123456789"),
        ("dni", "1234567a"),
        ("cuil", "20-05536168-3"),
        ("cuil", "30-50001091-2"),
        ("pasaporte", "AB"),
        ("pasaporte", "ABCDEFGH"),
        ("pasaporte", "AB123456<script>"),
        ("pasaporte", "1" * 16),
    ],
)
def test_a_bad_number_is_refused_with_what_to_do(kind: str, number: str | None) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        check_identity(kind, number)
    assert refused.value.errors["identity_number"].startswith("Revise")


@pytest.mark.parametrize("kind", [None, "", "carnet", "CEDULA"])
def test_an_unknown_document_is_refused(kind: str | None) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        check_identity(kind, "0912345675")
    assert set(refused.value.errors) == {"identity_kind"}
