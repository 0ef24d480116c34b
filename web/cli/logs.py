"""Logs of the server and the worker: one line each on standard error, JSON for machines, words for a terminal."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

TALKATIVE = (
    "alembic",
    "dbos",
    "fontTools",
    "pyhanko",
    "pyhanko_certvalidator",
    "spiff",
    "waitress.queue",
    "weasyprint",
)  # their good news is no news


def configure_logs() -> None:
    """Send every log of ours and of the libraries through one formatter. Called once, when a process starts."""
    terminal = sys.stderr.isatty()
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    ending: list[Processor] = (
        [structlog.dev.ConsoleRenderer()]
        if terminal
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
