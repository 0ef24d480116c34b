"""Whose certificate it is, by the number that its subject says, as each country's certifiers write it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.signing import names_holder
from tests.unit.signing.test_verdict import SIGNER


@pytest.mark.req("R-9")
@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("0912345675", "0912345675"),
        ("PNOEC-0912345675", "0912345675"),
        ("IDCEC-0912345675", "0912345675"),
        ("CUIL 20123456786", "20123456786"),
        ("CUIL 20-12345678-6", "20123456786"),
        ("CUIL 20123456786", "12345678"),
        ("CUIL 27012345679", "1234567"),
        ("PASEC-A1234567", "a1234567"),
        ("dni 12.345.678", "12345678"),
    ],
)
def test_the_number_is_known_in_every_dress(said: str, known: str) -> None:
    assert names_holder(replace(SIGNER, identity=said), known)


@pytest.mark.req("R-9")
@pytest.mark.parametrize(
    ("said", "known"),
    [
        (None, "0912345675"),
        ("0912345675", None),
        ("", ""),
        ("CUIL 20123456786", "20123456787"),
        ("CUIL 20123456786", "345678"),
        ("CUIL 30123456786", "12345678"),  # a company's
        ("0912345675", "912345675"),
        ("CUIL 20123456786", "2012345678"),
    ],
)
def test_another_number_or_none_names_nobody(said: str | None, known: str | None) -> None:
    assert not names_holder(replace(SIGNER, identity=said), known)
