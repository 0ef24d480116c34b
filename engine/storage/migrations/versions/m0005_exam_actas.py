"""Exam actas, the mail that comes in, and the addresses that people had (release 0.4)."""

# ruff: noqa: E501 - a trigger's condition is one line

import sqlalchemy as sa
from alembic import op

from engine.storage.refusals import Refusal, refusals
from engine.storage.triggers import Guard, statements
from engine.storage.types import Json, UtcDateTime

revision = "0005"
down_revision = "0004"


GUARDS = (
    Guard(table="past_address", keys=(("id",),), frozen=()),
    Guard(
        table="received_mail",
        keys=(("id",), ("account", "identity")),
        frozen=(
            "id",
            "account",
            "identity",
            "message_id",
            "sender",
            "sender_name",
            "recipients",
            "subject",
            "date",
            "received_at",
            "raw_sha256",
            "size",
            "whole",
            "attachments",
            "auth",
            "at",
        ),
    ),
    Guard(table="libro", keys=(("id",), ("year", "number")), frozen=("id", "year", "number", "capacity", "opened_at")),
    Guard(
        table="mesa_examen",
        keys=(("id",), ("job_key",)),
        frozen=(
            "id",
            "case_id",
            "job_key",
            "curso",
            "codigo",
            "horas",
            "fecha",
            "departamento",
            "escala",
            "exchange_ref",
            "created_by",
            "created_at",
        ),
    ),
    Guard(
        table="acta",
        keys=(("id",), ("base",), ("job_key",), ("libro_id", "folio"), ("mesa_id", "n")),
        frozen=(
            "id",
            "mesa_id",
            "n",
            "libro_id",
            "folio",
            "base",
            "kind",
            "about_id",
            "reason",
            "case_id",
            "job_key",
            "created_at",
        ),
    ),
    Guard(table="docente_cambio", keys=(("id",), ("job_key",)), frozen=()),
    Guard(table="acta_renglon", keys=(("acta_id", "fila"), ("acta_id", "mesa_id", "n")), frozen=()),
    Guard(table="acta_paso", keys=(("id",), ("acta_id", "n"), ("job_key",)), frozen=()),
    Guard(table="acta_carga", keys=(("id",), ("job_key",)), frozen=()),
    Guard(table="historia_academica", keys=(("id",), ("acta_id", "fila"), ("replaces_id",)), frozen=()),
    Guard(table="acta_ejemplar", keys=(("id",), ("job_key",)), frozen=()),
)
REFUSALS = (
    Refusal(
        name="acta_locked",
        table="acta",
        event="UPDATE",
        condition="OLD.state IN ('bloqueada', 'publicada', 'anulada') AND (OLD.state <> 'bloqueada' OR NEW.state <> 'publicada' OR NEW.carga_id DIFFERS OLD.carga_id OR NEW.fecha DIFFERS OLD.fecha OR NEW.final_document_id DIFFERS OLD.final_document_id OR NEW.original_sha256 DIFFERS OLD.original_sha256 OR NEW.locked_at DIFFERS OLD.locked_at OR NEW.search DIFFERS OLD.search)",
        because="a locked acta never changes",
    ),
    Refusal(
        name="acta_lock",
        table="acta",
        event="UPDATE",
        condition="NEW.state = 'bloqueada' AND OLD.state <> 'bloqueada' AND (OLD.state <> 'con_notas' OR NEW.original_sha256 IS NULL OR NEW.carga_id IS NULL OR NEW.final_document_id IS NULL OR NEW.locked_at IS NULL)",
        because="an acta is locked with its grades and its signed original",
    ),
    Refusal(
        name="acta_published",
        table="acta",
        event="UPDATE",
        condition="NEW.state = 'publicada' AND OLD.state <> 'publicada' AND (OLD.state <> 'bloqueada' OR NEW.published_at IS NULL)",
        because="only a locked acta is published",
    ),
    Refusal(
        name="acta_begins",
        table="acta",
        event="INSERT",
        condition="NEW.state <> 'generada'",
        because="an acta begins as «generada»",
    ),
    Refusal(
        name="calificacion_load",
        table="calificacion",
        event="INSERT",
        condition="NOT EXISTS (SELECT 1 FROM acta WHERE acta.id = NEW.acta_id AND acta.state IN ('validada', 'con_notas')) OR EXISTS (SELECT 1 FROM calificacion held WHERE held.acta_id = NEW.acta_id AND held.fila = NEW.fila)",
        because="a grade is loaded once, from a signed acta that was found valid",
    ),
    Refusal(
        name="calificacion_change",
        table="calificacion",
        event="UPDATE",
        condition="1 = 1",
        because="a grade is loaded once, from a signed acta that was found valid",
    ),
    Refusal(
        name="calificacion_drop",
        table="calificacion",
        event="DELETE",
        condition="EXISTS (SELECT 1 FROM acta WHERE acta.id = OLD.acta_id AND acta.state IN ('bloqueada', 'publicada'))",
        because="a locked acta never changes",
    ),
    Refusal(
        name="inscripcion_enrol",
        table="inscripcion",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM acta WHERE acta.id = NEW.acta_id AND acta.state IN ('bloqueada', 'publicada', 'anulada'))",
        because="a locked acta never changes",
    ),
    Refusal(
        name="inscripcion_change",
        table="inscripcion",
        event="UPDATE",
        condition="EXISTS (SELECT 1 FROM acta WHERE acta.id = OLD.acta_id AND acta.state IN ('bloqueada', 'publicada'))",
        because="a locked acta never changes",
    ),
    Refusal(
        name="inscripcion_drop",
        table="inscripcion",
        event="DELETE",
        condition="1 = 1",
        because="who was enrolled stays on record",
    ),
    Refusal(
        name="tribunal_add",
        table="tribunal",
        event="INSERT",
        condition="EXISTS (SELECT 1 FROM acta WHERE acta.mesa_id = NEW.mesa_id AND acta.state IN ('bloqueada', 'publicada'))",
        because="a locked acta never changes",
    ),
    Refusal(
        name="tribunal_change",
        table="tribunal",
        event="UPDATE",
        condition="EXISTS (SELECT 1 FROM acta WHERE acta.mesa_id = OLD.mesa_id AND acta.state IN ('bloqueada', 'publicada'))",
        because="a locked acta never changes",
    ),
    Refusal(
        name="tribunal_drop",
        table="tribunal",
        event="DELETE",
        condition="EXISTS (SELECT 1 FROM acta WHERE acta.mesa_id = OLD.mesa_id AND acta.state IN ('bloqueada', 'publicada'))",
        because="a locked acta never changes",
    ),
    Refusal(
        name="historia_academica_unlocked",
        table="historia_academica",
        event="INSERT",
        condition="NOT EXISTS (SELECT 1 FROM acta WHERE acta.id = NEW.acta_id AND acta.state IN ('bloqueada', 'publicada'))",
        because="only a locked acta's grades are published",
    ),
)
EMPTIED = ("calificacion", "inscripcion", "tribunal")


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "departamento",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_departamento")),
    )
    op.create_table(
        "libro",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("next_folio", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("next_folio BETWEEN 1 AND capacity + 1", name="ck_libro_folios"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_libro")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_libro_year_number")),
    )
    op.create_index(
        "uq_libro_open",
        "libro",
        ["year"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "mail_reader",
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=True),
        sa.Column("beat_at", UtcDateTime(), nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_mail_reader")),
    )
    op.create_table(
        "past_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_past_address_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_address")),
    )
    op.create_index("ix_past_address_person", "past_address", ["person_id", "until"], unique=False)
    op.create_table(
        "mesa_examen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("job_key", sa.String(length=80), nullable=False),
        sa.Column("curso", sa.String(length=300), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("horas", sa.Integer(), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("departamento", sa.String(length=40), nullable=False),
        sa.Column("docente_id", sa.Uuid(), nullable=False),
        sa.Column("escala", sa.String(length=20), nullable=False),
        sa.Column("exchange_ref", sa.String(length=80), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_mesa_examen_case_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_mesa_examen_created_by")),
        sa.ForeignKeyConstraint(["departamento"], ["departamento.code"], name=op.f("fk_mesa_examen_departamento")),
        sa.ForeignKeyConstraint(["docente_id"], ["person.id"], name=op.f("fk_mesa_examen_docente_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mesa_examen")),
        sa.UniqueConstraint("job_key", name=op.f("uq_mesa_examen_job_key")),
    )
    op.create_index("ix_mesa_examen_case", "mesa_examen", ["case_id"], unique=False)
    op.create_index("ix_mesa_examen_departamento", "mesa_examen", ["departamento", "fecha"], unique=False)
    op.create_index("ix_mesa_examen_docente", "mesa_examen", ["docente_id"], unique=False)
    op.create_table(
        "received_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("recipients", Json, nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("date", UtcDateTime(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("raw_sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("attachments", Json, nullable=False),
        sa.Column("auth", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("items", Json, nullable=True),
        sa.Column("base", sa.String(length=20), nullable=True),
        sa.Column("acta_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("judged_at", UtcDateTime(), nullable=True),
        sa.Column("judged_by", sa.Uuid(), nullable=True),
        sa.Column("notice", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_received_mail_case_id")),
        sa.ForeignKeyConstraint(["judged_by"], ["person.id"], name=op.f("fk_received_mail_judged_by")),
        sa.ForeignKeyConstraint(["raw_sha256"], ["original.sha256"], name=op.f("fk_received_mail_raw_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_mail")),
        sa.UniqueConstraint("account", "identity", name=op.f("uq_received_mail_account_identity")),
    )
    op.create_index("ix_received_mail_acta", "received_mail", ["acta_id"], unique=False)
    op.create_index("ix_received_mail_case", "received_mail", ["case_id"], unique=False)
    op.create_index("ix_received_mail_message_id", "received_mail", ["message_id"], unique=False)
    op.create_index("ix_received_mail_sender", "received_mail", ["sender", "at"], unique=False)
    op.create_index("ix_received_mail_status", "received_mail", ["status", "at"], unique=False)
    op.create_table(
        "acta",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mesa_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("libro_id", sa.Uuid(), nullable=False),
        sa.Column("folio", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("job_key", sa.String(length=80), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_at", UtcDateTime(), nullable=False),
        sa.Column("carga_id", sa.Uuid(), nullable=True),
        sa.Column("fecha", sa.Date(), nullable=True),
        sa.Column("final_document_id", sa.Uuid(), nullable=True),
        sa.Column("original_sha256", sa.String(length=64), nullable=True),
        sa.Column("locked_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
        sa.CheckConstraint("folio >= 1", name="ck_acta_folio"),
        sa.ForeignKeyConstraint(["about_id"], ["acta.id"], name=op.f("fk_acta_about_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_acta_case_id")),
        sa.ForeignKeyConstraint(["final_document_id"], ["document.id"], name=op.f("fk_acta_final_document_id")),
        sa.ForeignKeyConstraint(["libro_id"], ["libro.id"], name=op.f("fk_acta_libro_id")),
        sa.ForeignKeyConstraint(["mesa_id"], ["mesa_examen.id"], name=op.f("fk_acta_mesa_id")),
        sa.ForeignKeyConstraint(["original_sha256"], ["original.sha256"], name=op.f("fk_acta_original_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta")),
        sa.UniqueConstraint("base", name=op.f("uq_acta_base")),
        sa.UniqueConstraint("job_key", name=op.f("uq_acta_job_key")),
        sa.UniqueConstraint("libro_id", "folio", name=op.f("uq_acta_libro_id_folio")),
        sa.UniqueConstraint("mesa_id", "n", name=op.f("uq_acta_mesa_id_n")),
    )
    op.create_index("ix_acta_about", "acta", ["about_id"], unique=False)
    op.create_index("ix_acta_case", "acta", ["case_id"], unique=False)
    op.create_index("ix_acta_locked", "acta", ["state", "locked_at"], unique=False)
    op.create_index("ix_acta_state", "acta", ["state", "state_at"], unique=False)
    op.create_table(
        "docente_cambio",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mesa_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("job_key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_docente_cambio_by")),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_docente_cambio_from_id")),
        sa.ForeignKeyConstraint(["mesa_id"], ["mesa_examen.id"], name=op.f("fk_docente_cambio_mesa_id")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_docente_cambio_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_docente_cambio")),
        sa.UniqueConstraint("job_key", name=op.f("uq_docente_cambio_job_key")),
    )
    op.create_index("ix_docente_cambio_mesa", "docente_cambio", ["mesa_id"], unique=False)
    op.create_table(
        "mail_place",
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["received_mail.id"], name=op.f("fk_mail_place_mail_id")),
        sa.PrimaryKeyConstraint("account", "uidvalidity", "uid", name=op.f("pk_mail_place")),
    )
    op.create_index("ix_mail_place_mail", "mail_place", ["mail_id"], unique=False)
    op.create_table(
        "tribunal",
        sa.Column("mesa_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.ForeignKeyConstraint(["mesa_id"], ["mesa_examen.id"], name=op.f("fk_tribunal_mesa_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tribunal_person_id")),
        sa.PrimaryKeyConstraint("mesa_id", "n", name=op.f("pk_tribunal")),
    )
    op.create_table(
        "acta_carga",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("acta_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=True),
        sa.Column("rows", Json, nullable=False),
        sa.Column("inscriptos", sa.Integer(), nullable=True),
        sa.Column("examinados", sa.Integer(), nullable=True),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("job_key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["acta_id"], ["acta.id"], name=op.f("fk_acta_carga_acta_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_acta_carga_by")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_acta_carga_document_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["received_mail.id"], name=op.f("fk_acta_carga_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_carga")),
        sa.UniqueConstraint("job_key", name=op.f("uq_acta_carga_job_key")),
    )
    op.create_index("ix_acta_carga_acta", "acta_carga", ["acta_id", "at"], unique=False)
    op.create_table(
        "acta_ejemplar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("acta_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("job_key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["acta_id"], ["acta.id"], name=op.f("fk_acta_ejemplar_acta_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_acta_ejemplar_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_ejemplar")),
        sa.UniqueConstraint("job_key", name=op.f("uq_acta_ejemplar_job_key")),
    )
    op.create_index("ix_acta_ejemplar_acta", "acta_ejemplar", ["acta_id", "at"], unique=False)
    op.create_table(
        "acta_paso",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("acta_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("from", sa.String(length=12), nullable=True),
        sa.Column("to", sa.String(length=12), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("job_key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["acta_id"], ["acta.id"], name=op.f("fk_acta_paso_acta_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_acta_paso_by")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_acta_paso_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acta_paso")),
        sa.UniqueConstraint("acta_id", "n", name=op.f("uq_acta_paso_acta_id_n")),
        sa.UniqueConstraint("job_key", name=op.f("uq_acta_paso_job_key")),
    )
    op.create_index("ix_acta_paso_at", "acta_paso", ["to", "at"], unique=False)
    op.create_table(
        "calificacion",
        sa.Column("acta_id", sa.Uuid(), nullable=False),
        sa.Column("fila", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("nota", sa.String(length=8), nullable=True),
        sa.Column("letras", sa.String(length=80), nullable=False),
        sa.Column("ausente", sa.Boolean(), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("condicion", sa.String(length=12), nullable=False),
        sa.CheckConstraint("ausente = (nota IS NULL)", name="ck_calificacion_ausente"),
        sa.ForeignKeyConstraint(["acta_id"], ["acta.id"], name=op.f("fk_calificacion_acta_id")),
        sa.PrimaryKeyConstraint("acta_id", "fila", name=op.f("pk_calificacion")),
    )
    op.create_table(
        "historia_academica",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("documento", sa.String(length=30), nullable=False),
        sa.Column("tipo", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("acta_id", sa.Uuid(), nullable=False),
        sa.Column("fila", sa.Integer(), nullable=False),
        sa.Column("curso", sa.String(length=300), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nota", sa.String(length=8), nullable=True),
        sa.Column("letras", sa.String(length=80), nullable=False),
        sa.Column("ausente", sa.Boolean(), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("condicion", sa.String(length=12), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["acta_id"], ["acta.id"], name=op.f("fk_historia_academica_acta_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_historia_academica_person_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["historia_academica.id"], name=op.f("fk_historia_academica_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_historia_academica")),
        sa.UniqueConstraint("acta_id", "fila", name=op.f("uq_historia_academica_acta_id_fila")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_historia_academica_replaces_id")),
    )
    op.create_index("ix_historia_academica_documento", "historia_academica", ["documento"], unique=False)
    op.create_index("ix_historia_academica_person", "historia_academica", ["person_id"], unique=False)
    op.create_table(
        "inscripcion",
        sa.Column("mesa_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("expediente", sa.String(length=40), nullable=False),
        sa.Column("apellidos", sa.String(length=200), nullable=False),
        sa.Column("nombres", sa.String(length=200), nullable=False),
        sa.Column("tipo", sa.String(length=20), nullable=False),
        sa.Column("documento", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("acta_id", sa.Uuid(), nullable=False),
        sa.Column("fila", sa.Integer(), nullable=False),
        sa.CheckConstraint("fila BETWEEN 1 AND 21", name="ck_inscripcion_fila"),
        sa.ForeignKeyConstraint(["acta_id"], ["acta.id"], name=op.f("fk_inscripcion_acta_id")),
        sa.ForeignKeyConstraint(["mesa_id"], ["mesa_examen.id"], name=op.f("fk_inscripcion_mesa_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inscripcion_person_id")),
        sa.PrimaryKeyConstraint("mesa_id", "n", name=op.f("pk_inscripcion")),
        sa.UniqueConstraint("acta_id", "fila", name=op.f("uq_inscripcion_acta_id_fila")),
        sa.UniqueConstraint("mesa_id", "tipo", "documento", name=op.f("uq_inscripcion_mesa_id_tipo_documento")),
    )
    op.create_index("ix_inscripcion_documento", "inscripcion", ["documento"], unique=False)
    op.create_index("ix_inscripcion_person", "inscripcion", ["person_id"], unique=False)
    op.create_table(
        "acta_renglon",
        sa.Column("acta_id", sa.Uuid(), nullable=False),
        sa.Column("fila", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mesa_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("corrected", Json, nullable=True),
        sa.ForeignKeyConstraint(["acta_id"], ["acta.id"], name=op.f("fk_acta_renglon_acta_id")),
        sa.ForeignKeyConstraint(
            ["mesa_id", "n"], ["inscripcion.mesa_id", "inscripcion.n"], name="fk_acta_renglon_student"
        ),
        sa.PrimaryKeyConstraint("acta_id", "fila", name=op.f("pk_acta_renglon")),
        sa.UniqueConstraint("acta_id", "mesa_id", "n", name=op.f("uq_acta_renglon_acta_id_mesa_id_n")),
    )
    # ### end Alembic commands ###
    conn = op.get_bind()
    for statement in [*statements(conn.dialect.name, GUARDS), *refusals(conn.dialect.name, REFUSALS, EMPTIED)]:
        conn.exec_driver_sql(statement)
