"""Both sides of the demo's desk while its year is played: who asks and who answers, each with their own commands."""

from __future__ import annotations

import contextlib
import io
import logging
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from engine import people
from engine.app import Cartulario
from engine.cases import (
    CompleteTask,
    RateCase,
    StartCase,
    WithdrawCase,
    complete_task,
    rate_case,
    start_case,
    wants_signature,
    withdraw_case,
)
from engine.clock import FixedClock
from engine.definitions import Definition, Scenario, Step
from engine.documents import accept_upload, list_documents, read_document
from engine.errors import CartularioError
from engine.forms import Form
from engine.history.case_file import find_case, tasks_of
from engine.inbound.timers import next_due, tick
from engine.inbound.worker import run_queued
from web.demo.crowd import crowd
from web.demo.office import CAST, PIN
from web.demo.papers import paper

COMPLAINTS = "atender_queja"
log = logging.getLogger(__name__)


@dataclass
class Desk:
    """``open`` knows, by number, who asked for each case."""

    app: Cartulario
    clock: FixedClock
    dice: random.Random
    open: dict[str, UUID | None] = field(default_factory=dict)

    def ask(self, definition: Definition, scenario: Scenario, username: str | None = None) -> str | None:
        """→ the case's number; none when it is refused, as some are. ``username`` asks, or somebody fitting."""
        process = definition.manifest.process
        who = scenario.requester or next(iter((*process.profiles, *process.starters)), "estudiante")
        requester = None if who == "sistema" else self._person(username) if username else self._somebody(who)
        filer = self._holder(scenario.filed_by, definition.process) if scenario.filed_by else None
        about = self._complained_of() if definition.process == COMPLAINTS and filer is None else None
        requester = self.open[about] if about else requester
        answers = self._with_files(definition.start_form, scenario.start, filer or requester)
        command = StartCase(
            definition.process,
            requester,
            answers,
            uuid.uuid4(),
            filed_by=filer,
            channel="mostrador" if filer else "portal" if requester else "sistema",
            origin="Consejo de Educación Superior" if filer and who == "externo" else None,
            confirmed=True,
            about=self._case(about).id if about else None,
        )
        try:
            number = start_case(command, self.app.engine).number
        except CartularioError as refused:
            log.info("a request of the demo was refused: %s", refused.message)
            return None
        self.open[number] = requester
        run_queued(self.app)
        return number

    def do(self, number: str, definition: Definition, step: Step) -> bool:
        """What the step says; whether it could be done."""
        try:
            if step.kind == "withdraw":
                requester = self.open[number]
                if requester is not None:
                    reason = str(step.withdraw)
                    withdraw_case(WithdrawCase(self._case(number).id, requester, reason, uuid.uuid4()), self.app.engine)
            else:
                self._complete(number, definition, step)
        except (CartularioError, LookupError) as refused:
            log.info("case %s of the demo stays where it is: %s", number, refused)
            return False
        run_queued(self.app)
        return True

    def thank(self, number: str, score: int) -> None:
        """The answer to the one question, when the case ended and something was delivered."""
        requester = self.open[number]
        if requester is not None:
            with contextlib.suppress(CartularioError):
                rate_case(RateCase(self._case(number).id, requester, score), self.app.engine)

    def next_timer(self, number: str) -> datetime | None:
        with self.app.database.read() as conn:
            return next_due(conn, find_case(conn, number).id)

    def let_pass(self, until: datetime) -> None:
        """Time goes on to ``until``: every clock that runs out on the way does what its diagram says."""
        while True:
            with self.app.database.read() as conn:
                due = next_due(conn)
            if due is None or due > until:
                break
            self.clock.instant = max(self.clock.instant, due)
            moved, _failed = tick(self.app)
            run_queued(self.app)
            if not moved:
                break
        self.clock.instant = max(self.clock.instant, until)

    def _complete(self, number: str, definition: Definition, step: Step) -> None:
        case = self._case(number)
        with self.app.database.read() as conn:
            found = [t for t in tasks_of(conn, case.id) if t.element == step.task and t.status == "open"]
        task = found[0]
        element = definition.spec.elements[str(step.task)]
        actor = self.open[number] if task.role == "solicitante" else self._holder(task.role, definition.process)
        if actor is None:
            raise LookupError("nobody asked for this case")
        answers = self._with_files(definition.form_of(element.id), step.answers, actor)
        if "firma" in element.properties and wants_signature(element.properties, answers):
            self.app.sign_task(task.id, actor, PIN, answers, uuid.uuid4())
        else:
            complete_task(CompleteTask(task.id, actor, answers, uuid.uuid4()), self.app.engine)

    def _complained_of(self) -> str | None:
        """The number of a request of somebody who may complain of it."""
        theirs = [number for number, requester in self.open.items() if requester and not number.startswith("QS")]
        return self.dice.choice(theirs) if theirs else None

    def _case(self, number: str) -> Any:
        with self.app.database.read() as conn:
            return find_case(conn, number)

    def _somebody(self, who: str) -> UUID:
        """One of the crowd with this profile, or the holder of this role."""
        names = [one.username for one in crowd() if one.profile == who]
        names += [one.username for one in CAST if one.profile == who]
        if not names:
            return self._holder(who, None)
        return self._person(self.dice.choice(names))

    def _person(self, username: str) -> UUID:
        with self.app.database.read() as conn:
            found = people.find_person(conn, username)
        if found is None:
            raise LookupError(username)
        return found.id

    def _holder(self, role: str, process: str | None) -> UUID:
        with self.app.database.read() as conn:
            holders = people.people_with_role(conn, role, self.app.calendar.local_day(self.clock.now()), process)
        return self.dice.choice(holders).id

    def _with_files(self, form: Form | None, answers: Mapping[str, Any], actor: UUID | None) -> dict[str, Any]:
        filled = dict(answers)
        for key in form.upload_keys if form is not None else ():
            if filled.get(key):
                filled[key] = [self._upload(name, actor) for name in filled[key]]
        return filled

    def _issued(self) -> bytes | None:
        """A document that this office delivered, for who asks that it be sealed."""
        with self.app.database.read() as conn:
            for number in reversed(self.open):
                for one in list_documents(conn, find_case(conn, number).id, released_only=True):
                    if one.media_type == "application/pdf" and one.code:
                        return read_document(conn, self.app.archive, one.id)[1]
        return None

    def _upload(self, name: str, actor: UUID | None) -> str:
        with self.app.database.write() as conn:
            document = accept_upload(
                conn,
                self.app.archive,
                filename=name,
                stream=io.BytesIO(paper(name, self._issued())),
                allowed=[".pdf", ".jpg", ".jpeg", ".png"],
                max_bytes=self.app.config.max_upload,
                created_by=actor,
                at=self.clock.now(),
            )
        return str(document.id)
