"""Requests answered in processes that end with them: several at once, after a death, after a fork."""

from __future__ import annotations

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import apart
from engine.apart import FAULT, TIME, Limits, TooHard, ask, waiting_pid
from engine.errors import Unavailable

READER = "engine.actas.examen.returned_apart"
AMPLE = Limits(20, 768 * 1024 * 1024)


def cause(request: bytes = b"nada") -> str:
    found: str = json.loads(ask(READER, request, AMPLE))["cause"]
    return found


def test_several_at_once_get_each_their_own_answer() -> None:
    requests = [b"nada", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"] * 6
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(cause, requests)) == ["damaged", "encrypted", "damaged"] * 6


def test_a_large_request_goes_over_whole() -> None:
    assert cause(b"nada" * 2_000_000) == "damaged"


def test_one_process_waits_and_another_takes_its_place_when_it_died() -> None:
    cause()
    first = waiting_pid(READER)
    cause()
    assert waiting_pid(READER) == first
    assert first is not None
    os.kill(first, signal.SIGKILL)
    cause()
    assert waiting_pid(READER) not in (None, first)


def test_a_request_beyond_its_time_or_its_memory_ends_alone() -> None:
    with pytest.raises(TooHard) as late:
        ask(READER, b"nada", Limits(0.000_001, AMPLE.memory))
    assert late.value.why == TIME
    with pytest.raises(TooHard) as large:
        ask(READER, b"x" * 60_000_000, Limits(20, 60_000_000))
    assert large.value.why == FAULT
    assert cause() == "damaged"


def test_a_fork_of_ours_has_a_waiting_process_of_its_own() -> None:
    cause()
    ours = waiting_pid(READER)
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if cause() == "damaged" and waiting_pid(READER) not in (None, ours) else 1)
        except BaseException:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert cause() == "damaged"


def test_a_module_that_cannot_be_loaded_is_told_as_away() -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable):
        ask("engine.no_such_room", b"x", AMPLE)
    assert time.monotonic() - began < 20


def test_the_waiting_process_has_none_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTULARIO_SEAL_PIN", "4821-secreto")
    known = apart._waiting.pop((os.getpid(), READER), None)
    if known is not None:
        apart._end(known)
    cause()
    with open(f"/proc/{waiting_pid(READER)}/environ", "rb") as held:
        assert b"4821-secreto" not in held.read()


def test_the_waiting_process_loads_neither_database_nor_mail() -> None:
    cause()
    with open(f"/proc/{waiting_pid(READER)}/maps") as held:
        loaded = held.read()
    assert "lxml" in loaded
    assert not [name for name in ("_sqlite3", "sqlalchemy", "psycopg", "cryptography") if name in loaded]
