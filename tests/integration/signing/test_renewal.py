"""What is kept for ever is renewed before its time-stamp ends, once, whatever interrupts it (R-53)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from engine.documents import find_by_code
from engine.inbound.sign_task import SignTask, sign_and_complete
from engine.signing import verify_pdf
from engine.storage.tables import document, preservation
from engine.upkeep import renew
from tests.support.batch_office import BatchOffice, open_batch_office
from tests.support.pki import PIN, Authority

CENTURY = timedelta(days=36_500)


@pytest.fixture(params=["B-LT", "B-LTA"])
def office(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path, authority: Authority
) -> Iterator[BatchOffice]:
    with open_batch_office(database_url, tmp_path / "data", authority.pki, level=request.param) as opened:
        opened.start(1)
        (task_id,) = opened.open_tasks("firmar")
        answers = {"decision": "firmar"}
        sign_and_complete(SignTask(task_id, opened.people["general"], PIN, answers, request_id=uuid4()), opened.app)
        yield opened


@pytest.mark.req("R-53")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_only_what_ends_soon_is_renewed_and_the_code_leads_to_the_new_one(
    office: BatchOffice, authority: Authority
) -> None:
    (signed,) = office.issued()
    first = renew(office.app, timedelta(days=365))
    assert (first.looked_at, first.renewed, first.failures) == (1, 0, ())
    second = renew(office.app, CENTURY)
    assert (second.looked_at, second.renewed, second.failures) == (0, 1, ())
    with office.app.database.read() as conn:
        latest = find_by_code(conn, signed.code)
    assert latest is not None
    before, after = (office.app.archive.get(sha) for sha in (signed.sha256, latest.sha256))
    assert after.startswith(before)
    assert len(after) > len(before)
    verdict = verify_pdf(after, authority.signing.trust, original=before, at=office.app.clock.now())
    assert verdict.accepted
    assert verdict.signers[0].level == "B-LTA"


@pytest.mark.req("R-53")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_damaged_original_is_named_and_the_others_go_on(office: BatchOffice) -> None:
    office.start(1)
    (task_id,) = office.open_tasks("firmar")
    answers = {"decision": "firmar"}
    sign_and_complete(SignTask(task_id, office.people["general"], PIN, answers, request_id=uuid4()), office.app)
    bad, good = office.all(document.select().where(document.c.kind == "issued").order_by(document.c.created_at))
    path = office.app.archive.path(bad.sha256)
    path.chmod(0o644)
    path.write_bytes(b"%PDF-1.7")
    report = renew(office.app, CENTURY)
    assert [name for name, _ in report.failures] == [bad.name]
    assert report.renewed == 1
    assert {row.document_id for row in office.all(preservation.select())} >= {good.id}
    assert not report.whole


@pytest.mark.req("R-49", "R-53")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_withdrawn_is_not_brought_back_by_renewing_it(office: BatchOffice) -> None:
    (signed,) = office.issued()
    renew(office.app, timedelta(days=1))
    with office.app.database.write() as conn:
        conn.execute(document.update().where(document.c.id == signed.id).values(kind="withdrawn"))
    assert renew(office.app, CENTURY).renewed == 0
    with office.app.database.read() as conn:
        assert find_by_code(conn, signed.code) is None
