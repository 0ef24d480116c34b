"""A role lent for one process opens that process's work, not the rooms of the whole office (C-24)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import people
from tests.support.face import MONDAY, House

ROOMS = [
    "/mostrador",
    "/matriz",
    "/matriz/certificaciones.csv",
    "/actas-de-sesion/cargar",
    "/actas-de-sesion/CGA-2025-3/original",
    "/tablero",
]


def lend(house: House, role: str, process: str | None) -> None:
    first = MONDAY.date()
    with house.app.database.write() as conn:
        if role != "secretaria":
            people.grant_role(conn, house.people["rosa"], role, first)
        people.delegate(
            conn, house.people["rosa"], house.people["tadeo"], role, first, first + timedelta(days=9), "Vacaciones",
            MONDAY, process=process,
        )  # fmt: skip


@pytest.mark.req("C-24")
def test_a_role_lent_for_one_process_opens_no_room_of_the_whole_office(house: House) -> None:
    for role in ("secretaria", "jefe_secretaria"):
        lend(house, role, "solicitar_certificacion")
    tadeo = house.enter("tadeo")
    assert [tadeo.open(room).status_code for room in ROOMS] == [403] * len(ROOMS)
    menu = tadeo.open("/bandeja")
    assert menu.status_code == 200
    assert 'href="/matriz"' not in menu.text
    assert 'href="/mostrador"' not in menu.text


@pytest.mark.req("C-24")
def test_a_role_lent_whole_opens_them(house: House) -> None:
    lend(house, "jefe_secretaria", None)
    tadeo = house.enter("tadeo")
    assert [tadeo.open(room).status_code for room in ROOMS] == [200, 200, 200, 200, 404, 200]
