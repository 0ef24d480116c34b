"""``[servicio]`` of ``proceso.toml``: what the Carta is silent on, decided for each service.

Fees, requirements, start of the clock, channels, target, complaints, escalation. What an owner does not write has a
sensible default, and ``is_default`` lets a face say so.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from engine.definitions.part import Line, Part, Text

Channel = Literal["digital", "fisico"]
Start = Literal["presentacion", "admision"]

ESCALATION: Final = (
    "Al 80 % del plazo se avisa a quien atiende el trámite.",
    "Si el plazo vence, se avisa al Secretario General.",
    "Si un día hábil después sigue pendiente, se avisa al Rectorado.",
)


class Fee(Part):
    """``tarifa = { valor = 2.50, moneda = "USD" }``."""

    amount: float = Field(alias="valor", ge=0, le=1_000_000)
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field(alias="moneda")


class Service(Part):
    """``clock_starts``: "presentacion", the day of filing, or "admision", when the diagram starts the term, once the
    request was admitted. ``goal``: percent of requests that must be ready on time. ``tells_moves``: a change of the
    calendar that moves the promised date is mailed. Days are business days."""

    fee: Fee | None = Field(None, alias="tarifa")
    requirements: tuple[Text, ...] = Field((), alias="requisitos")
    clock_starts: Start = Field("presentacion", alias="inicio_plazo")
    channels: tuple[Channel, ...] = Field(("digital",), alias="canales", min_length=1)
    goal: int = Field(90, alias="meta", ge=1, le=100)
    complaint_days: int = Field(7, alias="queja_dias", ge=1, le=365)
    correction_days: int = Field(10, alias="subsanacion_dias", ge=1, le=365)
    tells_moves: bool = Field(True, alias="avisa_cambio_fecha")
    escalation: tuple[Line, ...] = Field(ESCALATION, alias="escalamiento", min_length=1)

    def is_default(self, name: str) -> bool:
        """Whether nobody decided it: the face marks it «por defecto»."""
        return name not in self.model_fields_set
