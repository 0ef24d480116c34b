"""Hand a message that one case sent to the case that waits for it. A job like any other, but its outcome belongs to the
receiver: the sender went on when it sent."""

from __future__ import annotations

from uuid import NAMESPACE_OID, uuid5

from engine.cases import DeliverMessage, Engine, deliver_message, finish_message
from engine.errors import CartularioError, NobodyWaits, Unavailable
from engine.inbound.attempt import Done, Failed, Outcome, again
from engine.jobs import Job


def hand_over(job: Job, engine: Engine, most: int) -> Outcome:
    """The receiver may not be waiting yet (its own step may be about to commit), so that is tried again for a while."""
    command = DeliverMessage(
        message=job.parameters["message"],
        correlation=job.parameters["correlation"],
        payload=job.parameters["payload"],
        request_id=uuid5(NAMESPACE_OID, f"message:{job.key}:{job.round}"),
    )
    attempts = job.attempts + 1
    try:
        deliver_message(command, engine)
    except (NobodyWaits, Unavailable) as failure:
        return again(f"Mensaje «{command.message}», clave «{command.correlation}»: {failure.message}", attempts, most)
    except CartularioError as failure:
        return Failed(failure.message, True, attempts)
    finish_message(job.key, engine)
    return Done({})
