"""Roles with dates (C-7), acting holders, and roles lent (C-24)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from engine.errors import InvalidAnswers, NotAllowed, NotFound
from engine.people import (
    Capacity,
    capacity_of,
    delegate,
    end_holding,
    grant_role,
    list_delegations,
    list_holdings,
    people_with_role,
    revoke_delegation,
    roles_of,
    scoped_roles_of,
    set_active,
)

AT = datetime(2025, 11, 19, 15, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST, LAST = date(2025, 3, 1), date(2025, 8, 31)
Someone = Callable[..., UUID]


@pytest.mark.req("C-7")
def test_a_role_is_held_from_its_first_day_to_its_last(conn: Connection, someone: Someone) -> None:
    rosa = someone()
    grant_role(conn, rosa, "secretario_general", FIRST, LAST)
    held = [roles_of(conn, rosa, day) for day in (FIRST - DAY, FIRST, LAST, LAST + DAY)]
    assert [bool(roles) for roles in held] == [False, True, True, False]
    assert [p.id for p in people_with_role(conn, "secretario_general", LAST)] == [rosa]
    assert people_with_role(conn, "secretario_general", LAST + DAY) == []


def test_the_next_holder_follows_and_the_past_remains(conn: Connection, someone: Someone) -> None:
    rosa, tadeo = someone(), someone("tadeo", "Tadeo", "Güemes")
    holding = grant_role(conn, rosa, "secretario_general", FIRST)
    end_holding(conn, holding, LAST)
    grant_role(conn, tadeo, "secretario_general", LAST + DAY, acting=True)
    listed = list_holdings(conn, role="secretario_general")
    assert [(one.person_id, one.until, one.acting) for one in listed] == [(tadeo, None, True), (rosa, LAST, False)]
    assert capacity_of(conn, tadeo, "secretario_general", LAST + DAY) == Capacity("encargado")
    assert capacity_of(conn, rosa, "secretario_general", FIRST) == Capacity("titular")
    assert capacity_of(conn, rosa, "secretario_general", LAST + DAY) is None
    with pytest.raises(NotFound):
        end_holding(conn, uuid4(), LAST)
    with pytest.raises(InvalidAnswers):
        end_holding(conn, holding, FIRST - DAY)


def test_the_same_role_is_not_held_twice_at_once(conn: Connection, someone: Someone) -> None:
    rosa = someone()
    grant_role(conn, rosa, "secretaria", FIRST, LAST)
    for since, until in ((LAST, None), (FIRST - 5 * DAY, FIRST), (FIRST + DAY, LAST - DAY)):
        with pytest.raises(InvalidAnswers):
            grant_role(conn, rosa, "secretaria", since, until)
    with pytest.raises(InvalidAnswers):
        grant_role(conn, rosa, "archivo", LAST, FIRST)
    grant_role(conn, rosa, "secretaria", LAST + DAY)


@pytest.mark.req("C-24")
def test_a_role_is_lent_between_two_dates_and_for_one_process(conn: Connection, someone: Someone) -> None:
    rosa, tadeo = someone(), someone("tadeo", "Tadeo", "Güemes")
    grant_role(conn, rosa, "secretario_general", FIRST)
    lent = delegate(
        conn,
        rosa,
        tadeo,
        "secretario_general",
        LAST,
        LAST + 9 * DAY,
        "Comisión de servicios",
        AT,
        process="acta_examen",
    )
    assert roles_of(conn, tadeo, LAST, "acta_examen") == {"secretario_general"}
    assert roles_of(conn, tadeo, LAST, "otro") == roles_of(conn, tadeo, LAST) == frozenset()
    assert roles_of(conn, tadeo, LAST - DAY, "acta_examen") == frozenset()
    assert roles_of(conn, tadeo, LAST + 10 * DAY, "acta_examen") == frozenset()
    assert scoped_roles_of(conn, tadeo, LAST) == {("secretario_general", "acta_examen")}
    able = people_with_role(conn, "secretario_general", LAST, "acta_examen")
    assert [person.id for person in able] == [tadeo, rosa]
    assert [person.id for person in people_with_role(conn, "secretario_general", LAST)] == [rosa]
    capacity = capacity_of(conn, tadeo, "secretario_general", LAST, "acta_examen")
    assert capacity == Capacity("delegado", rosa)
    revoke_delegation(conn, lent, AT)
    assert roles_of(conn, tadeo, LAST, "acta_examen") == frozenset()


def test_what_is_lent_is_not_lent_on_nor_what_is_not_held(conn: Connection, someone: Someone) -> None:
    rosa, tadeo, ines = someone(), someone("tadeo", "Tadeo", "Güemes"), someone("ines", "Inés", "Cotacachi")
    grant_role(conn, rosa, "secretaria", FIRST, LAST)
    delegate(conn, rosa, tadeo, "secretaria", FIRST, LAST, "Licencia", AT)
    with pytest.raises(NotAllowed):
        delegate(conn, tadeo, ines, "secretaria", FIRST, LAST, "Licencia", AT)
    with pytest.raises(NotAllowed):
        delegate(conn, rosa, ines, "secretaria", LAST + DAY, LAST + 2 * DAY, "Licencia", AT)
    with pytest.raises(NotAllowed):
        delegate(conn, rosa, ines, "rectorado", FIRST, LAST, "Licencia", AT)


def test_a_loan_needs_dates_a_reason_and_another_person(conn: Connection, someone: Someone) -> None:
    rosa, tadeo, gone = someone(), someone("tadeo", "Tadeo", "Güemes"), someone("gone", "Se", "Fue")
    set_active(conn, gone, False)
    grant_role(conn, rosa, "secretaria", FIRST)
    cases = (
        (rosa, FIRST, LAST, "Licencia", "to"),
        (gone, FIRST, LAST, "Licencia", "to"),
        (tadeo, LAST, FIRST, "Licencia", "until"),
        (tadeo, FIRST, FIRST + 400 * DAY, "Licencia", "until"),
        (tadeo, FIRST, LAST, " ", "reason"),
    )
    for to, since, until, reason, field in cases:
        with pytest.raises(InvalidAnswers) as refused:
            delegate(conn, rosa, to, "secretaria", since, until, reason, AT)
        assert set(refused.value.errors) == {field}


def test_only_the_lender_or_the_borrower_ends_a_loan_early(conn: Connection, someone: Someone) -> None:
    rosa, tadeo, ines = someone(), someone("tadeo", "Tadeo", "Güemes"), someone("ines", "Inés", "Cotacachi")
    grant_role(conn, rosa, "secretaria", FIRST)
    lent = delegate(conn, rosa, tadeo, "secretaria", FIRST, LAST, "Licencia", AT)
    with pytest.raises(NotFound):
        revoke_delegation(conn, lent, AT, by=ines)
    assert [one.id for one in list_delegations(conn, tadeo, FIRST)] == [lent]
    revoke_delegation(conn, lent, AT, by=tadeo)
    assert list_delegations(conn, rosa, FIRST) == []
    assert list_delegations(conn, rosa)[0].revoked_at == AT
    with pytest.raises(NotFound):
        revoke_delegation(conn, lent, AT)


def test_a_closed_account_holds_and_is_lent_nothing(conn: Connection, someone: Someone) -> None:
    rosa, tadeo = someone(), someone("tadeo", "Tadeo", "Güemes")
    grant_role(conn, rosa, "secretaria", FIRST)
    delegate(conn, rosa, tadeo, "secretaria", FIRST, LAST, "Licencia", AT)
    set_active(conn, tadeo, False)
    assert roles_of(conn, tadeo, FIRST) == frozenset()
    assert [person.id for person in people_with_role(conn, "secretaria", FIRST)] == [rosa]
    set_active(conn, rosa, False)
    assert roles_of(conn, rosa, FIRST) == frozenset()
