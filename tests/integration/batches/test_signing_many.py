"""Many documents signed in one act: what goes wrong with one is told in it and the others go on; what goes wrong with
the key stops them all; nothing is signed twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine.batches import (
    Batch,
    BatchOver,
    BatchRunning,
    Item,
    get_batch,
    list_batches,
    list_items,
    prepare_signing,
    resume_signing,
    sign_batch,
    signable,
    stop,
    take_signing,
)
from engine.batches.batch import create_batch
from engine.cases import CompleteTask, WithdrawCase, complete_task, withdraw_case
from engine.errors import NotFound, RequestReused, SignatureRefused, TooMany, Unavailable, WrongPin
from engine.inbound.sign_task import SignTask, sign_and_complete
from engine.signing import add_pkcs12
from engine.storage.tables import batch, signing_key, task
from tests.support.batch_office import BatchOffice, open_batch_office
from tests.support.pki import PIN, Authority, authority  # noqa: F401 - a fixture


@pytest.fixture
def office(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[BatchOffice]:  # noqa: F811
    with open_batch_office(database_url, tmp_path / "data", authority.pki) as opened:
        yield opened


def prepare(office: BatchOffice, pin: str = PIN, batch_id: UUID | None = None) -> tuple[UUID, object]:
    viewer, new_id = office.viewer("general"), batch_id or uuid4()
    chosen = [one.task.task_id for one in signable(office.app, viewer)]
    return new_id, prepare_signing(office.app, viewer, chosen, pin, new_id)


def run(office: BatchOffice, batch_id: UUID, key: object) -> Batch:
    return sign_batch(office.app, batch_id, take_signing(office.app, batch_id), key)  # type: ignore[arg-type]


def items(office: BatchOffice, batch_id: UUID) -> list[Item]:
    with office.app.database.read() as conn:
        return list_items(conn, batch_id)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_batch_of_somebody_else_is_not_taken_by_its_id(office: BatchOffice) -> None:
    office.start(2)
    batch_id, _key = prepare(office)
    with pytest.raises(RequestReused), office.app.database.write() as conn:
        create_batch(
            conn, "firma", office.people["rosa"], "Ajeno", [], year=2026, at=office.app.clock.now(), batch_id=batch_id
        )
    assert [item.status for item in items(office, batch_id)] == ["waiting", "waiting"]


@pytest.mark.req("R-9")
def test_one_pin_signs_all_and_what_cannot_be_is_told_while_the_others_go_on(office: BatchOffice) -> None:
    office.start(7)
    batch_id, key = prepare(office)
    tasks = [item.task_id for item in items(office, batch_id)]
    general, rosa = office.people["general"], office.people["rosa"]
    sign_and_complete(SignTask(tasks[0], general, PIN, {"decision": "firmar"}, request_id=uuid4()), office.app)
    with office.app.database.read() as conn:
        case_id = conn.scalar(sa.select(task.c.case_id).where(task.c.id == tasks[1]))
    withdraw_case(WithdrawCase(case_id, office.people["maria"], "Ya no", uuid4()), office.app.engine)
    with office.app.database.write() as conn:
        conn.execute(task.update().where(task.c.id == tasks[2]).values(assignee_id=rosa))
        another = "SELECT id FROM document WHERE id <> batch_item.document_id LIMIT 1"
        conn.execute(sa.text(f"UPDATE batch_item SET document_id = ({another}) WHERE n = 4"))
    ended = run(office, batch_id, key)
    assert (ended.state, ended.done, ended.refused) == ("done", 3, 4)
    told = {item.n: item.reason or "" for item in items(office, batch_id)}
    assert "ya la completó Fiorella D'Angelo" in told[1]
    assert "terminó" in told[2]
    assert "la tiene Rosa Elvira Peñafiel" in told[3]
    assert "documento cambió" in told[4]
    assert len(office.issued()) == 4
    assert len(office.signed()) == 4, "nothing was signed in vain"


def test_a_wrong_pin_stops_at_once_leaves_nothing_and_burns_one_attempt(office: BatchOffice) -> None:
    office.start(3)
    with pytest.raises(WrongPin, match="Le quedan 2 intentos"):
        prepare(office, "0000")
    assert office.all(sa.select(batch.c.id)) == []
    assert office.all(sa.select(signing_key.c.failures)) == [(1,)]
    for _ in range(2):
        with pytest.raises(WrongPin):
            prepare(office, "0000")
    with pytest.raises(TooMany, match="en pausa"):
        prepare(office)


def test_two_tabs_that_start_the_same_batch_sign_once(office: BatchOffice) -> None:
    office.start(3)
    batch_id, key = prepare(office)
    again, other = prepare(office, batch_id=batch_id)
    assert again == batch_id

    def press(opened: object) -> str:
        try:
            return run(office, batch_id, opened).state
        except BatchRunning:
            return "taken"
        except BatchOver:
            return "over"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(press, [key, other]))
    assert outcomes[0] == "done"
    assert outcomes[1] in ("taken", "over")
    assert len(office.signed()) == 3


def test_the_same_task_in_two_batches_at_once_is_signed_once(office: BatchOffice) -> None:
    office.start(4)
    one, two = prepare(office), prepare(office)
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda pair: run(office, *pair), [one, two]))
    assert [batch.state for batch in ended] == ["done", "done"]
    assert sum(batch.done for batch in ended) == 4
    assert {item.reason for pair in (one, two) for item in items(office, pair[0]) if item.reason} <= {
        "Esta tarea ya la completó Fiorella D'Angelo."
    }
    assert len(office.issued()) == len(office.signed()) == 4


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_key_replaced_meanwhile_stops_the_batch_and_the_new_one_goes_on(
    office: BatchOffice,
    authority: Authority,  # noqa: F811
) -> None:
    office.start(2)
    batch_id, key = prepare(office)
    with office.app.database.write() as conn:
        data = authority.pki.person_pkcs12("Fiorella Nueva", None, "9999")
        add_pkcs12(conn, office.people["general"], data, "9999", "Otra", office.app.clock.now())
    ended = run(office, batch_id, key)
    assert (ended.state, ended.waiting) == ("stopped", 2)
    assert "ya no es el suyo" in (ended.why or "")
    opened = resume_signing(office.app, office.viewer("general"), batch_id, "9999")
    assert run(office, batch_id, opened).done == 2


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_key_removed_meanwhile_is_told(office: BatchOffice) -> None:
    office.start(1)
    batch_id, key = prepare(office)
    with office.app.database.write() as conn:
        conn.execute(signing_key.update().values(retired_at=office.app.clock.now()))
    assert "se cambió o se quitó" in (run(office, batch_id, key).why or "")
    with pytest.raises(SignatureRefused, match="Cárguela en su cuenta"):
        resume_signing(office.app, office.viewer("general"), batch_id, PIN)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_certificate_that_expires_between_preparation_and_signature_signs_no_more(office: BatchOffice) -> None:
    office.start(2)
    batch_id, key = prepare(office)
    with office.app.database.read() as conn:
        until = conn.scalar(sa.select(signing_key.c.not_after))
    office.app.clock.instant = until + timedelta(days=1)  # type: ignore[attr-defined,operator]
    ended = run(office, batch_id, key)
    assert (ended.state, ended.waiting) == ("stopped", 2)
    assert "venció el" in (ended.why or "")
    with pytest.raises(SignatureRefused, match="Renuévelo"):
        prepare(office)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_certificate_that_is_not_valid_yet_signs_nothing(
    office: BatchOffice,
    authority: Authority,  # noqa: F811
) -> None:
    office.start(1)
    now = office.app.clock.now()
    with office.app.database.write() as conn:
        data = authority.pki.person_pkcs12("F", None, PIN, since=now - timedelta(1), until=now + timedelta(9))
        add_pkcs12(conn, office.people["general"], data, PIN, "Corta", now)
    office.app.clock.instant = now - timedelta(days=3)  # type: ignore[attr-defined]
    with pytest.raises(SignatureRefused, match="vale recién desde el"):
        prepare(office)


def test_its_person_stops_it_after_the_document_at_hand(office: BatchOffice) -> None:
    office.start(3)
    batch_id, key = prepare(office)
    runner = take_signing(office.app, batch_id)
    with office.app.database.write() as conn:
        stop(conn, batch_id, "Lo detuvo usted.")
    ended = sign_batch(office.app, batch_id, runner, key)  # type: ignore[arg-type]
    assert (ended.state, ended.done, ended.why) == ("stopped", 1, "Lo detuvo usted.")


class Away:
    """An archive whose disk does not answer."""

    def get(self, sha256: str) -> bytes:
        raise Unavailable("El archivo no responde.")


def test_with_a_service_away_the_batch_stops_with_why_and_goes_on_later(
    sqlite_url: str,
    tmp_path: Path,
    authority: Authority,  # noqa: F811
) -> None:
    with open_batch_office(sqlite_url, tmp_path / "data", authority.pki) as office:
        office.start(2)
        batch_id, key = prepare(office)
        away = replace(office.app, archive=Away())  # type: ignore[arg-type]
        ended = sign_batch(away, batch_id, take_signing(office.app, batch_id), key)  # type: ignore[arg-type]
        assert (ended.state, ended.waiting, ended.why) == ("stopped", 2, "El archivo no responde.")
        assert run(office, batch_id, resume_signing(office.app, office.viewer("general"), batch_id, PIN)).done == 2


class Gone:
    """An archive that breaks as no code of ours expects."""

    def get(self, sha256: str) -> bytes:
        raise FileNotFoundError(28, "No space left on device")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_breaks_three_in_a_row_stops_the_batch_and_the_rest_waits(office: BatchOffice) -> None:
    office.start(5)
    batch_id, key = prepare(office)
    gone = replace(office.app, archive=Gone())  # type: ignore[arg-type]
    ended = sign_batch(gone, batch_id, take_signing(office.app, batch_id), key)  # type: ignore[arg-type]
    assert (ended.state, ended.refused, ended.waiting) == ("stopped", 3, 2)
    assert "avise a quien administra" in str(ended.why)
    assert run(office, batch_id, resume_signing(office.app, office.viewer("general"), batch_id, PIN)).done == 2


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_draft_that_does_not_sign_keeps_its_task_apart(office: BatchOffice) -> None:
    office.start(2)
    first = office.open_tasks("firmar")[0]
    viewer = office.viewer("general")
    office.app.inbox.save_draft(viewer, first, {"decision": "devolver", "porque": "Falta un dato"})
    by_task = {one.task.task_id: one for one in signable(office.app, viewer)}
    assert "borrador" in by_task[first].refusal
    assert sum(one.ready for one in by_task.values()) == 1


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_batch_of_signatures_is_nobody_elses(office: BatchOffice) -> None:
    office.start(1)
    batch_id, _key = prepare(office)
    with office.app.database.read() as conn:
        assert list_batches(conn, office.viewer("rosa")) == []
        with pytest.raises(NotFound):
            get_batch(conn, batch_id, office.viewer("rosa"))
    with pytest.raises(NotFound):
        resume_signing(office.app, office.viewer("rosa"), batch_id, PIN)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_who_lacks_the_role_by_now_signs_nothing(office: BatchOffice) -> None:
    office.start(1)
    (task_id,) = office.open_tasks("firmar")
    with pytest.raises(NotFound):
        complete_task(CompleteTask(task_id, office.people["rosa"], {}, uuid4()), office.app.engine)
    assert signable(office.app, office.viewer("rosa")) == []
