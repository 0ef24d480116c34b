"""Exam actas: the docente's grid, an acta's own page, boards of who has what, and the student's academic history."""

from web.examen.grid_views import grid

EXAM_PAGES = [grid]

__all__ = ["EXAM_PAGES"]
