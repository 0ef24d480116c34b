"""Every error that the engine raises on purpose. Each says what happened and what to do; ``web/errors.py`` maps them
to HTTP once, by ``status``. The text of ``message`` is for the person at the screen, in Spanish; ``code`` is stable and
is what programs and translations use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class CartularioError(Exception):
    """Base of all. ``details`` is small JSON that the API returns and templates may show."""

    status = 500
    code = "error"
    message = "Algo falló de nuestro lado. Lo que usted escribió está guardado; vuelva a intentarlo."

    def __init__(self, message: str | None = None, **details: Any) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.details = details


class NotFound(CartularioError):
    """Does not exist, or is not this person's to see: the two are told apart for nobody."""

    status = 404
    code = "not_found"
    message = "No encontramos lo que busca, o no está a su alcance."


class NotAllowed(CartularioError):
    status = 403
    code = "not_allowed"
    message = "Su función no permite hacer esto."


class Conflict(CartularioError):
    status = 409
    code = "conflict"
    message = "Esto cambió mientras usted lo miraba. Vuelva a abrirlo."


class TaskNotOpen(Conflict):
    """Somebody, a timer or a withdrawal was first."""

    code = "task_not_open"
    message = "Esta tarea ya no está abierta: alguien la completó antes o el trámite siguió otro camino."


class TaskTaken(Conflict):
    code = "task_taken"
    message = "Otra persona tomó esta tarea antes."


class CaseClosed(Conflict):
    code = "case_closed"
    message = "Este trámite ya terminó."


class DocumentChanged(Conflict):
    """The document that a task shows is not the one that its signer had before them."""

    code = "document_changed"
    message = "El documento cambió después de que usted lo vio. Léalo de nuevo antes de firmarlo."


class NotWithdrawable(Conflict):
    code = "not_withdrawable"
    message = "Ya se decidió sobre esta solicitud, o pasó a la firma: no se puede retirar."


class RequestReused(Conflict):
    """The same request_id arrived with another command."""

    code = "request_reused"
    message = "Este formulario ya se usó para otra cosa. Vuelva a abrir la página."


class SameRequestToday(Conflict):
    """The same person asked for the same product today. ``details`` names the earlier case; ``confirmed`` goes on."""

    code = "same_request_today"
    message = "Hoy ya se pidió lo mismo. Si es otra solicitud, confírmelo."


class NobodyWaits(Conflict):
    code = "nobody_waits"
    message = "Ningún trámite espera este mensaje."


class InvalidAnswers(CartularioError):
    """``errors`` maps a field's path ("productos", "alumnos.0.nota") to what is wrong and what to do."""

    status = 422
    code = "invalid_answers"
    message = "Hay datos que corregir. Lo que escribió está guardado."

    def __init__(self, errors: Mapping[str, str], message: str | None = None) -> None:
        super().__init__(message, errors=dict(errors))
        self.errors = dict(errors)


class Unstorable(CartularioError):
    """A value that a database cannot hold: a NUL character, a number out of all range."""

    status = 422
    code = "unstorable"
    message = "Lo que envió lleva caracteres o números que no se pueden guardar. Corríjalo y envíelo de nuevo."


class TooLarge(CartularioError):
    status = 413
    code = "too_large"
    message = "Lo que envía es demasiado grande."


class TooMany(CartularioError):
    status = 429
    code = "too_many"
    message = "Demasiados intentos. Espere un momento y vuelva a intentarlo."


class Unavailable(CartularioError):
    """The database, the archive or a remote service is away for a while; nothing was lost. Retry after seconds."""

    status = 503
    code = "unavailable"
    message = "El sistema está ocupado. Nada se perdió: vuelva a intentarlo en unos segundos."
    retry_after = 5


class InvalidBundle(CartularioError):
    """A process cannot be published. ``findings`` lists element, problem and mend."""

    status = 422
    code = "invalid_bundle"
    message = "El proceso tiene problemas que impiden publicarlo."

    def __init__(self, findings: Sequence[Any]) -> None:
        super().__init__(findings=[str(f) for f in findings])
        self.findings = list(findings)


class InvalidEdition(CartularioError):
    """An edition of the Carta says something that cannot be. ``faults`` are sentences."""

    status = 422
    code = "invalid_edition"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("La Carta no se puede publicar así: " + " ".join(faults), faults=list(faults))
        self.faults = list(faults)


class EditionOutdated(Conflict):
    """Another edition was published while this one was being prepared."""

    code = "edition_outdated"

    def __init__(self, newest: int) -> None:
        super().__init__(
            f"Mientras tanto se publicó la edición {newest}ª de la Carta. Prepare otra vez los cambios sobre ella.",
            newest=newest,
        )


class UnsafeExpression(CartularioError):
    status = 422
    code = "unsafe_expression"


class EngineFault(CartularioError):
    """The diagram could not go on: a failed expression, too many steps, no live token. The command is rolled back."""

    code = "engine_fault"


class SignatureRefused(CartularioError):
    """A signature, its certificate or its signer is not the one the task asks for."""

    status = 422
    code = "signature_refused"


class WrongPin(SignatureRefused):
    code = "wrong_pin"
    message = "El PIN no es correcto."


class OperationFailed(CartularioError):
    """What an operation raises. ``permanent`` failures become an incident at once; the others are retried first, for
    ``mail_patience_hours`` where a mail server is ``away``, which is nobody's to mend case by case."""

    code = "operation_failed"

    def __init__(self, message: str, *, permanent: bool, away: bool = False) -> None:
        super().__init__(message, permanent=permanent)
        self.permanent = permanent
        self.away = away
