"""What each indicator says and how it is worked out, once: the pages show these very words under «Cómo se "
"calcula»."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from web.text import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Meaning:
    name: Any
    formula: Any


HEADLINES = {
    "B1": _("Certificados emitidos"),
    "B2": _("Certificaciones realizadas"),
    "B3": _("Sellados realizados"),
    "actas": _("Actas realizadas"),
    "A1": _("Copias de actas entregadas"),
}
CHANNELS = {
    "portal": _("Portal"),
    "mostrador": _("Ventanilla"),
    "lote": _("Lote"),
    "api": "API",
    "sistema": _("El sistema"),
}
MEANINGS = (
    Meaning(
        _("Certificados, certificaciones, sellados"),
        _(
            "Solicitudes de cada servicio que terminaron con entrega en el mes. Cada una cuenta una vez, pida "
            "lo que pida; por producto, cuenta cada producto entregado."
        ),
    ),
    Meaning(
        _("Actas realizadas"),
        _(
            "Actas de sesión aprobadas en el mes. Las copias certificadas que se entregan de ellas se cuentan aparte: "
            "ni lo negado ni lo demás que se pide con ellas es una copia."
        ),
    ),
    Meaning(
        _("En término"),
        _(
            "Compromisos cumplidos ÷ compromisos que vencían en el mes. Cada producto pedido es un compromiso, "
            "con su plazo. Los que siguen abiertos con el plazo vencido cuentan como incumplidos; los "
            "retirados o desistidos a tiempo no cuentan."
        ),
    ),
    Meaning(
        _("Mediana y 9 de cada 10"),
        _(
            "Días hábiles desde la solicitud hasta que quedó lista, de las que se resolvieron en el mes: la "
            "mitad tardó eso o menos, y 9 de cada 10 también. No cuentan el día de la solicitud ni los días en "
            "que se esperó a quien la pidió."
        ),
    ),
    Meaning(
        _("Devueltas para corregir"),
        _("Solicitudes que se devolvieron al menos una vez ÷ solicitudes que terminaron en el mes."),
    ),
    Meaning(
        _("Rechazadas"),
        _(
            "Solicitudes que terminaron sin nada de lo pedido y con sus motivos ÷ solicitudes que terminaron en el "
            "mes. Un producto negado junto a otro entregado cuenta como rechazado en el renglón de ese producto."
        ),
    ),
    Meaning(
        _("Retiradas o desistidas"),
        _(
            "Solicitudes que retiró quien las pidió, que se archivaron porque no respondió o que la oficina cerró "
            "porque no podían seguir ÷ solicitudes que terminaron en el mes."
        ),
    ),
    Meaning(
        _("Abiertas ahora"),
        _(
            "Solicitudes sin terminar hoy, sea cual sea el período: cuántas tienen un plazo vencido, cuántas "
            "esperan a quien las pidió y cuántos días hábiles llevan."
        ),
    ),
    Meaning(
        _("Quejas y sugerencias"),
        _("Quejas, sugerencias y felicitaciones presentadas en el mes, por el servicio del que tratan."),
    ),
    Meaning(
        _("Satisfacción"),
        _("Promedio de la nota, de 1 a 5, que pusieron al recibir lo pedido quienes quisieron responder en el mes."),
    ),
)
FEW = _(
    "Con menos de %(n)s casos se publica la cantidad, pero no el porcentaje ni la duración: podrían decir algo "
    "de una persona."
)
