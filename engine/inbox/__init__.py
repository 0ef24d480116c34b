"""Open tasks: who sees them, in what order, and what people do to them besides completing them.

The web and the API use ``Inbox``; completing a task is ``engine.cases``'.
"""

from engine.inbox.bulk import BulkReport, Refusal
from engine.inbox.case_view import CaseView, OpenIncident, OpenTask
from engine.inbox.chip import Chip
from engine.inbox.choices import ProcessChoice
from engine.inbox.comments import Comment
from engine.inbox.detail import TaskDetail
from engine.inbox.documents import DocumentLine
from engine.inbox.filters import DUES, SORTS, TABS, Filters
from engine.inbox.inbox import Inbox
from engine.inbox.page import Count, Page, RowGroup
from engine.inbox.reads import Read
from engine.inbox.rows import TaskRow
from engine.inbox.saved import SavedFilter
from engine.inbox.terms import TermDay
from engine.inbox.viewer import Viewer

__all__ = [
    "DUES",
    "SORTS",
    "TABS",
    "BulkReport",
    "CaseView",
    "Chip",
    "Comment",
    "Count",
    "DocumentLine",
    "Filters",
    "Inbox",
    "OpenIncident",
    "OpenTask",
    "Page",
    "ProcessChoice",
    "Read",
    "Refusal",
    "RowGroup",
    "SavedFilter",
    "TaskDetail",
    "TaskRow",
    "TermDay",
    "Viewer",
]
