"""Exam actas: the docente's grid, the register and an acta's own page, the boards, the office's mail, the printed
copies, the digitised old actas, who can sign, the control report and the norm with its acknowledgements, and the
student's academic history.
"""

from web.examen import rooms
from web.examen.acta_page import acta_pages
from web.examen.control import control
from web.examen.copies import copies
from web.examen.exports import exports
from web.examen.grid_views import grid
from web.examen.history import history
from web.examen.mails import mails
from web.examen.mesas import mesas
from web.examen.norm import norm
from web.examen.old_actas import old_actas
from web.examen.register import register
from web.examen.signers import signers

EXAM_PAGES = [grid, register, mesas, mails, copies, old_actas, signers, control, norm, exports, acta_pages, history]

__all__ = ["EXAM_PAGES", "rooms"]
