"""Exam actas (Resolución CSU-142/21): books, sittings and their students, actas with their steps, what docentes stated,
the grades, and what of them students see. ``engine.actas.examen`` is the only writer. What may not change is in
``engine.storage.triggers`` and ``engine.storage.refusals``.
"""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Table, UniqueConstraint

from engine.storage.tables.base import metadata
from engine.storage.types import Json, UtcDateTime

departamento = Table(
    "departamento",
    metadata,
    Column("code", sa.String(40), primary_key=True),  # quimica: also the scope of its roles and its mail account
    Column("name", sa.String(160), nullable=False),
    Column("active", sa.Boolean, nullable=False),
)

libro = Table(
    "libro",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("year", sa.Integer, nullable=False),
    Column("number", sa.Integer, nullable=False),
    Column("capacity", sa.Integer, nullable=False),  # folios
    Column("next_folio", sa.Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("year", "number"),
    CheckConstraint("next_folio BETWEEN 1 AND capacity + 1", name="ck_libro_folios"),
    Index(
        "uq_libro_open",
        "year",
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
)

mesa_examen = Table(
    "mesa_examen",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("case_id", sa.Uuid, ForeignKey("case.id")),
    Column("job_key", sa.String(80), nullable=False, unique=True),
    Column("curso", sa.String(300), nullable=False),
    Column("codigo", sa.String(40), nullable=False),
    Column("horas", sa.Integer, nullable=False),
    Column("fecha", sa.Date, nullable=False),
    Column("departamento", sa.String(40), ForeignKey("departamento.code"), nullable=False),
    Column("docente_id", sa.Uuid, ForeignKey("person.id"), nullable=False),  # the responsible one now
    Column("escala", sa.String(20), nullable=False),  # of engine.actas.examen.escala
    Column("exchange_ref", sa.String(80)),  # what SIU-Guaraní calls the mesa
    Column("completes_id", sa.Uuid),  # the mesa whose list lacked these students; no foreign key: SQLite adds none
    Column("created_by", sa.Uuid, ForeignKey("person.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_mesa_examen_case", "case_id"),
    Index("ix_mesa_examen_departamento", "departamento", "fecha"),
    Index("ix_mesa_examen_docente", "docente_id"),
    Index("ix_mesa_examen_completes", "completes_id"),
)

docente_cambio = Table(  # a docente replaced mid-way; never changed
    "docente_cambio",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("mesa_id", sa.Uuid, ForeignKey("mesa_examen.id"), nullable=False),
    Column("from_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("to_id", sa.Uuid, ForeignKey("person.id"), nullable=False),
    Column("reason", sa.Text, nullable=False),
    Column("by", sa.Uuid, ForeignKey("person.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("job_key", sa.String(80), nullable=False, unique=True),
    Index("ix_docente_cambio_mesa", "mesa_id"),
)

tribunal = Table(
    "tribunal",
    metadata,
    Column("mesa_id", sa.Uuid, ForeignKey("mesa_examen.id"), primary_key=True),
    Column("n", sa.Integer, primary_key=True, autoincrement=False),  # from 1, as printed
    Column("person_id", sa.Uuid, ForeignKey("person.id")),  # none: somebody without an account
    Column("name", sa.String(200), nullable=False),
    Column("email", sa.String(254)),  # as registered, for who has no account
)

acta = Table(
    "acta",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("mesa_id", sa.Uuid, ForeignKey("mesa_examen.id"), nullable=False),
    Column("n", sa.Integer, nullable=False),  # which one of its mesa, from 1; the later kinds go on counting
    Column("libro_id", sa.Uuid, ForeignKey("libro.id"), nullable=False),
    Column("folio", sa.Integer, nullable=False),
    Column("base", sa.String(24), nullable=False, unique=True),  # 2021-L0012-F0034, for ever
    Column("kind", sa.String(16), nullable=False),  # normal | rectificativa | reconstruida
    Column("about_id", sa.Uuid, ForeignKey("acta.id")),  # the acta that a later kind rectifies or rebuilds
    Column("reason", sa.Text),  # why, of a later kind
    Column("case_id", sa.Uuid, ForeignKey("case.id")),  # of a later kind; a normal one is its mesa's
    Column("job_key", sa.String(80), unique=True),  # of a later kind
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", sa.String(12), nullable=False),  # see engine.actas.examen.state
    Column("state_at", UtcDateTime, nullable=False),
    Column("carga_id", sa.Uuid),  # the accepted acta_carga: no foreign key, it would be a circle
    Column("fecha", sa.Date),  # as the docente states it; before that its mesa's
    Column("final_document_id", sa.Uuid, ForeignKey("document.id")),  # the signed PDF
    Column("original_sha256", sa.String(64), ForeignKey("original.sha256")),  # of that PDF, from the lock on
    Column("locked_at", UtcDateTime),
    Column("published_at", UtcDateTime),
    Column("search", sa.Text, nullable=False),  # folded and stemmed words, a space on each side
    UniqueConstraint("libro_id", "folio"),
    UniqueConstraint("mesa_id", "n"),
    CheckConstraint("folio >= 1", name="ck_acta_folio"),
    Index("ix_acta_about", "about_id"),
    Index("ix_acta_case", "case_id"),
    Index("ix_acta_state", "state", "state_at"),
    Index("ix_acta_locked", "state", "locked_at"),
    Index("ix_acta_created", "created_at", "base"),  # the register, the newest first
)

inscripcion = Table(  # a student of a mesa, and the one row of the one acta that the mesa gave him
    "inscripcion",
    metadata,
    Column("mesa_id", sa.Uuid, ForeignKey("mesa_examen.id"), primary_key=True),
    Column("n", sa.Integer, primary_key=True, autoincrement=False),  # from 1
    Column("expediente", sa.String(40), nullable=False),
    Column("apellidos", sa.String(200), nullable=False),
    Column("nombres", sa.String(200), nullable=False),  # may be empty: some have one name only
    Column("tipo", sa.String(20), nullable=False),  # DNI, CI, pasaporte: as printed
    Column("documento", sa.String(30), nullable=False),  # letters and digits only
    Column("person_id", sa.Uuid, ForeignKey("person.id")),
    Column("acta_id", sa.Uuid, ForeignKey("acta.id"), nullable=False),
    Column("fila", sa.Integer, nullable=False),  # 1 … 21
    UniqueConstraint("acta_id", "fila"),
    UniqueConstraint("mesa_id", "tipo", "documento"),
    CheckConstraint("fila BETWEEN 1 AND 21", name="ck_inscripcion_fila"),
    Index("ix_inscripcion_documento", "documento"),
    Index("ix_inscripcion_person", "person_id"),
)

acta_renglon = Table(  # the students that a rectificativa or reconstruida takes over from the acta it is about
    "acta_renglon",
    metadata,
    Column("acta_id", sa.Uuid, ForeignKey("acta.id"), primary_key=True),
    Column("fila", sa.Integer, primary_key=True, autoincrement=False),
    Column("mesa_id", sa.Uuid, nullable=False),
    Column("n", sa.Integer, nullable=False),
    Column("corrected", Json),  # {"apellidos": …}: what of the student's data was wrong, put right
    ForeignKeyConstraint(["mesa_id", "n"], ["inscripcion.mesa_id", "inscripcion.n"], name="fk_acta_renglon_student"),
    UniqueConstraint("acta_id", "mesa_id", "n"),
)

acta_paso = Table(  # every move of an acta; never changed
    "acta_paso",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("acta_id", sa.Uuid, ForeignKey("acta.id"), nullable=False),
    Column("n", sa.Integer, nullable=False),  # from 1
    Column("from", sa.String(12)),  # none: it was made
    Column("to", sa.String(12), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", sa.Uuid, ForeignKey("person.id")),  # none: the system
    Column("note", sa.Text),  # the defects of a step back, the reason of an annulment
    Column("document_id", sa.Uuid, ForeignKey("document.id")),  # what was signed, sent or received at this step
    Column("job_key", sa.String(80), nullable=False, unique=True),
    UniqueConstraint("acta_id", "n"),
    Index("ix_acta_paso_at", "to", "at"),
)

acta_carga = Table(  # what a docente states; every statement is kept, one is accepted
    "acta_carga",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("acta_id", sa.Uuid, ForeignKey("acta.id"), nullable=False),
    Column("source", sa.String(8), nullable=False),  # web | correo | mano
    Column("by", sa.Uuid, ForeignKey("person.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("fecha", sa.Date),
    Column("rows", Json, nullable=False),  # [{n, nota, letras, ausente, fecha}, …]; n: the row of the acta
    Column("inscriptos", sa.Integer),
    Column("examinados", sa.Integer),
    Column("mail_id", sa.Uuid, ForeignKey("received_mail.id")),
    Column("document_id", sa.Uuid, ForeignKey("document.id")),
    Column("sha256", sa.String(64), nullable=False),  # of the file that came, or of what was typed
    Column("job_key", sa.String(80), nullable=False, unique=True),
    Index("ix_acta_carga_acta", "acta_id", "at"),
)

calificacion = Table(  # the grades in the system: loaded from the accepted statement once the signature is valid
    "calificacion",
    metadata,
    Column("acta_id", sa.Uuid, ForeignKey("acta.id"), primary_key=True),
    Column("fila", sa.Integer, primary_key=True, autoincrement=False),
    Column("nota", sa.String(8)),  # "8" or "8.5"; none: absent
    Column("letras", sa.String(80), nullable=False),  # «ocho», «ausente»
    Column("ausente", sa.Boolean, nullable=False),
    Column("fecha", sa.Date, nullable=False),
    Column("condicion", sa.String(12), nullable=False),  # aprobado | desaprobado | ausente
    CheckConstraint("ausente = (nota IS NULL)", name="ck_calificacion_ausente"),
)

historia_academica = Table(  # what students see; a row is there from its publication on, never before
    "historia_academica",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("documento", sa.String(30), nullable=False),
    Column("tipo", sa.String(20), nullable=False),
    Column("person_id", sa.Uuid, ForeignKey("person.id")),
    Column("acta_id", sa.Uuid, ForeignKey("acta.id"), nullable=False),
    Column("fila", sa.Integer, nullable=False),
    Column("curso", sa.String(300), nullable=False),
    Column("codigo", sa.String(40), nullable=False),
    Column("nota", sa.String(8)),
    Column("letras", sa.String(80), nullable=False),
    Column("ausente", sa.Boolean, nullable=False),
    Column("fecha", sa.Date, nullable=False),
    Column("condicion", sa.String(12), nullable=False),
    Column("replaces_id", sa.Uuid, ForeignKey("historia_academica.id"), unique=True),  # the row that this one rectifies
    Column("published_at", UtcDateTime, nullable=False),
    UniqueConstraint("acta_id", "fila"),
    Index("ix_historia_academica_documento", "documento"),
    Index("ix_historia_academica_person", "person_id"),
)

acta_ejemplar = Table(  # the printed copy: where it has been; never changed
    "acta_ejemplar",
    metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("acta_id", sa.Uuid, ForeignKey("acta.id"), nullable=False),
    Column("what", sa.String(12), nullable=False),  # printed | shelved | transferred | inventoried
    Column("place", sa.String(200)),
    Column("by", sa.Uuid, ForeignKey("person.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("job_key", sa.String(80), nullable=False, unique=True),
    Index("ix_acta_ejemplar_acta", "acta_id", "at"),
)
