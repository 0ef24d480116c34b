"""Plays a scenario of ``escenarios.toml`` on the real engine: commands, jobs run in line, a clock that is told.

Between two steps the case is only in the database, so that every step saves and loads it. An answer to a question for
files names them; sample files of those names are uploaded. At the end the replay must be identical, the chain intact.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actas import ReserveActa, acta_by_reference, reserve_acta
from engine.cases import (
    CompleteTask,
    DeliverMessage,
    DeliverResult,
    FailJob,
    FireTimers,
    Receipt,
    ResolveIncident,
    StartCase,
    WithdrawCase,
    complete_task,
    deliver_message,
    deliver_result,
    fail_job,
    fire_timers,
    resolve_incident,
    start_case,
    wants_signature,
    withdraw_case,
)
from engine.definitions import PRODUCTS, Definition, Scenario, Step
from engine.documents import accept_upload, list_documents
from engine.forms import Form
from engine.history.chain import verify_chain
from engine.history.replay import replay
from engine.inbound.worker import run_job
from engine.indicators import Indicators, compact, recount
from engine.storage.tables import case, incident, job, task, term, wait
from tests.processes import exam
from tests.processes.world import PIN, World
from tests.support.prepared import prepared

MAX_JOBS = 50  # in a row


@dataclass
class Player:
    world: World
    definition: Definition
    failing: list[tuple[str, str]] = field(default_factory=list)  # (operation, cause) of the jobs to fail next
    pin: str = PIN
    case_id: UUID = field(init=False)
    requester: UUID | None = field(init=False)

    def play(self, scenario: Scenario) -> None:
        self.begin(scenario)
        self._compare(scenario)

    def begin(self, scenario: Scenario) -> None:
        """Its steps; what is expected of it is for the caller to look at."""
        self._expect_failures(scenario.steps, 0)
        self.case_id = self._start(scenario).case_id
        self._run_jobs()
        for number, step in enumerate(scenario.steps):
            if step.kind != "operation":  # those were foreseen before the jobs ran
                self._expect_failures(scenario.steps, number + 1)
                self._do(step)
                self._run_jobs()

    # --- steps -------------------------------------------------------------------------------------------------------

    def _start(self, scenario: Scenario) -> Receipt:
        form = self.definition.start_form
        desk = self.world.person(scenario.filed_by) if scenario.filed_by else None
        self.requester = self._who(scenario)
        given = exam.named(self.world.person, scenario.start)
        answers = self._with_files(form, given, desk or self.requester or UUID(int=0))
        command = StartCase(
            self.definition.process,
            self.requester,
            answers,
            uuid.uuid4(),
            filed_by=desk,
            channel="mostrador" if desk else "portal" if self.requester else "sistema",
            origin="Contraloría General, oficio 0412-2026" if desk and scenario.requester == "externo" else None,
        )
        return start_case(command, self.world.app.engine)

    def _who(self, scenario: Scenario) -> UUID | None:
        process = self.definition.manifest.process
        who = scenario.requester or next(iter((*process.profiles, *process.starters)), "estudiante")
        return None if who == "sistema" else self.world.person(who)

    def _do(self, step: Step) -> None:
        engine = self.world.app.engine
        if step.kind == "task":
            self._complete(step)
        elif step.kind == "resolve":
            self._resolve(step)
        elif step.kind == "clock":
            due = self._one(
                sa.select(sa.func.min(wait.c.due_at).label("at")).where(
                    wait.c.case_id == self.case_id, wait.c.kind == "timer"
                )
            ).at
            assert due is not None, f"no clock runs; open: {self._open_tasks()}"
            self.world.clock.instant = max(self.world.clock.instant, due)
            fire_timers(FireTimers(self.case_id, self.world.clock.now()), engine)
        elif step.kind == "message":
            self._deliver(step)
        elif step.kind == "reserve":
            self._reserve(step)
        else:
            withdraw_case(WithdrawCase(self.case_id, self._requester(), str(step.withdraw), uuid.uuid4()), engine)

    def _reserve(self, step: Step) -> None:
        now = self.world.clock.now()
        with self.world.app.database.write() as conn:
            acta = acta_by_reference(conn, str(step.reserve))
            kind = "partial" if step.pages else "whole"
            actor = self.world.staff["secretaria"]
            command = ReserveActa(acta.id, actor, kind, step.pages or "", str(step.reason), None)
            reserve_acta(conn, command, {"secretaria"}, now, now.astimezone(self.world.app.config.zone).date())

    def _deliver(self, step: Step) -> None:
        """To the case; or, of an acta or of its mesa, to whom it waits for by that key."""
        key, payload = step.correlation or self._row().number, exam.named(self.world.person, step.payload)
        with self.world.app.database.read() as conn:
            actas = exam.meant(conn, self.case_id, step)
        for acta in actas:
            key = exam.to_whom(acta, step)
            if step.sheet is not None:
                payload = {**payload, "carga": exam.load(self.world.app, acta.id, "correo", step.sheet, None)}
        deliver_message(DeliverMessage(str(step.message), key, payload, uuid.uuid4()), self.world.app.engine)

    def _resolve(self, step: Step) -> None:
        """By hand where a person may say it; else as the operation answers when it is tried again."""
        engine = self.world.app.engine
        waiting = sa.select(incident.c.id, job.c.key, job.c.operation).join(job, job.c.key == incident.c.job_key)
        found = self._one(waiting.where(incident.c.status == "open", incident.c.element == step.resolve))
        if found.operation not in engine.by_hand:
            deliver_result(DeliverResult(found.key, step.result or {}), engine)
            return
        attends = sorted(self.definition.open_roles & self.world.staff.keys())
        actor = self.world.staff[attends[0] if attends else "secretaria"]
        resolve_incident(ResolveIncident(found.id, actor, step.result, "Se resuelve a mano", uuid.uuid4()), engine)

    def _complete(self, step: Step) -> None:
        query = sa.select(task.c.id, task.c.role, task.c.form, task.c.instance).where(
            task.c.case_id == self.case_id, task.c.element == step.task, task.c.status == "open"
        )
        with self.world.app.database.read() as conn:
            actas = {acta.base: acta for acta in exam.meant(conn, self.case_id, step)}
        found = [one for one in self._all(query.order_by(task.c.name)) if not actas or one.instance in actas]
        assert found, f"«{step.task}» is not open; open: {self._open_tasks()}; incidents: {self._incidents()}"
        for opened in found if step.acta == "todas" else found[:1]:
            self._complete_one(step, opened, actas)
            self._run_jobs()

    def _complete_one(self, step: Step, opened: Any, actas: Mapping[str, Any]) -> None:
        actor = self._requester() if opened.role == "solicitante" else self.world.staff[opened.role]
        given = exam.named(self.world.person, step.answers)
        if step.sheet is not None:
            source = exam.source_of(opened.role)
            given["carga"] = exam.load(self.world.app, actas[opened.instance].id, source, step.sheet, actor)
        answers = self._with_files(self.definition.forms.get(opened.form), given, actor)
        properties = self.definition.spec.elements[str(step.task)].properties
        if "firma" in properties and wants_signature(properties, answers):
            self.world.app.sign_task(opened.id, actor, self.pin, answers, uuid.uuid4())
        else:
            complete_task(CompleteTask(opened.id, actor, answers, uuid.uuid4()), self.world.app.engine)

    def _expect_failures(self, steps: tuple[Step, ...], number: int) -> None:
        for step in steps[number:]:
            if step.kind != "operation":
                return
            self.failing.append((str(step.operation), step.failure or "falla"))

    def _run_jobs(self) -> None:
        for _ in range(MAX_JOBS):
            queued = self._all(
                sa.select(job.c.key, job.c.operation)
                .where(job.c.case_id == self.case_id, job.c.status == "queued")
                .order_by(job.c.created_at, job.c.key)
            )
            if not queued:
                return
            self._run(queued[0].key, queued[0].operation)
        raise AssertionError(f"jobs do not end: {queued}")

    def _run(self, key: str, operation: str) -> None:
        cause = next((cause for name, cause in self.failing if name == operation), None)
        if cause is None:
            run_job(self.world.app, key)
            left = self._one(sa.select(job.c.status, job.c.error).where(job.c.key == key))
            assert left.status == "done", f"{operation}: {left.error}"
            return
        self.failing.remove((operation, cause))
        fail_job(FailJob(key, cause, True, 1), self.world.app.engine)

    def _with_files(self, form: Form | None, answers: Mapping[str, Any], actor: UUID) -> dict[str, Any]:
        filled = dict(answers)
        if form is None:
            return filled
        for key in form.upload_keys:
            if filled.get(key):
                accept = str((form.field(key) or form.fields[0]).raw.get("accept") or ".pdf,.jpg").split(",")
                filled[key] = [self._upload(name, actor, accept) for name in filled[key]]
        return filled

    def _upload(self, name: str, actor: UUID, accept: list[str]) -> str:
        app = self.world.app
        content = prepared(name, app)
        with app.database.write() as conn:
            document = accept_upload(
                conn,
                app.archive,
                filename=name,
                stream=io.BytesIO(content),
                allowed=accept,
                max_bytes=app.config.max_upload,
                created_by=actor,
                at=self.world.clock.now(),
            )
        return str(document.id)

    # --- the end -----------------------------------------------------------------------------------------------------

    def _compare(self, scenario: Scenario) -> None:
        expected, row = scenario.expected, self._row()
        found = f"open: {self._open_tasks()}; incidents: {self._incidents()}"
        assert not self.failing, f"these never ran: {self.failing}"
        assert row.status == expected.status, found
        if expected.outcome is not None:
            assert row.outcome == expected.outcome
        if expected.open_tasks is not None:
            assert sorted(self._open_tasks()) == sorted(expected.open_tasks)
        with self.world.app.database.read() as conn:
            delivered = {Path(d.name).stem for d in list_documents(conn, self.case_id, released_only=True)}
            again = replay(conn, self.world.app.definitions, self.case_id, self.world.app.config.zone)
            chain = verify_chain(conn, self.case_id)
        if expected.documents is not None:
            assert delivered == set(expected.documents)
        if expected.products is not None:
            assert self._results() == {key: PRODUCTS[word] for key, word in expected.products.items()}
        if expected.mails is not None:
            assert set(expected.mails) <= self._mails()
        assert again.identical, again.verdict
        self._recount()
        assert chain.reason is None, chain

    def _recount(self) -> None:
        """What is shown is what the events say, before and after it is summed."""
        app = self.world.app
        for _ in range(2):
            told = recount(app.database, Indicators(app).service_of, app.clock.now(), app.config.zone)
            assert told.cases >= 1
            assert told.agrees, [str(one) for one in told.differences]
            compact(app.database)

    def _mails(self) -> set[str]:
        query = sa.select(job.c.parameters).where(
            job.c.case_id == self.case_id, job.c.operation == "send_mail", job.c.status == "done"
        )
        return {Path(row.parameters["template"]).stem for row in self._all(query)}

    def _results(self) -> dict[str, str | None]:
        rows = self._all(sa.select(term.c.key, term.c.result).where(term.c.case_id == self.case_id))
        return {row.key: row.result for row in rows}

    def _open_tasks(self) -> list[str]:
        rows = self._all(sa.select(task.c.element).where(task.c.case_id == self.case_id, task.c.status == "open"))
        return [row.element for row in rows]

    def _incidents(self) -> list[str]:
        rows = self._all(
            sa.select(incident.c.cause).where(incident.c.case_id == self.case_id, incident.c.status == "open")
        )
        return [row.cause for row in rows]

    def _requester(self) -> UUID:
        assert self.requester is not None, "nobody asked for this case"
        return self.requester

    def _row(self) -> Any:
        return self._one(sa.select(case).where(case.c.id == self.case_id))

    def _one(self, query: Any) -> Any:
        return self._all(query)[0]

    def _all(self, query: Any) -> list[Any]:
        with self.world.app.database.read() as conn:
            return list(conn.execute(query))
