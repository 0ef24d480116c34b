"""Advances one case: loads its state, does one thing, runs the diagram until it must wait, says what changed.

Called by ``cases`` inside the transaction and by ``history.replay``; both go through the same methods, so that the
same events give the same state. Nothing here touches the database, the clock or the network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs.event_definitions import MultipleEventDefinition
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.errors import CartularioError, EngineFault, NobodyWaits, TaskNotOpen
from engine.spiff import boundaries, codec, inclusive, instrument, joins, loops, stepping
from engine.spiff.advance import Advance, Thrown
from engine.spiff.codec import canonical
from engine.spiff.difference import Look, describe, every_workflow, look
from engine.spiff.expressions import SCRIPT_ENGINE, plain
from engine.spiff.functions import SCRIPT_ONLY
from engine.spiff.moment import Moment, Office, Recorded, current, during
from engine.spiff.parsing import Flow, ProcessSpec
from engine.spiff.pruning import LIVE, prune
from engine.spiff.waiting import reschedule

MAX_STEPS = 1_000  # of the engine in one command
MAX_DATA = 64 * 1024  # characters of JSON
WITHDRAWN = "retirada"
ARCHIVED = "archivada_por_la_oficina"

CHANGED = (boundaries, inclusive, instrument, joins, loops)  # importing them corrects the library before it runs


class Execution:
    """One case in memory, during one command."""

    def __init__(
        self,
        process: ProcessSpec,
        case_id: UUID,
        zone: ZoneInfo,
        state: str | None = None,
        version: int = codec.FORMAT,
    ) -> None:
        """``version``: the format of the states of a case that begins; a case that has one keeps its own."""
        self.process = process
        self.case_id = case_id
        self.zone = zone
        self._workflow: Any = None
        self._counter = 0
        self._version = version
        if state is not None:
            self._workflow, self._counter, self._version = codec.load(process, case_id, state)

    # --- what may happen to a case -----------------------------------------------------------------------------------

    def start(
        self, data: Mapping[str, Any], now: datetime, office: Office | Recorded, timer_start: str | None = None
    ) -> Advance:
        """From the plain start, or from a timer start: the way is told as the one that was taken."""

        def begin() -> None:
            self._workflow = BpmnWorkflow(
                self.process.spec, dict(self.process.subprocesses), script_engine=SCRIPT_ENGINE
            )
            self._workflow.task_tree.data = plain(dict(data))

        advance = self._run(begin, now, office)
        if timer_start is not None:
            plain_start = self.process.start.id
            ways = {f.id: g.id for f in self._leaving(plain_start) for g in self._leaving(timer_start)}
            advance.flows = [ways.get(flow, flow) for flow in advance.flows]
            advance.passed = [timer_start if one == plain_start else one for one in advance.passed]
        return advance

    def _leaving(self, element: str) -> list[Flow]:
        return [flow for flow in self.process.flows if flow.source == element]

    def complete(self, task_id: UUID, answers: Mapping[str, Any], now: datetime, office: Office | Recorded) -> Advance:
        """Complete a person's task. Raises ``TaskNotOpen``."""

        def act() -> None:
            task = self._task(task_id)
            if task is None or task._state != TaskState.READY or not task.task_spec.manual:
                raise TaskNotOpen()
            task.data.update(plain(dict(answers)))
            task.run()

        return self._run(act, now, office)

    def finish_call(self, task_id: UUID, result: Any, now: datetime, office: Office | Recorded) -> Advance:
        """Give a service task its result. Raises ``TaskNotOpen`` when the case went another way."""

        def act() -> None:
            task = self._task(task_id)
            if task is None or task._state != TaskState.STARTED:
                raise TaskNotOpen()
            element = self.process.elements.get(task.task_spec.bpmn_id)
            if element is not None and element.result_variable:
                task.data[element.result_variable] = plain(result)
            task.internal_data.pop("trabajo", None)
            task.complete()

        return self._run(act, now, office)

    def deliver(self, task_id: UUID, n: int, payload: Any, now: datetime, office: Office | Recorded) -> Advance:
        """Hand a message or a signal to the task that waits for it. Raises ``NobodyWaits``."""

        def act() -> None:
            task = self._task(task_id)
            if task is None or task._state != TaskState.WAITING:
                raise NobodyWaits()
            definition = task.task_spec.event_definition
            if isinstance(definition, MultipleEventDefinition):
                definition = definition.event_definitions[n]
            task.task_spec.catch(task, BpmnEvent(definition, plain(payload)))
            task.task_spec._update(task)

        return self._run(act, now, office)

    def fire_timers(self, now: datetime, office: Office | Recorded) -> Advance:
        return self._run(lambda: None, now, office)

    def reschedule(self, now: datetime, office: Office | Recorded) -> Advance:
        """Ask the office again for every waiting date that depends on the calendar or the term."""
        advance = Advance()
        return self._run(lambda: advance.rescheduled.extend(reschedule(self._workflow)), now, office, advance)

    def withdraw(self, now: datetime, office: Office | Recorded) -> Advance:
        return self._cancel(WITHDRAWN, now, office)

    def archive(self, now: datetime, office: Office | Recorded) -> Advance:
        """The office ends what cannot go on."""
        return self._cancel(ARCHIVED, now, office)

    def _cancel(self, outcome: str, now: datetime, office: Office | Recorded) -> Advance:
        advance = self._run(lambda: self._workflow.cancel(), now, office)
        advance.outcome = outcome
        return advance

    # --- what can be asked of it -------------------------------------------------------------------------------------

    def data(self) -> dict[str, Any]:
        """The case's data as its latest branch sees it."""
        if self._workflow.completed:
            return dict(self._workflow.data)
        live = [t for one in self._all() for t in one.tasks.values() if t._state & LIVE and t.data]
        return dict(max(live, key=lambda t: t.last_state_change).data) if live else {}

    def task_data(self, task_id: UUID) -> dict[str, Any]:
        task = self._task(task_id)
        if task is None:
            raise TaskNotOpen()
        return dict(task.data)

    # --- how ---------------------------------------------------------------------------------------------------------

    def _run(
        self, act: Callable[[], None], now: datetime, office: Office | Recorded, advance: Advance | None = None
    ) -> Advance:
        advance = advance or Advance()
        moment = Moment(self.case_id, now, self.zone, self._counter, office)
        with during(moment):
            before = look(self._workflow)
            try:
                act()
                self._steps()
                advance.thrown = self._drain()
                after = self._pause(before, advance)
            except CartularioError:
                raise
            except (SpiffWorkflowException, LookupError, TypeError, ValueError) as error:
                raise EngineFault(f"El diagrama no pudo seguir: {error}") from error
        self._check()
        describe(self.process, moment, before, after, advance)
        advance.completed = bool(self._workflow.completed)
        self._prune()
        self._counter = moment.counter
        advance.state = codec.dump(self._workflow, self._counter, self._version)
        self._check_size(advance.state)
        advance.fingerprint = codec.fingerprint(advance.state)
        return advance

    def _prune(self) -> None:
        prune(self._workflow)

    def _steps(self) -> None:
        """Run what is ready and not a person's, and fire what is due, until nothing moves."""
        steps = 0

        def count() -> None:
            nonlocal steps
            steps += 1
            if steps > MAX_STEPS:
                raise EngineFault("El diagrama da vueltas sin llegar a una tarea.")

        while True:
            while stepping.run_ready(self._workflow, count):
                pass
            if self._workflow.completed:
                return
            self._workflow.refresh_timers()
            if not stepping.any_ready(self._workflow):
                return

    def _pause(self, before: Look, advance: Advance) -> Look:
        """The term stands still while a task with ``pausaPlazo`` is open, and its timers follow. → what waits then."""
        after = look(self._workflow)
        was, now = self._stands_still(before), self._stands_still(after)
        begun = any(name in SCRIPT_ONLY for name, _, _ in current().reads)
        if now and (begun or not was):  # a term begun meanwhile stands still too
            current().ask("pausar")
        elif was and not now:
            current().ask("reanudar")
        if was == now and not begun:
            return after
        advance.rescheduled.extend(reschedule(self._workflow))
        return look(self._workflow)

    def _drain(self) -> list[Thrown]:
        """Messages that nobody in this case waited for go to other cases."""
        events = self._workflow.get_events()
        return [
            Thrown(e.event_definition.name, e.correlations.get("clave", ""), e.payload)
            for e in events
            if type(e.event_definition).__name__ == "MessageEventDefinition"
        ]

    def _stands_still(self, seen: Look) -> bool:
        return any(self.process.elements[t.task_spec.bpmn_id].pauses_term for t in seen.humans.values())

    def _check(self) -> None:
        """A case that goes on must wait for something."""
        if self._workflow.completed:
            return
        states = [task._state for one in self._all() for task in one.tasks.values()]
        if any(state == TaskState.ERROR for state in states):
            raise EngineFault("Un elemento del diagrama terminó en error.")
        if not any(state & LIVE for state in states):
            raise EngineFault("El diagrama se quedó sin nada que hacer y sin llegar a un fin.")

    def _check_size(self, state: str) -> None:
        """A case stays small (rule 6). The data are part of the state: they cannot be longer."""
        if len(state) > MAX_DATA and len(canonical(self.data())) > MAX_DATA:
            raise EngineFault("Los datos del trámite pasan de 64 KiB: guarde los archivos como documentos.")

    def _all(self) -> list[Any]:
        return every_workflow(self._workflow)

    def _task(self, task_id: UUID) -> Any:
        for one in self._all():
            with suppress(KeyError):
                return one.tasks[task_id]
        return None
