"""Every table, once; one Alembic history for SQLite and PostgreSQL. Import tables from here."""

from engine.storage.tables.address import past_address
from engine.storage.tables.base import metadata
from engine.storage.tables.batch import batch, batch_item
from engine.storage.tables.case import case, definition_version, event, numbering, request_draft, seal, task, term, wait
from engine.storage.tables.charter import carta_edition, local_feriado, satisfaction
from engine.storage.tables.digitised import acta_digitalizada
from engine.storage.tables.examen import (
    acta,
    acta_carga,
    acta_ejemplar,
    acta_paso,
    acta_renglon,
    calificacion,
    departamento,
    docente_cambio,
    historia_academica,
    inscripcion,
    libro,
    mesa_examen,
    tribunal,
)
from engine.storage.tables.indicators import corrective_measure, indicator_delta, indicator_month
from engine.storage.tables.norm import norma_nota
from engine.storage.tables.office import feriado, feriado_change, mail, matriz
from engine.storage.tables.paper import document, original, preservation, read_log, signing_key
from engine.storage.tables.person import (
    api_token,
    delegation,
    holding,
    person,
    person_change,
    saved_filter,
    unsent_form,
    web_session,
)
from engine.storage.tables.received import mail_place, mail_reader, received_mail
from engine.storage.tables.recount import calendar_recount
from engine.storage.tables.sessions import acta_reserva, acta_sesion, collegiate_body
from engine.storage.tables.work import comment, incident, job, worker

__all__ = [
    "acta",
    "acta_carga",
    "acta_digitalizada",
    "acta_ejemplar",
    "acta_paso",
    "acta_renglon",
    "acta_reserva",
    "acta_sesion",
    "api_token",
    "batch",
    "batch_item",
    "calendar_recount",
    "calificacion",
    "carta_edition",
    "case",
    "collegiate_body",
    "comment",
    "corrective_measure",
    "definition_version",
    "delegation",
    "departamento",
    "docente_cambio",
    "document",
    "event",
    "feriado",
    "feriado_change",
    "historia_academica",
    "holding",
    "incident",
    "indicator_delta",
    "indicator_month",
    "inscripcion",
    "job",
    "libro",
    "local_feriado",
    "mail",
    "mail_place",
    "mail_reader",
    "matriz",
    "mesa_examen",
    "metadata",
    "norma_nota",
    "numbering",
    "original",
    "past_address",
    "person",
    "person_change",
    "preservation",
    "read_log",
    "received_mail",
    "request_draft",
    "satisfaction",
    "saved_filter",
    "seal",
    "signing_key",
    "task",
    "term",
    "tribunal",
    "unsent_form",
    "wait",
    "web_session",
    "worker",
]
