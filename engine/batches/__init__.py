"""Batches: the same done to many, in the background, with progress that can be left and found again.

Above ``inbound``: a batch repeats commands that exist, and adds nothing to what a person may do one by one.
"""

from engine.batches.batch import Batch, Item, get_batch, list_batches, list_items
from engine.batches.errors import BatchOver, BatchRunning, FileRefused
from engine.batches.lease import stop
from engine.batches.printing import (
    Printable,
    PrintRun,
    complete_printed,
    compose_run,
    mark_printed,
    print_run,
    printable,
    read_run,
)
from engine.batches.requests import REPORT, check_requests, file_requests, report, take_requests, template
from engine.batches.signing import (
    Signable,
    prepare_signing,
    resume_signing,
    sign_batch,
    signable,
    take_signing,
)

__all__ = [
    "REPORT",
    "Batch",
    "BatchOver",
    "BatchRunning",
    "FileRefused",
    "Item",
    "PrintRun",
    "Printable",
    "Signable",
    "check_requests",
    "complete_printed",
    "compose_run",
    "file_requests",
    "get_batch",
    "list_batches",
    "list_items",
    "mark_printed",
    "prepare_signing",
    "print_run",
    "printable",
    "read_run",
    "report",
    "resume_signing",
    "sign_batch",
    "signable",
    "stop",
    "take_requests",
    "take_signing",
    "template",
]
