"""Languages: every text has its English, catalogues compile by themselves, dates are said as people say them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from engine.actas import ActaSesion
from tests.support.face import MONDAY, House
from web import dates
from web.actas.reader import reserved_part
from web.i18n.compile import compile_catalogues
from web.i18n.extract import read_catalogue, texts
from web.roles import profile_names

HOLE = re.compile(r"%\(\w+\)s")


@pytest.fixture
def here(house: House) -> Iterator[None]:
    with house.flask.test_request_context("/"):
        yield


def test_every_text_of_the_source_has_its_english() -> None:
    catalogue = read_catalogue("en")
    missing = [message.id for message in texts() if message.id and not translated(catalogue.get(message.id))]
    assert missing == []


def translated(message: object) -> bool:
    string = getattr(message, "string", None)
    return all(string) if isinstance(string, tuple) else bool(string)


def test_a_translation_keeps_the_holes_of_its_text() -> None:
    for message in read_catalogue("en"):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(HOLE.findall(" ".join(ids)))
        assert set(HOLE.findall(" ".join(strings))) <= wanted, message.id
        if not isinstance(message.id, tuple):
            assert set(HOLE.findall(message.string)) == wanted, message.id


def test_a_catalogue_is_compiled_when_it_is_newer_than_what_was_compiled(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n')
    assert compile_catalogues(tmp_path) == [folder / "messages.mo"]
    assert compile_catalogues(tmp_path) == []
    assert [path.name for path in folder.iterdir()].count("messages.mo") == 1


@pytest.mark.usefixtures("here")
def test_dates_are_said_with_their_weekday_and_in_the_institutions_hour() -> None:
    assert dates.long_date(MONDAY) == "lunes 23 de noviembre de 2026"
    assert dates.day(MONDAY) == "lunes 23 de noviembre"
    assert dates.short_day(MONDAY) == "lun 23 nov"
    assert dates.short_date(MONDAY) == "23/11/2026"
    assert dates.clock_time(MONDAY) == "10:00"
    assert dates.long_date(datetime(2026, 11, 24, 3, 0, tzinfo=UTC)) == "lunes 23 de noviembre de 2026"


@pytest.mark.usefixtures("here")
def test_moments_near_now_are_said_by_their_name() -> None:
    assert dates.moment(MONDAY) == "hoy, 10:00"
    assert dates.moment(MONDAY - timedelta(days=1)) == "ayer, 10:00"
    assert dates.moment(MONDAY - timedelta(days=5)) == "18 nov, 10:00"
    assert dates.moment(MONDAY - timedelta(days=400)) == "19 oct 2025, 10:00"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("size", "said"), [(537, "537 bytes"), (88_064, "86 KB"), (1_258_291, "1,2 MB")])
def test_sizes_are_said_as_people_say_them(size: int, said: str) -> None:
    assert dates.file_size(size) == said


@pytest.mark.parametrize(("language", "said"), [("es", "Estudiantes y graduados"), ("en", "Students and graduates")])
def test_profiles_are_joined_in_the_language_of_the_page(house: House, language: str, said: str) -> None:
    with house.flask.test_request_context("/", headers={"Cookie": f"idioma={language}"}):
        assert profile_names(("estudiante", "graduado")) == said


@pytest.mark.parametrize(("language", "said"), [("es", "páginas 2 a 4 y 7"), ("en", "pages 2 to 4 and 7")])
def test_reserved_pages_are_said_in_the_language_of_the_page(house: House, language: str, said: str) -> None:
    day = date(2026, 11, 23)
    acta = ActaSesion(
        id=UUID(int=1), body="CGA", body_name="Comisión", year=2026, number=1, date=day, kind="ordinaria", title="Retiros",
        keywords=None, pages=9, signed_by=None, custody=None, status="approved", approved_on=day, sha256="0" * 64,
        imported_by=None, imported_at=MONDAY, reserved="partial", reserved_pages=[[2, 4], [7, 7]],
        reserved_reason="LOPDP, art. 26", reserved_until=None,
    )  # fmt: skip
    with house.flask.test_request_context("/", headers={"Cookie": f"idioma={language}"}):
        assert reserved_part(acta, day) == said
