"""Documents, the archive of originals, who read what, and the keys that sign."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from engine.storage.tables.base import metadata
from engine.storage.types import Json, UtcDateTime

document = Table(  # a named file of a case; its bytes are in the archive, by sha256
    "document",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("case_id", sa.Uuid, ForeignKey("case.id")),  # none: an upload of a request not yet filed
    Column("kind", sa.String(12), nullable=False),  # upload | attachment | draft | issued | withdrawn
    Column("name", sa.String(200), nullable=False),  # file name
    Column("title", sa.String(300), nullable=False),
    Column("media_type", sa.String(100), nullable=False),
    Column("sha256", sa.String(64), ForeignKey("original.sha256"), nullable=False),
    Column("size", sa.Integer, nullable=False),  # bytes
    Column("code", sa.String(20)),  # verification code; drafts of one certificate and its final share it
    Column("facts", Json),  # key facts shown on /verificar: [[label, value], …]
    Column("signatures", Json),  # [{"signer", "role", "level", "at", "serial"}]
    Column("scan", sa.String(12), nullable=False, server_default="not_scanned"),  # not_scanned | clean
    Column("released_at", UtcDateTime),  # from then on the requester may download it
    Column("job_key", sa.String(60)),  # the job that made it
    Column("created_by", sa.Uuid),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_document_case", "case_id"),
    Index("ix_document_sha256", "sha256"),
    Index("ix_document_code", "code"),
    Index("uq_document_job_name", "job_key", "name", unique=True),
)

original = Table(  # write-once: what the archive holds
    "original",
    metadata,
    Column("sha256", sa.String(64), primary_key=True),
    Column("size", sa.Integer, nullable=False),
    Column("media_type", sa.String(100), nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    Column("checked_at", UtcDateTime),
    Column("fixity", sa.String(12)),  # intact | damaged | missing, at checked_at
)

preservation = Table(  # until when a signed document can be checked; looked at by ``cartulario archive renew``
    "preservation",
    metadata,
    Column("document_id", sa.Uuid, ForeignKey("document.id"), primary_key=True),
    Column("until", UtcDateTime),  # end of its last document time-stamp's certificate; none: it has no such stamp
    Column("renewed_by", sa.Uuid, ForeignKey("document.id")),  # the issued document that took its place
    Column("looked_at", UtcDateTime, nullable=False),
    Index("ix_preservation_until", "until"),
)

read_log = Table(  # who opened what: of a case, or an acta of the register
    "read_log",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("person_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("case_id", sa.Uuid, ForeignKey("case.id")),
    Column("document_id", sa.Uuid, ForeignKey("document.id")),
    Column("acta_id", sa.Uuid, ForeignKey("acta_sesion.id")),  # its original, which is of no case
    Column("what", sa.String(200), nullable=False),
    Column("purpose", sa.String(200)),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_read_log_case", "case_id", "at"),
    Index("ix_read_log_acta", "acta_id", "at"),
)

signing_key = Table(
    "signing_key",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("person_id", sa.Uuid, ForeignKey("person.id")),  # none: the institution's seal
    Column("kind", sa.String(8), nullable=False),  # pkcs12 | pkcs11
    Column("label", sa.String(120), nullable=False),
    Column("data", sa.LargeBinary),  # the PKCS#12 file, still under its PIN
    Column("certificate", sa.LargeBinary, nullable=False),  # DER
    Column("subject", sa.String(300), nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("not_after", UtcDateTime, nullable=False),
    Column("failures", sa.Integer, nullable=False, server_default="0"),  # wrong PINs in a row
    Column("blocked_until", UtcDateTime),
    Column("retired_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_signing_key_person", "person_id"),
)
