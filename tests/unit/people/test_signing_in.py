"""Passwords, sessions and tokens."""

import hashlib
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy import Connection

from engine.errors import InvalidAnswers, NotFound
from engine.people import (
    authenticate,
    change_password,
    close_session,
    create_token,
    list_sessions,
    list_tokens,
    open_session,
    renew_hash,
    revoke_session,
    revoke_sessions,
    revoke_token,
    session_id,
    session_person,
    set_active,
    set_password,
    token_person,
    touch_session,
    touch_token,
)
from engine.storage.tables import api_token, person, web_session

AT = datetime(2025, 11, 19, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
Someone = Callable[..., UUID]


def test_the_right_password_opens_and_nothing_else_does(conn: Connection, someone: Someone) -> None:
    rosa = someone(password="una contraseña larga")
    found = authenticate(conn, " ROSA ", "una contraseña larga", AT)
    assert found is not None
    assert found.id == rosa
    assert authenticate(conn, "rosa", "otra", AT) is None
    assert authenticate(conn, "nadie", "una contraseña larga", AT) is None
    assert authenticate(conn, "rosa", "x" * 100_000, AT) is None
    assert authenticate(conn, "rosa", "", AT) is None


def test_neither_a_closed_account_nor_one_without_password_opens(conn: Connection, someone: Someone) -> None:
    rosa = someone(password="una contraseña larga")
    someone("sin", "Sin", "Clave")
    set_active(conn, rosa, False)
    assert authenticate(conn, "rosa", "una contraseña larga", AT) is None
    assert authenticate(conn, "sin", "", AT) is None
    assert authenticate(conn, "sin", "nobody has this password", AT) is None


def test_an_unknown_user_costs_the_time_of_a_wrong_password(conn: Connection, someone: Someone) -> None:
    someone(password="una contraseña larga")

    def cost(username: str) -> float:
        times = []
        for _ in range(7):
            start = time.process_time()
            authenticate(conn, username, "mala", AT)
            times.append(time.process_time() - start)
        return statistics.median(times)

    known, unknown = cost("rosa"), cost("nadie")
    assert 0.3 < known / unknown < 3


def test_a_hash_with_older_parameters_is_renewed_at_sign_in(conn: Connection, someone: Someone) -> None:
    rosa = someone()
    old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash("una contraseña larga")
    conn.execute(person.update().where(person.c.id == rosa).values(password_hash=old))
    assert authenticate(conn, "rosa", "una contraseña larga", AT)
    renew_hash(conn, rosa, "una contraseña larga")
    new = conn.scalar(sa.select(person.c.password_hash).where(person.c.id == rosa))
    assert new != old
    assert new.startswith("$argon2id$")
    assert authenticate(conn, "rosa", "una contraseña larga", AT)


def test_changing_the_password_asks_for_the_current_one_and_ends_every_other_session(
    conn: Connection, someone: Someone
) -> None:
    rosa = someone(password="una contraseña larga")
    here, there = (open_session(conn, rosa, "::1", "x", AT, 10) for _ in range(2))
    token = create_token(conn, rosa, "Guaraní", AT)
    for current, new in (("mala", "otra contraseña"), ("una contraseña larga", "corta"),
                         ("una contraseña larga", "soy-rosa-2025"),
                         ("una contraseña larga", "una contraseña larga")):  # fmt: skip
        with pytest.raises(InvalidAnswers):
            change_password(conn, rosa, current, new, AT)
    change_password(conn, rosa, "una contraseña larga", "otra contraseña", AT, keep_token=here)
    assert session_person(conn, here, AT)
    assert session_person(conn, there, AT) is None
    assert token_person(conn, token, AT) is None
    assert authenticate(conn, "rosa", "otra contraseña", AT)
    token = create_token(conn, rosa, "Guaraní", AT)
    set_password(conn, rosa, "puesta por otra persona", AT)
    assert session_person(conn, here, AT) is None
    assert token_person(conn, token, AT) is None


def test_only_the_digest_of_a_token_is_stored(conn: Connection, someone: Someone) -> None:
    rosa = someone()
    session, token = open_session(conn, rosa, "::1", "x", AT, 10), create_token(conn, rosa, "Guaraní", AT)
    assert len(session) >= 43  # 256 bits
    for secret, table in ((session, web_session), (token, api_token)):
        (row,) = conn.execute(sa.select(table)).all()
        assert row.token_hash == hashlib.sha256(secret.encode()).hexdigest()
        assert secret not in {str(value) for value in row}


def test_a_session_lasts_its_hours_and_not_a_moment_more(conn: Connection, someone: Someone) -> None:
    token = open_session(conn, someone(), "::1", "x", AT, 10)
    assert session_person(conn, token, AT + 10 * HOUR - timedelta(seconds=1))
    assert session_person(conn, token, AT + 10 * HOUR) is None
    assert session_person(conn, "otro", AT) is None
    assert session_person(conn, "", AT) is None


def test_sessions_are_listed_and_each_can_be_ended_by_its_owner(conn: Connection, someone: Someone) -> None:
    rosa, tadeo = someone(), someone("tadeo", "Tadeo", "Güemes")
    first = open_session(conn, rosa, "10.0.0.1", "Firefox " * 50, AT, 10)
    second = open_session(conn, rosa, None, None, AT + HOUR, 10)
    touch_session(conn, first, AT + 2 * HOUR)
    touch_session(conn, first, AT + 2 * HOUR + timedelta(seconds=9))
    listed = list_sessions(conn, rosa, AT + 2 * HOUR)
    assert [session.seen_at for session in listed] == [AT + 2 * HOUR, AT + HOUR]
    assert (listed[0].address, len(listed[0].agent or "")) == ("10.0.0.1", 200)
    assert listed[0].id == session_id(conn, first)
    with pytest.raises(NotFound):
        revoke_session(conn, tadeo, listed[0].id, AT)
    revoke_session(conn, rosa, listed[0].id, AT)
    assert session_person(conn, first, AT) is None
    close_session(conn, second, AT)
    assert list_sessions(conn, rosa, AT) == []
    assert revoke_sessions(conn, rosa, AT) == 0


def test_closing_an_account_ends_its_sessions_and_tokens_at_once(conn: Connection, someone: Someone) -> None:
    rosa = someone()
    session, token = open_session(conn, rosa, None, None, AT, 10), create_token(conn, rosa, "x", AT)
    set_active(conn, rosa, False)
    assert session_person(conn, session, AT) is None
    assert token_person(conn, token, AT) is None


def test_a_token_acts_as_its_person_until_it_expires_or_is_revoked(conn: Connection, someone: Someone) -> None:
    rosa, tadeo = someone(), someone("tadeo", "Tadeo", "Güemes")
    token = create_token(conn, rosa, " Guaraní ", AT, days=30)
    found = token_person(conn, token, AT + timedelta(days=29))
    assert found is not None
    assert found.id == rosa
    assert token_person(conn, token, AT + timedelta(days=30)) is None
    touch_token(conn, token, AT)
    (listed,) = list_tokens(conn, rosa)
    assert (listed.name, listed.used_at) == ("Guaraní", AT)
    with pytest.raises(NotFound):
        revoke_token(conn, tadeo, listed.id, AT)
    revoke_token(conn, rosa, listed.id, AT)
    assert token_person(conn, token, AT) is None
    for name, days in (("", 30), ("x", 0), ("x", 400), ("x" * 121, 30)):
        with pytest.raises(InvalidAnswers):
            create_token(conn, rosa, name, AT, days)
