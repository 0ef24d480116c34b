"""/carta: the Carta de Servicios as anybody reads it: page, JSON, PDF, and every edition that there was."""

from web.carta.views import carta

__all__ = ["carta"]
