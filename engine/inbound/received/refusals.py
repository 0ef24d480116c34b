"""Why a letter is held or refused, in words for its sender and for the office. Called by ``judge``."""

from __future__ import annotations

from engine.config import Config
from engine.inbound.received.facts import ActaFacts
from engine.mail.incoming import ReceivedMail

OUR_OWN = "Lo envió este sistema."
AUTOMATIC = "Es una respuesta automática o un aviso de entrega: no trae ningún acta."
SAME_MESSAGE_ID = "Otro correo distinto ya llegó con este mismo identificador (Message-ID): una persona debe mirarlos."
NO_ACTA = "No trae ningún acta adjunta (.docx o .pdf)."
NO_SUCH_ACTA = "No existe un acta con ese nombre. Envíe el archivo que recibió, sin cambiarle el nombre (punto 1.4)."
NOT_SENT_YET = "El acta todavía no se envió al docente."
NOT_AUTHENTIC = (
    "El servidor de correo no pudo comprobar que venga de la dirección que dice (SPF, DKIM o DMARC): una persona debe "
    "preguntar a quien firma el correo si es suyo."
)
NOT_CHECKED = (
    "El servidor de correo no dejó dicho si viene de la dirección que dice (SPF, DKIM o DMARC): una persona debe "
    "preguntar a quien firma el correo si es suyo."
)
CLOSED_ACCOUNT = "La cuenta del docente está cerrada: una persona debe ver quién puede devolver esta acta."
SIGNED_IS_PDF = "El acta firmada se devuelve en PDF: el mismo archivo que recibió, firmado digitalmente (punto 4.1)."
ELSEWHERE = "Llegó también a la cuenta que lo atiende"


def not_judged(error: str) -> str:
    return f"El sistema no pudo juzgar este correo por un error suyo ({error}): una persona debe mirarlo."


def unknown_sender(address: str) -> str:
    return (
        f"La dirección {address} no es la registrada de ninguna persona. Las actas se devuelven desde la dirección "
        "electrónica registrada (punto 4.3); si cambió la suya, pida al Departamento que la actualice."
    )


def not_theirs(facts: ActaFacts, mail: ReceivedMail) -> str:
    return (
        f"{mail.sender} no es la dirección registrada del docente responsable de esta acta: solo él puede devolverla "
        "(puntos 3.2 y 4.3)."
    )


def wrong_name(name: str) -> str:
    return (
        f"«{name}» no lleva el nombre base de un acta, como 2021-L0012-F0034. Envíe el archivo con el nombre con que "
        "lo recibió: no se cambia nunca (punto 1.4)."
    )


def closed(state: str) -> str:
    if state == "anulada":
        return "El acta fue anulada: ya no recibe calificaciones."
    return "El acta ya está cerrada y no cambia: una corrección se hace con un acta rectificativa."


def too_many_files(count: int, most: int) -> str:
    return f"Trae {count} archivos de la misma acta y se miran hasta {most}: una persona debe decir cuál vale."


def other_account(facts: ActaFacts, mail: ReceivedMail, config: Config) -> str:
    right = config.mail_accounts.get(facts.account)
    address = right.address.lower() if right else ""
    if address and address in {*mail.recipients.get("to", ()), *mail.recipients.get("cc", ())}:
        return f"{ELSEWHERE}, {address}."
    return f"El acta es de {facts.mesa.departamento_name}" + (f": envíela a {address}." if address else ".")
