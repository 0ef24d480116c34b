"""Plays one scenario: the requester asks in the portal, staff complete their tasks, time passes, and all ends as it says."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.app import Cartulario
from engine.cases import DeliverResult, deliver_result, wants_signature
from engine.definitions import Definition, Scenario, Step
from engine.storage.tables import case, incident, job, task, term, wait
from engine.storage.tables import person as people
from tests.processes.exam import meant, named
from tests.support.prepared import prepared
from tests.tour import exam
from tests.tour.client import Deviation, Visitor, flat
from tests.tour.post import Post
from web.demo.crowd import crowd
from web.demo.office import CAST, PASSWORD, PIN
from web.demo.stage import Stage

NUMBER = re.compile(r"[A-Z]{2,6}-\d{4}-\d{6}")
ORGANISM = {"organismo": "Consejo de Educación Superior", "oficio": "CES-SG-2024-0123-O"}
SETTLE_WITHIN = 90  # seconds
BREAKABLE = {"fetch_academic_record"}
PROFILE_OF = {one.profile: one.username for one in (*crowd(), *reversed(CAST)) if one.profile}
HOLDER_OF = {role: one.username for one in reversed(CAST) for role in one.roles}


@dataclass
class Player:
    stage: Stage
    app: Cartulario
    definition: Definition
    people: dict[str, Visitor] = field(default_factory=dict)
    post: Post | None = None  # who reads the office's mail; none: messages are handed over
    number: str = ""
    filer: str = ""  # who took it at the desk, for somebody who may have no account
    case_id: UUID = field(init=False)
    requester: str = field(init=False)

    def play(self, scenario: Scenario, begun: str = "") -> None:
        """``begun``: the number of a case that somebody else, or the system itself, began."""
        steps = list(scenario.steps)
        with self._sabotage(_failing(steps, 0)):
            if begun:
                self.requester = ""
                self._take(begun)
            else:
                self._ask(scenario)
            self._settle()
        for number, step in enumerate(steps):
            if step.kind == "operation":
                continue
            with self._sabotage(_failing(steps, number + 1)):
                self._do(step)
                self._settle()

    def visitor(self, username: str) -> Visitor:
        if username not in self.people:
            self.people[username] = Visitor(self.stage.url).sign_in(username, PASSWORD)
        return self.people[username]

    # --- what people do ----------------------------------------------------------------------------------------------

    def _ask(self, scenario: Scenario) -> None:
        process = self.definition.manifest.process
        who = scenario.requester or next(iter((*process.profiles, *process.starters)), "estudiante")
        self.requester = PROFILE_OF.get(who) or HOLDER_OF[who]
        if scenario.filed_by:
            person = self._at_the_desk(scenario.filed_by)
        else:
            person = self.visitor(self.requester).open(f"/servicios/{self.definition.process}/solicitud")
        start = self._named(scenario.start)
        self._fill(person, "/solicitudes/", start, self.definition.start_form)
        if "/revisar" not in person.url:
            raise Deviation(f"the request was not accepted: {person.errors()}")
        self._send(person)
        found = NUMBER.search(person.url)
        if found is None:
            raise Deviation(f"no receipt: {person.url}")
        self._take(found[0])

    def _take(self, number: str) -> None:
        self.number = number
        self.case_id = self.one(sa.select(case.c.id).where(case.c.number == number)).id

    @staticmethod
    def _send(person: Visitor) -> None:
        """When the same person asked for the same thing today, the page asks whether it is another request: it is."""
        try:
            person.submit("/enviar", {})
        except Deviation:
            if not person.page.xpath("//input[@name='confirmada']"):
                raise
            person.submit("/enviar", {})

    def _at_the_desk(self, role: str) -> Visitor:
        """Somebody of the office opens the form for whom they have before them (C-10)."""
        self.filer = HOLDER_OF[role]
        asks = self.one(sa.select(people.c.id).where(people.c.username == self.requester))
        person = self.visitor(self.filer).open(f"/mostrador/personas/{asks.id}")
        return person.submit("/solicitud", {"servicio": self.definition.process, **ORGANISM})

    def _do(self, step: Step) -> None:
        if step.kind == "task":
            self._complete(step)
        elif step.kind == "resolve":
            self._resolve(step)
        elif step.kind == "clock":
            self._let_time_pass()
        elif step.kind == "withdraw":
            person = self.visitor(self.requester)
            person.open(f"/tramites/{self.number}/retirar").submit("/retirar", {"motivo": str(step.withdraw)})
        elif step.kind == "message" and self.post is not None and exam.by_mail(step):
            exam.send_by_mail(self.app, self.post, self.stage.folder, self.case_id, step)
        elif step.kind == "message":
            exam.deliver(self.app, self.case_id, self.number, step)
        elif step.kind == "reserve":
            person = self.visitor(HOLDER_OF["secretaria"]).open(f"/actas-de-sesion/{step.reserve}")
            kind = "partial" if step.pages else "whole"
            person.submit("/reserva", {"kind": kind, "pages": step.pages or "", "reason": str(step.reason)})
        else:
            raise Deviation(f"the tour cannot play a step of kind {step.kind}")

    def _named(self, told: Any) -> Any:
        return named(lambda who: exam.person_of(self.app, who), told)

    def _complete(self, step: Step) -> None:
        query = sa.select(task.c.id, task.c.role, task.c.form, task.c.instance).where(
            task.c.case_id == self.case_id, task.c.element == step.task, task.c.status == "open"
        )
        with self.app.database.read() as conn:
            actas = {acta.base: acta.id for acta in meant(conn, self.case_id, step)}
        found = [one for one in self._all(query.order_by(task.c.name)) if not actas or one.instance in actas]
        if not found:
            raise Deviation(f"«{step.task}» is not open; open: {self.open_tasks()}; incidents: {self.incidents()}")
        chosen = found if step.acta == "todas" else found[:1]
        for number, row in enumerate(chosen, 1):
            self._complete_one(step, row, actas, outside=number == len(chosen) > 1)
            self._settle()

    def _complete_one(self, step: Step, row: Any, actas: Mapping[str, UUID], *, outside: bool) -> None:
        answers = self._named(step.answers)
        form = self.definition.forms.get(row.form)
        if row.role == "solicitante":
            person = self.visitor(self.requester).open(f"/tramites/{self.number}/responder/{row.id}")
            self._fill(person, "/responder/", answers, form)
        elif step.sheet is not None:
            person = self.visitor(exam.username_of(self.app, row.role))
            exam.fill_in(self.app, person, row.id, actas[row.instance], step)
        else:
            person = self.visitor(exam.username_of(self.app, row.role)).open(f"/bandeja/{row.id}")
            properties = self.definition.spec.elements[str(step.task)].properties
            signs = "firma" in properties and wants_signature(properties, answers)
            if signs and self.post is not None and self._was_done(row):  # elsewhere, and it comes by mail
                name, signed = exam.sign_elsewhere(self.app, person, row.role)
                self.post.return_signed(self.app, actas[row.instance], exam.person_of(self.app, row.role), name, signed)
            elif signs and outside:  # the last of several, with a program that is not ours
                name, signed = exam.sign_elsewhere(self.app, person, row.role)
                person.submit("/completar", flat(answers), {"firmado": [(name, signed)]})
            else:
                self._fill(person, "/completar", answers, form, {"pin": PIN} if signs else {})
        left = self.one(sa.select(task.c.status).where(task.c.id == row.id)).status
        if left != "completed":
            raise Deviation(f"«{step.task}» was not completed: {person.errors()}")

    def _was_done(self, row: Any) -> bool:
        """Somebody did this task of this acta before, and it came back."""
        mine = sa.and_(task.c.case_id == self.case_id, task.c.instance == row.instance, task.c.status == "completed")
        before = sa.select(task.c.id).where(mine, task.c.form == row.form)
        return row.instance is not None and bool(self._all(before))

    def _fill(
        self, person: Visitor, action: str, answers: Mapping[str, Any], form: Any, more: Mapping[str, Any] | None = None
    ) -> None:
        keys = set(form.upload_keys) if form is not None else set()
        files = {key: [(name, prepared(name, self.app)) for name in answers[key]] for key in keys if answers.get(key)}
        person.submit(action, {**flat({k: v for k, v in answers.items() if k not in keys}), **(more or {})}, files)

    def _resolve(self, step: Step) -> None:
        """By hand where a person may say it; else as the operation answers when it is tried again."""
        failing = sa.select(job.c.key, job.c.operation).join(incident, incident.c.job_key == job.c.key)
        failed = self.one(failing.where(incident.c.case_id == self.case_id, incident.c.status == "open"))
        if failed.operation not in self.app.engine.by_hand:
            deliver_result(DeliverResult(failed.key, step.result or {}), self.app.engine)
            return
        person = self.visitor(HOLDER_OF["secretaria"]).open(f"/casos/{self.number}")
        values = {"result": json.dumps(step.result, ensure_ascii=False), "reason": "Se carga a mano"}
        person.submit("/resolver", values)
        if self.incidents():
            raise Deviation(f"the incident was not resolved: {person.errors()}")

    def _let_time_pass(self) -> None:
        due = self.one(
            sa.select(sa.func.min(wait.c.due_at).label("at")).where(
                wait.c.case_id == self.case_id, wait.c.kind == "timer"
            )
        ).at
        if due is None:
            raise Deviation("no clock runs")
        ahead: timedelta = due - self.app.clock.now()
        self.stage.advance(max(ahead.total_seconds(), 0) + 2)
        self.people.clear()  # sessions end as time passes

    def fetch(self, document: UUID) -> bytes:
        """A delivered document, as whoever asked gets it: from their own page, at the desk; if nobody asked, an auditor."""
        if not self.requester:
            return self.fetch_inside(document)
        if self.filer:
            return self.visitor(self.filer).download(f"/casos/documentos/{document}?descargar")
        return self.visitor(self.requester).download(f"/tramites/{self.number}/documentos/{document}")

    def fetch_inside(self, document: UUID) -> bytes:
        """One that stays in the office."""
        return self.visitor(HOLDER_OF["auditor"]).download(f"/casos/documentos/{document}?descargar")

    # --- what the machine does ---------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Until the case has no job to run and no timer due."""
        limit = time.monotonic() + SETTLE_WITHIN
        while self._busy():
            if time.monotonic() > limit:
                raise Deviation(f"the case does not come to rest; jobs: {self._jobs()}")
            time.sleep(0.05)

    def _busy(self) -> bool:
        """In one snapshot: between two, a timer may fire and leave its job."""
        overdue = sa.select(wait.c.case_id).where(
            wait.c.case_id == self.case_id, wait.c.kind == "timer", wait.c.due_at <= self.app.clock.now()
        )
        with self.app.database.read() as conn:
            return conn.execute(self._queued).first() is not None or conn.execute(overdue).first() is not None

    @property
    def _queued(self) -> Any:
        return sa.select(job.c.operation, job.c.error).where(job.c.case_id == self.case_id, job.c.status == "queued")

    def _jobs(self) -> list[str]:
        return [f"{row.operation} {row.error or ''}" for row in self._all(self._queued)]

    @contextmanager
    def _sabotage(self, operations: list[str]) -> Iterator[None]:
        """Make the next such operations fail for real: the academic system has nobody."""
        if not operations:
            yield
            return
        if set(operations) != BREAKABLE:
            raise Deviation(f"the tour cannot make {operations} fail")
        records = self.stage.folder / "registros" / "registros.json"
        kept = records.read_bytes()
        records.write_text("[]")
        try:
            yield
        finally:
            records.write_bytes(kept)

    def results(self) -> dict[str, str | None]:
        """How each product ended."""
        query = sa.select(term.c.key, term.c.result).where(term.c.case_id == self.case_id)
        return {row.key: row.result for row in self._all(query)}

    def open_tasks(self) -> list[str]:
        query = sa.select(task.c.element).where(task.c.case_id == self.case_id, task.c.status == "open")
        return [row.element for row in self._all(query)]

    def incidents(self) -> list[str]:
        query = sa.select(incident.c.cause).where(incident.c.case_id == self.case_id, incident.c.status == "open")
        return [row.cause for row in self._all(query)]

    def one(self, query: Any) -> Any:
        return self._all(query)[0]

    def _all(self, query: Any) -> list[Any]:
        with self.app.database.read() as conn:
            return list(conn.execute(query))


def _failing(steps: list[Step], number: int) -> list[str]:
    found = []
    for step in steps[number:]:
        if step.kind != "operation":
            break
        found.append(str(step.operation))
    return found


def file_stem(name: str) -> str:
    return Path(name).stem
