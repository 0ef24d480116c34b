"""/actas-de-sesion: the register of session actas, for those who keep it and for the administrative profile (C-26)."""

from web.actas.intake import intake
from web.actas.views import register

ACTA_PAGES = [intake, register]

__all__ = ["ACTA_PAGES"]
