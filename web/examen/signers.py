"""«Quiénes pueden firmar»: each Departamento's authorities and what is wrong with their certificates (R-23, art. 5)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import login_required

from engine.inbound.signers import departmental_signers
from web.current import cartulario, person_id

signers = Blueprint("exam_signers", __name__)


@signers.get("/examenes/firmantes")
@login_required  # type: ignore[untyped-decorator]
def show() -> str:
    found = departmental_signers(cartulario(), person_id())
    return render_template("examen/signers.html", found=found, ready=sum(one.ready for one in found))
