"""What each event says to a person, in Spanish. ``N_`` marks a sentence for translation; the web translates it.

A sentence may name %(element)s, the step's name in the diagram.
"""

from __future__ import annotations

from typing import Final


def N_(sentence: str) -> str:
    return sentence


SENTENCES: Final[dict[str, str]] = {
    "case_started": N_("Presentó la solicitud"),
    "task_completed": N_("Completó «%(element)s»"),
    "result_delivered": N_("Terminó «%(element)s»"),
    "message_delivered": N_("Llegó la respuesta que se esperaba en «%(element)s»"),
    "timers_fired": N_("Se cumplió un plazo: «%(element)s»"),
    "job_failed": N_("Falló «%(element)s»"),
    "incident_retried": N_("Reintentó «%(element)s»"),
    "incident_resolved": N_("Resolvió a mano «%(element)s»"),
    "case_withdrawn": N_("Retiró la solicitud"),
    "case_archived": N_("Cerró el trámite sin terminarlo"),
    "terms_rescheduled": N_("Recalculó la fecha comprometida"),
    "task_claimed": N_("Tomó «%(element)s»"),
    "task_released": N_("Soltó «%(element)s»"),
    "task_assigned": N_("Asignó «%(element)s»"),
    "task_snoozed": N_("Pospuso «%(element)s»"),
    "comment_added": N_("Escribió un comentario"),
    "document_added": N_("Adjuntó un documento"),
    "professor_address": N_("Registró el correo de un profesor del tribunal"),
    "document_renewed": N_("Renovó el sello de tiempo de un documento"),
    "satisfaction_given": N_("Dio su opinión de la atención"),
    "answer_sent": N_("Escribió a quien lo pidió"),
}
UNNAMED: Final = {
    "message_delivered": N_("Llegó la respuesta que se esperaba"),
    "timers_fired": N_("Se cumplió un plazo"),
    "result_delivered": N_("Terminó un paso automático"),
    "job_failed": N_("Falló un paso automático"),
}
UNKNOWN: Final = N_("Registró un hecho")

RECEIVED: Final = N_("Recibimos su solicitud")
WITHDRAWN: Final = N_("Usted retiró la solicitud")
ARCHIVED: Final = N_("La oficina cerró el trámite sin terminarlo")
MOVED: Final = N_("Cambió la fecha comprometida")
IN_PROGRESS: Final = N_("Su trámite está en marcha")
FINISHED: Final = N_("Su trámite terminó")
