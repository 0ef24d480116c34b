"""Exam actas: the docente's grid, the register and an acta's own page, figures, and the student's academic history."""

from web.examen.acta_page import acta_pages
from web.examen.grid_views import grid
from web.examen.history import history
from web.examen.register import register

EXAM_PAGES = [grid, register, acta_pages, history]

__all__ = ["EXAM_PAGES"]
