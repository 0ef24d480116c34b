"""Show the grades of a locked acta to its students, on the publication day or later (R-50)."""

from __future__ import annotations

from datetime import UTC

from pydantic import Field

from engine.actas.examen import Schedule, accounts_of, publish, students_of
from engine.operations.base import BaseParameters, BaseResult, Call, Operation
from engine.operations.exam import ExamId, own_acta, refusals_told


class Publishing(BaseParameters):
    acta: ExamId = Field(description="El acta bloqueada.")


class GradesPublished(BaseResult):
    publicada: bool = Field(description="No, si su día no llegó: el calendario de publicación cambió mientras tanto.")
    el: str | None = Field(description="Desde cuándo se ven, en UTC.")
    publicacion: str = Field(description="El instante de publicación que le toca, en UTC.")
    estudiantes: list[str] = Field(description="Sus estudiantes con cuenta, para avisarles.")
    sin_cuenta: int = Field(description="Cuántos no la tienen.")


class PublishGrades(Operation[Publishing]):
    name = "publish_grades"
    summary = "Publica las notas de un acta en la historia académica de sus estudiantes; antes de su día, no."
    Parameters = Publishing
    Result = GradesPublished

    def run(self, parameters: Publishing, call: Call) -> GradesPublished:
        tools, now = call.tools, call.tools.clock.now()
        schedule = Schedule.of(tools.config)
        with refusals_told(), tools.database.write() as conn:
            acta = own_acta(conn, parameters.acta, call)
            due = schedule.on_or_after(acta.locked_at or now)
            if acta.state == "publicada" or due <= now:
                publish(conn, [acta.id], schedule, now)
                acta = own_acta(conn, acta.id, call)
            students = students_of(conn, acta.id)
            known = accounts_of(conn, students)
        return GradesPublished(
            publicada=acta.published_at is not None,
            el=acta.published_at.isoformat() if acta.published_at else None,
            publicacion=due.astimezone(UTC).isoformat(),
            estudiantes=list(dict.fromkeys(str(holder) for holder in known.values())),
            sin_cuenta=sum(1 for one in students if one.identity not in known),
        )
