"""A year of the demo's office, made by running its processes: people ask, staff answer when offices are open, clocks
run out, some are late. Never by writing rows.

Played before the doors open, in the order in which things happen: each case is a generator that says when its next
step is, and the earliest of all goes first. The same year each time, but for the day it ends on.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine.app import Cartulario, build
from engine.clock import FixedClock
from engine.config import Config
from engine.definitions import Definition, Scenario
from web.demo.desk import Desk

CASES = 150
SHARES = {  # of every hundred requests
    "solicitar_certificacion": 40,
    "solicitar_certificado": 26,
    "solicitar_sellado": 12,
    "solicitar_copia_acta": 16,
    "atender_queja": 6,
}
OPENS, CLOSES = 8, 17  # o'clock
LATE = 0.04  # of the steps of staff
ANSWER = 0.6  # of those who received something say how it went
LAST_DAYS = 5  # what was asked for in them is left half way, so that every desk has something on it

Life = Generator[datetime, None, None]


@dataclass(frozen=True)
class Opening:
    """A request to come."""

    at: datetime
    definition: Definition
    scenario: Scenario
    steps: int  # that will be done


def play_year(
    config: Config, clock: FixedClock, today: datetime, said: Callable[[str], None] = print, cases: int = CASES
) -> int:
    """How many cases were made. ``clock`` is also what the demonstration authority stamps by. Jobs run in line; no
    worker may run yet."""
    app = build(config, clock)
    try:
        dice = random.Random(2024)  # noqa: S311 - a demonstration
        desk = Desk(app, clock, dice)
        plan = sorted(_plan(app, today, dice, cases), key=lambda one: one.at)
        lives: list[tuple[datetime, int, Life]] = [(one.at, n, _life(desk, one, dice)) for n, one in enumerate(plan)]
        heapq.heapify(lives)
        begun = 0
        while lives:
            at, n, life = heapq.heappop(lives)
            if at > today:
                continue  # it is still to come
            desk.let_pass(at)
            begun += at == plan[n].at
            if begun and begun % 25 == 0 and at == plan[n].at:
                said(f"  {begun} de {len(plan)} trámites del año")
            following = next(life, None)
            if following is not None:
                heapq.heappush(lives, (max(following, at), n, life))
        desk.let_pass(today)
        return begun
    finally:
        app.close()


def _plan(app: Cartulario, today: datetime, dice: random.Random, cases: int) -> Iterator[Opening]:
    known = {definition.process: definition for definition in app.definitions.catalogue()}
    offered = [(known[process], share) for process, share in SHARES.items() if process in known]
    turns = dict.fromkeys(known, 0)
    for n in range(cases):
        [definition] = dice.choices([d for d, _ in offered], [share for _, share in offered])
        scenarios = [
            s for s in definition.scenarios if all(step.kind in ("task", "clock", "withdraw") for step in s.steps)
        ]
        if not scenarios:
            continue
        plain = n % 3 and scenarios[0]  # most requests are the ordinary one
        scenario = plain or scenarios[turns[definition.process] % len(scenarios)]
        turns[definition.process] += not plain
        recent = n >= cases - cases // 10
        ago = dice.uniform(0.2, LAST_DAYS) if recent else dice.uniform(LAST_DAYS, 365)
        at = open_hours(app, today - timedelta(days=ago), dice)
        yield Opening(at, definition, scenario, dice.randrange(3) if recent else len(scenario.steps))


def _life(desk: Desk, opening: Opening, dice: random.Random) -> Life:
    """One case from its request on. It yields when it wants to be called again; clocks run in between."""
    number = desk.ask(opening.definition, opening.scenario)
    if number is None:
        return
    for step in opening.scenario.steps[: opening.steps]:
        if step.kind == "clock":
            due = desk.next_timer(number)
            if due is None:
                return
            yield due + timedelta(seconds=1)
            continue
        yield open_hours(desk.app, desk.clock.now() + _pause(dice), dice)
        if not desk.do(number, opening.definition, step):
            return
    if opening.steps == len(opening.scenario.steps) and dice.random() < ANSWER:
        yield desk.clock.now() + timedelta(hours=dice.uniform(1, 60))
        desk.thank(number, dice.choices((5, 4, 3, 2, 1), (52, 28, 11, 6, 3))[0])


def _pause(dice: random.Random) -> timedelta:
    """Until somebody takes it up: an hour or so, and now and then days."""
    if dice.random() < LATE:
        return timedelta(days=dice.uniform(1, 4))
    return timedelta(minutes=dice.uniform(8, 110))


def open_hours(app: Cartulario, at: datetime, dice: random.Random) -> datetime:
    """``at``, or the morning of the next business day."""
    zone, days = app.config.zone, app.calendar
    local = at.astimezone(zone)
    if local.time() >= time(CLOSES) or not days.is_business_day(local.date()):
        day = local.date() + timedelta(days=1)
        while not days.is_business_day(day):
            day += timedelta(days=1)
        local = datetime.combine(day, time(OPENS, dice.randrange(60)), zone)
    elif local.time() < time(OPENS):
        local = datetime.combine(local.date(), time(OPENS, dice.randrange(60)), zone)
    return local.astimezone(at.tzinfo)
