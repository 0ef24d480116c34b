"""The durable queue behind one small port. Only this room knows DBOS; ``engine.jobs.worker`` is a worker's loop."""

from engine.jobs.queue import Queue
from engine.jobs.record import Job, load_job, queued_jobs

__all__ = ["Job", "Queue", "load_job", "queued_jobs"]
