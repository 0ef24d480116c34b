"""The academic system asked over HTTP: down, slow, wrong, or answering with somebody else."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from engine.carta.record_service import LARGEST_ANSWER, RecordService
from engine.carta.records import (
    MalformedRecords,
    RecordNotFound,
    RecordsUnavailable,
    SeveralRecords,
    SomebodyElsesRecord,
    in_time,
    pick,
)
from tests.support.record_source import RecordSource, record_source

IDENTITY = "0912345675"
RECORD = {"identidad": IDENTITY, "apellidos": "Ñáñez de la Cruz", "nombres": "María José", "carrera": "Biotecnología"}


@pytest.fixture
def source() -> Iterator[RecordSource]:
    with record_source() as made:
        yield made


def service(source: RecordSource, seconds: float = 5) -> RecordService:
    return RecordService(source.address, "secreto", seconds)


def test_one_person_is_asked_for_with_the_token(source: RecordSource) -> None:
    source.answers(RECORD)
    [found] = service(source).find("091234567-5")
    assert found.apellidos == "Ñáñez de la Cruz"
    assert source.asked == [("/registros/0912345675", "Bearer secreto")]


def test_a_single_record_need_not_be_a_list_and_nobody_is_404(source: RecordSource) -> None:
    source.body = json.dumps(RECORD).encode()
    assert pick(service(source).find(IDENTITY), IDENTITY).carrera == "Biotecnología"
    source.status = 404
    with pytest.raises(RecordNotFound):
        pick(service(source).find(IDENTITY), IDENTITY)


@pytest.mark.parametrize("status", [500, 503, 401, 302])
def test_a_system_that_does_not_attend_may_come_back(source: RecordSource, status: int) -> None:
    source.status, source.location = status, "http://127.0.0.1:1/otro" if status == 302 else None
    with pytest.raises(RecordsUnavailable, match=str(status)):
        service(source).find(IDENTITY)
    assert len(source.asked) == 1


def test_a_system_that_is_down_may_come_back() -> None:
    with pytest.raises(RecordsUnavailable, match="No se puede llegar"):
        RecordService("http://127.0.0.1:1/{identidad}").find(IDENTITY)


def test_a_system_that_trickles_is_left_at_the_limit(source: RecordSource) -> None:
    source.answers(RECORD)
    source.trickle = 0.05
    began = time.monotonic()
    with pytest.raises(RecordsUnavailable, match="no respondió en 0,3 segundos"):
        in_time(lambda: service(source).find(IDENTITY), 0.3)
    assert time.monotonic() - began < 2


def test_what_goes_wrong_within_the_limit_is_told_as_it_is() -> None:
    def refuse() -> None:
        raise MalformedRecords("así")

    with pytest.raises(MalformedRecords, match="así"):
        in_time(refuse, 5)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"<html>", "JSON"),
        (b'["x"]', "lista"),
        (b"7", "lista"),
        (json.dumps([RECORD] * 51).encode(), "lista"),
        (json.dumps([{**RECORD, "promedio": 900}]).encode(), "promedio"),
        (b" " * (LARGEST_ANSWER + 1), "4 MB"),
    ],
    ids=["html", "texts", "number", "too many", "out of scale", "too large"],
)
def test_an_answer_that_cannot_be_trusted_is_refused(source: RecordSource, body: bytes, complaint: str) -> None:
    source.body = body
    with pytest.raises(MalformedRecords, match=complaint):
        service(source).find(IDENTITY)


def test_somebody_elses_record_is_never_the_one(source: RecordSource) -> None:
    source.answers(RECORD, {**RECORD, "identidad": "1700000019", "carrera": "Derecho"})
    with pytest.raises(SomebodyElsesRecord, match="1700000019"):
        pick(service(source).find(IDENTITY), IDENTITY, "Biotecnología")


def test_one_of_several_careers_is_picked_by_its_name(source: RecordSource) -> None:
    source.answers(RECORD, {**RECORD, "carrera": "Enfermería"})
    found = service(source).find(IDENTITY)
    with pytest.raises(SeveralRecords) as several:
        pick(found, IDENTITY)
    assert several.value.careers == ("Biotecnología", "Enfermería")
    assert pick(found, IDENTITY, "Enfermería").carrera == "Enfermería"
    with pytest.raises(RecordNotFound, match="Derecho"):
        pick(found, IDENTITY, "Derecho")
