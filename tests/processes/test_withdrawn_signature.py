"""An acta that was signed and then rejected is signed anew: the file of the first round signs nothing (R-47, R-49)."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine.errors import SignatureRefused
from engine.inbound.sign_outside import ReturnSigned, return_signed
from engine.storage.tables import document, task
from tests.processes.player import Player
from tests.processes.test_acta_examen import CHECKED, LOADED, SIGNED, actas, player, scenario

__all__ = ["player"]
REJECTED = (
    '{ tarea = "validar_acta", acta = 1, respuestas = { decision_validacion = "rechazar", '
    'defectos_acta = "La fecha de la fila 1 no es la de la mesa." } }'
)

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.mark.req("R-43", "R-47", "R-49")
def test_a_signature_that_was_withdrawn_does_not_sign_the_acta_made_again(player: Player) -> None:
    player.play(scenario(LOADED, CHECKED, SIGNED, REJECTED, CHECKED))
    world, (acta,) = player.world, actas(player)
    withdrawn = sa.select(document.c.sha256).where(
        document.c.name == f"{acta.base}.pdf", document.c.kind == "withdrawn"
    )
    with world.app.database.read() as conn:
        old = world.app.archive.get(conn.execute(withdrawn).scalars().one())
        to_sign = conn.execute(sa.select(task.c.id).where(task.c.status == "open")).scalar_one()
    by = world.person("autoridad_departamental:quimica")
    back = ReturnSigned(to_sign, by, f"{acta.base}.pdf", old, {"decision_firma": "firmar"}, request_id=uuid4())
    with pytest.raises(SignatureRefused, match="No coincide"):
        return_signed(back, world.app)
    assert actas(player)[0].state == "a_firma"
