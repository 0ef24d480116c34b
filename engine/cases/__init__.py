"""Commands: the only way in which a case changes. Each is a frozen dataclass and the function of the same name; each
takes one lock and makes one commit.
"""

from engine.cases.answer_requester import AnswerRequester, answer_requester
from engine.cases.archive_case import ArchiveCase, NotStuck, StillWorking, archive_case, is_stuck
from engine.cases.catalogue import catalogues_of
from engine.cases.complete_task import CompleteTask, complete_task, document_id, wants_signature
from engine.cases.deliver_message import DeliverMessage, deliver_message
from engine.cases.deliver_result import DeliverResult, deliver_result, finish_message
from engine.cases.engine import Engine, Receipt, SignatureEvidence
from engine.cases.fire_timers import FireTimers, fire_timers
from engine.cases.incidents import (
    FailJob,
    IncidentClosed,
    OnlyRetried,
    ResolveIncident,
    RetryIncident,
    fail_job,
    resolve_incident,
    retry_incident,
)
from engine.cases.project import DELIVER_MESSAGE, REQUESTER
from engine.cases.rate_case import AlreadyRated, NotDelivered, RateCase, rate_case, was_delivered
from engine.cases.reschedule_terms import RescheduleTerms, reschedule_open_cases, reschedule_terms
from engine.cases.start_case import StartCase, start_case
from engine.cases.stuck_timers import FIRE_TIMERS, ReportStuckTimers, report_stuck_timers
from engine.cases.tally import COMPLAINTS, OFFICE, WHOLE, result_of
from engine.cases.task_view import TaskInView, task_in_view
from engine.cases.terms import ABANDONED
from engine.cases.withdraw_case import WithdrawCase, may_withdraw, withdraw_case

__all__ = [
    "ABANDONED",
    "COMPLAINTS",
    "DELIVER_MESSAGE",
    "FIRE_TIMERS",
    "OFFICE",
    "REQUESTER",
    "WHOLE",
    "AlreadyRated",
    "AnswerRequester",
    "ArchiveCase",
    "CompleteTask",
    "DeliverMessage",
    "DeliverResult",
    "Engine",
    "FailJob",
    "FireTimers",
    "IncidentClosed",
    "NotDelivered",
    "NotStuck",
    "OnlyRetried",
    "RateCase",
    "Receipt",
    "ReportStuckTimers",
    "RescheduleTerms",
    "ResolveIncident",
    "RetryIncident",
    "SignatureEvidence",
    "StartCase",
    "StillWorking",
    "TaskInView",
    "WithdrawCase",
    "answer_requester",
    "archive_case",
    "catalogues_of",
    "complete_task",
    "deliver_message",
    "deliver_result",
    "document_id",
    "fail_job",
    "finish_message",
    "fire_timers",
    "is_stuck",
    "may_withdraw",
    "rate_case",
    "report_stuck_timers",
    "reschedule_open_cases",
    "reschedule_terms",
    "resolve_incident",
    "result_of",
    "retry_incident",
    "start_case",
    "task_in_view",
    "wants_signature",
    "was_delivered",
    "withdraw_case",
]
