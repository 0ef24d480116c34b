"""Each product of a request has its own result, whatever became of the others: shown, and recounted from its events."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.indicators import Figures, compact_all
from engine.storage.tables import term
from tests.support.counted import MONDAY, Counted, bundle

DAY = timedelta(days=1)


def figures(counted: Counted) -> dict[str, Figures]:
    """By product, of the month."""
    return {one.product.code: one.figures for one in counted.board().products if one.product}


def results(counted: Counted, case_id: UUID) -> dict[str, str | None]:
    with counted.app.database.read() as conn:
        rows = conn.execute(sa.select(term.c.key, term.c.result).where(term.c.case_id == case_id))
        return {row.key: row.result for row in rows}


@pytest.mark.req("C-48", "C-51", "C-52", "C-53")
def test_a_product_refused_beside_one_delivered_counts_as_refused(counted: Counted) -> None:
    case_id = counted.start()
    counted.deliver(case_id, "negar")
    assert results(counted, case_id) == {"uno": "delivered", "tres": "refused"}
    by_product, whole = figures(counted), counted.board().total
    assert (by_product["uno"].delivered, by_product["uno"].refused) == (1, 0)
    assert (by_product["tres"].delivered, by_product["tres"].refused) == (0, 1)
    assert (by_product["tres"].kept, by_product["tres"].days) == (1, {0: 1}), "it was answered, and in time"
    assert (whole.delivered, whole.refused, whole.kept) == (1, 0, 2), "the request as a whole was delivered"
    assert counted.recount().agrees
    compact_all(counted.app.database)
    assert counted.recount().agrees
    assert figures(counted)["tres"].refused == 1


@pytest.mark.req("C-48")
def test_a_product_given_up_in_time_is_no_commitment_while_the_case_is_open_nor_after_it(counted: Counted) -> None:
    case_id = counted.start()
    counted.do(case_id, "revisar", decision="desistir")
    while_open = figures(counted)["tres"]
    assert (while_open.received, while_open.kept, while_open.late) == (1, 0, 0)
    assert counted.recount().agrees
    counted.office.clock.instant = MONDAY + 10 * DAY
    assert figures(counted)["tres"].late == 0, "nothing is owed any more"
    counted.do(case_id, "entregar")
    assert results(counted, case_id) == {"uno": "delivered", "tres": "abandoned"}
    ended = figures(counted)["tres"]
    assert (ended.delivered, ended.abandoned, ended.kept, ended.late, ended.days) == (0, 1, 0, 0, {})
    assert figures(counted)["uno"].kept == 1
    assert counted.recount().agrees


@pytest.mark.req("C-48")
def test_a_product_given_up_too_late_counts_as_late(counted: Counted) -> None:
    case_id = counted.start()
    counted.office.clock.instant = MONDAY + 4 * DAY
    counted.deliver(case_id, "desistir")
    found = figures(counted)["tres"]
    assert (found.abandoned, found.kept, found.late) == (1, 0, 1)
    assert counted.recount().agrees


@pytest.mark.req("C-48")
def test_what_was_ready_before_the_request_was_withdrawn_was_delivered(counted: Counted) -> None:
    case_id = counted.start()
    counted.do(case_id, "revisar", decision="seguir")  # «uno» is ready, «tres» is owed
    counted.withdraw(case_id)
    assert results(counted, case_id) == {"uno": "delivered", "tres": "withdrawn"}
    by_product = figures(counted)
    assert (by_product["uno"].delivered, by_product["uno"].withdrawn, by_product["uno"].kept) == (1, 0, 1)
    assert (by_product["tres"].delivered, by_product["tres"].withdrawn, by_product["tres"].due) == (0, 1, 0)
    assert counted.board().total.withdrawn == 1
    assert counted.recount().agrees


@pytest.mark.req("C-54")
def test_copies_of_actas_are_those_delivered_and_nothing_else_of_their_service(counted: Counted) -> None:
    names = {b"certificado_de_prueba": b"copia_de_prueba", b'"B1"': b'"A1"'}
    names |= {b"'tres'": b"'documentos_sesiones'", b'"tres"': b'"documentos_sesiones"'}
    files = bundle()
    for name, data in files.items():
        for old, new in names.items():
            data = data.replace(old, new)
        files[name] = data
    counted.office.publish(files, "copia_de_prueba")
    for decision in ("seguir", "negar", "desistir"):  # of the two last, only the other product was delivered
        counted.deliver(counted.start(process="copia_de_prueba"), decision)
    counted.deliver(counted.start())
    for _ in range(2):
        board = counted.board()
        now = {one.code: one.now for one in board.headlines}
        assert (now["A1"], now["B1"], now["actas"]) == (1, 1, 0)
        assert [point.copies for point in board.series][-2:] == [0, 1]
        assert next(one for one in board.services if one.offer.code == "A1").figures.delivered == 3
        assert {one.code: one.now for one in counted.board(product="uno").headlines}["A1"] == 0
        copies = counted.board(202604, 202604).headlines[-1]
        assert (copies.code, copies.now, copies.before) == ("A1", 0, 1)
        assert counted.recount().agrees
        compact_all(counted.app.database)
