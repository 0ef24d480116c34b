"""Somebody withdraws while the signature is being made: the document that results is nobody's certificate."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine.app import Cartulario
from engine.cases import WithdrawCase, withdraw_case
from engine.documents import find_by_code
from engine.errors import TaskNotOpen
from engine.inbound.sign_task import SignTask, sign_and_complete
from engine.storage.tables import case, document
from tests.integration.hard_input.test_services_away import Signer, authority, signer  # noqa: F401 - fixtures
from tests.support.pki import PIN


class Interrupted:
    """The application, whose case is withdrawn between the signature and the completion."""

    def __init__(self, app: Cartulario, case_id: UUID, requester: UUID) -> None:
        self._app, self._case_id, self._requester, self._asked = app, case_id, requester, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    @property
    def engine(self) -> Any:
        self._asked += 1
        if self._asked == 2:
            withdraw_case(WithdrawCase(self._case_id, self._requester, "Ya no", uuid4()), self._app.engine)
        return self._app.engine


@pytest.mark.req("R-9")
def test_a_document_signed_for_a_case_that_was_withdrawn_meanwhile_is_not_ours(signer: Signer) -> None:  # noqa: F811
    app, people = signer.house.app, signer.house.people
    with app.database.read() as conn:
        case_id = conn.scalar(sa.select(case.c.id))
    command = SignTask(signer.task, people["general"], PIN, {"decision_firma": "firmar"}, request_id=uuid4())
    with pytest.raises(TaskNotOpen, match="Este trámite ya terminó"):
        sign_and_complete(command, Interrupted(app, case_id, people["maria"]))
    with app.database.read() as conn:
        codes = set(conn.scalars(sa.select(document.c.code).where(document.c.code.is_not(None))))
        assert codes
        assert [find_by_code(conn, code) for code in codes] == [None]


def test_a_signed_document_is_ours_from_the_moment_the_task_takes_it(signer: Signer) -> None:  # noqa: F811
    assert signer.sign(uuid4()).status_code == 303
    with signer.house.app.database.read() as conn:
        (code,) = set(conn.scalars(sa.select(document.c.code).where(document.c.kind == "issued")))
        found = find_by_code(conn, code)
        assert found is not None
        assert [one["role"] for one in found.signatures] == ["Secretario General"]
