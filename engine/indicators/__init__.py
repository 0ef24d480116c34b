"""The indicators of §7 of the Carta: counts by month, terms kept, durations, backlog; exact, quick and recountable.

Above ``cases``, whose ``tally`` writes what each case adds; below ``inbound``, whose worker keeps the sums up to date.
"""

from engine.indicators.board import AGES, BOARD_ROLES, Backlog, Board, Indicators, Line
from engine.indicators.compact import compact, compact_all
from engine.indicators.figures import PUBLISHED_FROM, Figures
from engine.indicators.measures import Measure, list_measures
from engine.indicators.recount import Difference, Recount, recount
from engine.indicators.report import period_report, read_report
from engine.indicators.review import Asked, review
from engine.indicators.series import Headline, Point, Query
from engine.indicators.services import Offer, Product
from engine.indicators.sheets import board_sheets
from engine.indicators.signed_report import may_sign_report, report_signed_by, sign_report

__all__ = [
    "AGES",
    "BOARD_ROLES",
    "PUBLISHED_FROM",
    "Asked",
    "Backlog",
    "Board",
    "Difference",
    "Figures",
    "Headline",
    "Indicators",
    "Line",
    "Measure",
    "Offer",
    "Point",
    "Product",
    "Query",
    "Recount",
    "board_sheets",
    "compact",
    "compact_all",
    "list_measures",
    "may_sign_report",
    "period_report",
    "read_report",
    "recount",
    "report_signed_by",
    "review",
    "sign_report",
]
