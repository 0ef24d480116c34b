"""What §7 of the Carta counts: the public page /carta/indicadores and the directive dashboard /tablero."""

from web.indicators.views import indicators

__all__ = ["indicators"]
