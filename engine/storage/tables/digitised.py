"""Old exam actas whose scans were certified (Resolución CSU-142/21, arts. 2 and 3): the register that finds them.

``engine.actas.examen.digitised`` is the only writer. Only where the paper is may change afterwards.
"""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint

from engine.storage.tables.base import metadata
from engine.storage.types import UtcDateTime

acta_digitalizada = Table(
    "acta_digitalizada",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("base", sa.String(24), nullable=False),  # 2015-L0003-F0012, by the libro it is in
    Column("n", sa.Integer, nullable=False),  # which scan of it, from 1: a damaged one stays, and the next counts
    Column("reason", sa.Text),  # why the one before does not serve
    Column("curso", sa.String(300), nullable=False),
    Column("fecha", sa.Date, nullable=False),  # when it was issued
    Column("articulo", sa.Integer, nullable=False),  # 2: a copy signed in an alternative form; 3: before 2020
    Column("docente", sa.String(16)),  # how the docente signed, of art. 2's closed list
    Column("autoridad", sa.String(16)),  # how the authority did
    Column("texto", sa.Boolean, nullable=False),  # grades and dates completed with a text tool
    Column("document_id", sa.Uuid, ForeignKey("document.id"), nullable=False),  # the scan
    Column("sha256", sa.String(64), ForeignKey("original.sha256"), nullable=False),  # of its bytes
    Column("certificate_id", sa.Uuid, ForeignKey("document.id"), nullable=False),  # what a person signed of the batch
    Column("case_id", sa.Uuid, ForeignKey("case.id")),
    Column("estudiantes", sa.Text),  # as indexed: who is on it
    Column("docentes", sa.Text),
    Column("papel", sa.String(8)),  # bueno | regular | danado: needs conservation
    Column("search", sa.Text, nullable=False),  # folded and stemmed words, a space on each side
    Column("by", sa.Uuid, ForeignKey("person.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("place", sa.String(200)),  # where the paper went back to
    Column("placed_at", UtcDateTime),
    UniqueConstraint("base", "n"),
    CheckConstraint("(n = 1) = (reason IS NULL)", name="ck_acta_digitalizada_reason"),
    CheckConstraint("articulo IN (2, 3)", name="ck_acta_digitalizada_articulo"),
    Index("ix_acta_digitalizada_case", "case_id"),
    Index("ix_acta_digitalizada_fecha", "fecha"),
)
