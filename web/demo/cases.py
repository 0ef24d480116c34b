"""Some cases for an empty demo, made by running its processes' own scenarios and leaving each at another point. Never
by writing rows.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine import people
from engine.app import Cartulario, build
from engine.cases import CompleteTask, Receipt, StartCase, complete_task, start_case, wants_signature
from engine.clock import FixedClock
from engine.config import Config
from engine.definitions import Definition, Scenario, Step
from engine.errors import CartularioError
from web.demo.office import CAST, PIN

LEFT_AFTER = (99, 1, 0, 2, 1, 0, 0)  # steps done in each case, so that every desk has something on it
DAYS_AGO = (5, 4, 3, 2, 1, 0, 0)
PATIENCE = 20  # seconds for a worker to open the next task


def populate(config: Config) -> int:
    """Begin a case for each of ``LEFT_AFTER`` in each process, with workers already running; how many there are."""
    app, made = build(config), 0
    try:
        for definition in app.definitions.catalogue():
            scenarios = [s for s in definition.scenarios if all(step.kind == "task" for step in s.steps)]
            for (left, ago), scenario in zip(zip(LEFT_AFTER, DAYS_AGO, strict=True), scenarios, strict=False):
                made += _begin(app, config, definition, scenario, left, ago, made)
    finally:
        app.close()
    return made


def _begin(
    app: Cartulario, config: Config, definition: Definition, scenario: Scenario, left: int, ago: int, turn: int
) -> int:
    if any(_names_files(definition, answers) for answers in (scenario.start, *(s.answers for s in scenario.steps))):
        return 0
    asked = app.clock.now() - timedelta(days=ago, minutes=17 * turn)
    past = build(config, FixedClock(asked))
    requester = _requester(app, definition, turn)
    try:
        receipt = start_case(StartCase(definition.process, requester, scenario.start, uuid.uuid4()), past.engine)
    finally:
        past.close()
    for step in scenario.steps[:left]:
        if not _do(app, definition, receipt, requester, step):
            break
    return 1


def _do(app: Cartulario, definition: Definition, receipt: Receipt, requester: UUID, step: Step) -> bool:
    """Complete the step's task when a worker has brought the case to it."""
    limit = time.monotonic() + PATIENCE
    while (task := _open_task(app, receipt, step)) is None:
        if time.monotonic() > limit:
            return False
        time.sleep(0.1)
    element = definition.spec.elements[str(step.task)]
    role = definition.role_of(element.id) or ""
    with app.database.read() as conn:
        today = app.calendar.local_day(app.clock.now())
        holders = people.people_with_role(conn, role, today, definition.process)
    actor = requester if role == "solicitante" else holders[0].id
    try:
        if "firma" in element.properties and wants_signature(element.properties, step.answers):
            app.sign_task(task, actor, PIN, step.answers, uuid.uuid4())
        else:
            complete_task(CompleteTask(task, actor, step.answers, uuid.uuid4()), app.engine)
    except CartularioError:
        return False
    return True


def _open_task(app: Cartulario, receipt: Receipt, step: Step) -> UUID | None:
    viewer = app.inbox.viewer(_holder(app, "administrador"))
    view = app.inbox.get_case_for(viewer, receipt.number)
    found = (task.id for task in view.tasks if task.element == step.task)
    return next(found, None)


def _requester(app: Cartulario, definition: Definition, turn: int) -> UUID:
    profiles = definition.manifest.process.profiles
    fitting = [one.username for one in CAST if one.profile and (not profiles or one.profile in profiles)]
    return _person(app, fitting[turn % len(fitting)])


def _holder(app: Cartulario, role: str) -> UUID:
    return _person(app, next(one.username for one in CAST if role in one.roles))


def _person(app: Cartulario, username: str) -> UUID:
    with app.database.read() as conn:
        found = people.find_person(conn, username)
    if found is None:
        raise LookupError(f"the demo has nobody called {username}")
    return found.id


def _names_files(definition: Definition, answers: Mapping[str, Any]) -> bool:
    return any(answers.get(key) for key in _upload_keys(definition))


def _upload_keys(definition: Definition) -> Iterator[str]:
    for form in definition.forms.values():
        yield from form.upload_keys
