"""What §7 of the Carta counts: what each case that ended adds, its sums by month, the measures taken below target."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Table

from engine.storage.tables.base import metadata
from engine.storage.types import UtcDateTime

indicator_delta = Table(  # written with the case's end; the worker adds it to its sum and takes it away, in one commit
    "indicator_delta",
    metadata,
    Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    Column("month", sa.Integer, nullable=False),  # 202603: March 2026 at the institution's place
    Column("measure", sa.String(12), nullable=False),
    Column("process", sa.String(80), nullable=False),
    Column("service", sa.String(4), nullable=False),  # of the Carta; empty: a process that it does not offer
    Column("channel", sa.String(12), nullable=False),
    Column("product", sa.String(80), nullable=False),  # empty: the request as a whole
    Column("value", sa.Integer, nullable=False),  # business days, or a mark; 0 when there is nothing to measure
    Column("count", sa.Integer, nullable=False),
)

indicator_month = Table(  # the sums
    "indicator_month",
    metadata,
    Column("month", sa.Integer, primary_key=True, autoincrement=False),
    Column("measure", sa.String(12), primary_key=True),
    Column("process", sa.String(80), primary_key=True),
    Column("service", sa.String(4), primary_key=True),
    Column("channel", sa.String(12), primary_key=True),
    Column("product", sa.String(80), primary_key=True),
    Column("value", sa.Integer, primary_key=True, autoincrement=False),
    Column("count", sa.Integer, nullable=False),
)

corrective_measure = Table(  # one for each service and month below target
    "corrective_measure",
    metadata,
    Column("service", sa.String(4), primary_key=True),
    Column("month", sa.Integer, primary_key=True, autoincrement=False),
    Column("case_id", sa.Uuid, ForeignKey("case.id"), nullable=False),
    Column("on_time", sa.Integer, nullable=False),  # the figure as it was when the measure was asked for
    Column("due", sa.Integer, nullable=False),
    Column("goal", sa.Integer, nullable=False),  # percent
    Column("created_at", UtcDateTime, nullable=False),
)
