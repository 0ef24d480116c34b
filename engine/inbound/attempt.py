"""One attempt at a job: find its operation, validate what the diagram gave it, run it outside every transaction, and
say how it ended. Knows nothing of cases; ``worker.py`` acts on the outcome."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.errors import OperationFailed, Unavailable
from engine.jobs import Job
from engine.operations import Call, Operation, Tools, perform
from engine.storage.events import canonical

log = logging.getLogger(__name__)

LARGEST_RESULT = 64 * 1024  # bytes of JSON: rule 6, case data is small
LONGEST_DELAY = 60.0  # seconds
LONGEST_WAIT = 600.0  # the same, for a mail server that is away
MOST_DOUBLINGS = 16


@dataclass(frozen=True)
class Done:
    result: dict[str, Any]


@dataclass(frozen=True)
class Failed:
    """It will not be tried again by itself: an incident, for a person."""

    cause: str
    permanent: bool
    attempts: int


@dataclass(frozen=True)
class Later:
    cause: str
    attempts: int
    delay: float  # seconds


Outcome = Done | Failed | Later


def attempt(job: Job, operations: Mapping[str, Operation[Any]], tools: Tools) -> Outcome:
    operation = operations.get(job.operation)
    attempts = job.attempts + 1
    if operation is None:
        return Failed(f"No existe la operación «{job.operation}» que pide el diagrama.", True, attempts)
    try:
        result = perform(operation, job.parameters, _call(job, tools))
    except OperationFailed as failure:
        if failure.permanent:
            return Failed(failure.message, True, attempts)
        waits = failure.away and _is_young(job, tools)
        return again(failure.message, attempts, tools.config.job_attempts, waits=waits)
    except Unavailable as failure:
        return again(failure.message, attempts, tools.config.job_attempts)
    except Exception as failure:
        log.exception("operation %s of job %s broke", job.operation, job.key)
        return again(f"Error inesperado: {type(failure).__name__}: {failure}", attempts, tools.config.job_attempts)
    if len(canonical(result).encode()) > LARGEST_RESULT:
        return Failed(
            f"El resultado de «{job.operation}» es demasiado grande para los datos del trámite.", True, attempts
        )
    return Done(result)


def again(cause: str, attempts: int, most: int, *, waits: bool = False) -> Outcome:
    """After a failure that may pass: later, twice as late each time, or no more; ``waits``: however often it was."""
    if attempts >= most and not waits:
        return Failed(cause, False, attempts)
    longest = LONGEST_WAIT if waits else LONGEST_DELAY
    return Later(cause, attempts, min(2.0 ** min(attempts - 1, MOST_DOUBLINGS), longest))


def _is_young(job: Job, tools: Tools) -> bool:
    return tools.clock.now() - job.created_at < timedelta(hours=tools.config.mail_patience_hours)


def _call(job: Job, tools: Tools) -> Call:
    return Call(
        key=job.key,
        case_id=job.case_id,
        case_number=job.case_number,
        process=job.process,
        version_id=job.version_id,
        element=job.element,
        requester_id=job.requester_id,
        round=job.round,
        at=job.created_at,
        tools=tools,
    )
