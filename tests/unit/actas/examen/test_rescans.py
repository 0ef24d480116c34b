"""A scan that was found damaged is scanned again: the new one counts, the first stays, and both say so (R-21, R-51)."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.actas.examen import (
    Indexed,
    OldActa,
    Scan,
    ScanQuery,
    Scope,
    count_scans,
    export_scans,
    find_scans,
    register_scan,
    scan_with,
    scans_of,
    shelve_scan,
)
from engine.errors import InvalidAnswers, NotFound
from engine.storage.tables import acta_digitalizada, original
from engine.storage.unit_of_work import Database
from tests.support.examen import AT, ZONE
from tests.unit.actas.examen.test_scanned_actas import judge, new_cases, old, registered

KEEPER = Scope(uuid4(), True, frozenset())
AGAIN = {"fecha": "2015-06-18", "otra_vez": "La copia no se lee al pie."}


def all_scans(database: Database, **asked: object) -> list[Scan]:
    with database.read() as conn:
        return list(find_scans(conn, ScanQuery(**asked), KEEPER).scans)  # type: ignore[arg-type]


def rescanned(database: Database) -> tuple[UUID, UUID, UUID, str, str]:
    """→ the two cases, one more, and what their files are."""
    first, second, third = new_cases(database, 3)
    (one,) = judge(database, 3, old(fecha="2015-06-18")).actas
    (again,) = judge(database, 3, old(**AGAIN), case_id=second).actas
    return (
        first,
        second,
        third,
        registered(database, one, first, "Ñáñez, Güemes"),
        registered(database, again, second, "Quishpe", content="otra"),
    )


@pytest.mark.req("R-21", "R-51")
def test_the_newest_scan_counts_and_the_one_before_stays_with_its_certification(database: Database) -> None:
    first, second, _third, old_sum, new_sum = rescanned(database)
    with database.read() as conn:
        newest, before = scans_of(conn, "2020-L0001-F0007", KEEPER)
        assert (scan_with(conn, new_sum), scan_with(conn, old_sum)) == ((newest.base, True), (newest.base, False))
        assert count_scans(conn, ScanQuery(), KEEPER) == 1
    assert [(one.n, one.case_id, one.sha256, one.reason) for one in (newest, before)] == [
        (2, second, new_sum, "La copia no se lee al pie."),
        (1, first, old_sum, None),
    ]
    assert [one.n for one in all_scans(database, rescanned=True)] == [2]
    for words in ("quishpe", "nanez"):  # also by what was indexed the first time
        assert [one.n for one in all_scans(database, text=words)] == [2], words
    with pytest.raises(IntegrityError), database.write() as conn:
        conn.execute(acta_digitalizada.update().values(reason="otro"))


@pytest.mark.req("R-21")
def test_only_what_is_in_the_register_is_scanned_again_and_with_its_own_date(database: Database) -> None:
    third = rescanned(database)[2]
    said = [
        judge(database, 3, old(**row), case_id=third).refused
        for row in (
            AGAIN | {"otra_vez": ""},
            AGAIN | {"acta": "2015-L0009-F0001"},
            AGAIN | {"fecha": "2015-06-19"},
            AGAIN | {"otra_vez": "mal"},
            AGAIN,
        )
    ]
    assert [len(one) for one in said] == [1, 1, 1, 1, 0]
    assert "diga en su fila por qué se escanea otra vez" in said[0][0]
    assert "no hay una copia que reemplazar" in said[1][0]
    assert "emitida el 18/06/2015" in said[2][0]
    one = OldActa("2020-L0001-F0007", "Redes", AT.date(), 3, None, None, False)
    how = {"document_id": uuid4(), "sha256": "a" * 64, "certificate_id": uuid4(), "by": None, "at": AT}
    with database.write() as conn, pytest.raises(InvalidAnswers):  # whoever does not ask the judge
        register_scan(conn, one, case_id=third, indexed=Indexed(), **how)


@pytest.mark.req("R-27", "R-53")
def test_the_register_is_found_by_what_is_known_and_told_page_by_page(database: Database) -> None:
    (case_id,) = new_cases(database, 1)
    for n in range(1, 6):
        row = old(acta=f"201{n}-L0003-F000{n}", fecha=f"201{n}-03-01", curso=f"Curso {n}")
        (one,) = judge(database, 3, row, case_id=case_id).actas
        registered(database, one, case_id, f"Ñáñez {n}", papel="danado" if n == 2 else "bueno")
    with database.write() as conn:
        shelve_scan(conn, "2013-L0003-F0003", "Caja 3", case_id, AT)
        damaged = sa.select(acta_digitalizada.c.sha256).where(acta_digitalizada.c.base == "2014-L0003-F0004")
        conn.execute(original.update().where(original.c.sha256.in_(damaged)).values(fixity="missing"))
    asked = {
        "text": {"L3": 5, "libro 3 folio 2": 1, "F9": 0, "ñañez 4": 1, "curso 5": 1, "%": 0, "la": 0},
        "year": {2013: 1, 1999: 0},
        "article": {3: 5, 2: 0},
        "unplaced": {True: 4},
        "damaged": {True: 1},
        "broken": {True: 1},
        "rescanned": {True: 0},
    }
    for field, answers in asked.items():
        for value, count in answers.items():
            with database.read() as conn:
                query = ScanQuery(**{field: value})  # type: ignore[arg-type]
                found = find_scans(conn, query, KEEPER).scans
                assert (len(found), count_scans(conn, query, KEEPER)) == (count, count), (field, value)
    with database.read() as conn:
        seen, after = [], ""
        while after is not None:
            page = find_scans(conn, ScanQuery(size=2, after=after), KEEPER)
            seen += [one.base for one in page.scans]
            after = page.next  # type: ignore[assignment]
        lines = "".join(export_scans(conn, ScanQuery(damaged=True), KEEPER, ZONE)).splitlines()
    assert seen == [f"201{n}-L0003-F000{n}" for n in range(1, 6)]
    assert [line.split(",")[0] for line in lines] == ["\ufeffacta", "2012-L0003-F0002"]
    assert "Original en papel,Ñáñez 2" in lines[1]


@pytest.mark.req("R-11", "R-27")
def test_the_register_is_not_for_a_departamento_nor_a_docente(database: Database) -> None:
    rescanned(database)
    other = Scope(uuid4(), False, frozenset({"quimica"}))
    with database.read() as conn:
        for ask in (
            lambda: find_scans(conn, ScanQuery(), other),
            lambda: count_scans(conn, ScanQuery(), other),
            lambda: scans_of(conn, "2020-L0001-F0007", other),
            lambda: export_scans(conn, ScanQuery(), other, ZONE),
        ):
            with pytest.raises(NotFound):
                ask()
        with pytest.raises(NotFound):
            scans_of(conn, "2015-L0009-F0009", KEEPER)
