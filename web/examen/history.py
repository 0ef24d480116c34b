"""«Historia académica»: what a student sees of their grades, from the publication of each acta on (R-50)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import login_required

from engine.actas.examen import ESCALAS, historia_of
from web.current import cartulario, person_id

history = Blueprint("exam_history", __name__)


@history.get("/historia")
@login_required  # type: ignore[untyped-decorator]
def show() -> str:
    app = cartulario()
    with app.database.read() as conn:
        entries = historia_of(conn, person_id(), app.clock.now(), replaced=True)
    return render_template("examen/history.html", entries=entries, printed=next(iter(ESCALAS.values())).printed)
