"""What §7 of the Carta counts: the public page /carta/indicadores, the directive dashboard /tablero and its report."""

from web.indicators import report
from web.indicators.views import indicators

__all__ = ["indicators", "report"]
