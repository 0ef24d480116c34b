"""The functions that diagrams and decision tables may call. Those of the office (dates, terms) are asked of the moment
and recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from engine.errors import EngineFault
from engine.spiff.moment import current

_MAX_TEXT = 64 * 1024
_MAX_DIGITS = 30


def _get(mapping: Any, key: Any, default: Any = None) -> Any:
    """The value under a key, or the default: for data that may not be there."""
    return mapping.get(key, default) if isinstance(mapping, Mapping) else default


def _join(separator: str, items: Iterable[Any]) -> str:
    text = _text(separator).join(_text(item) for item in items)
    if len(text) > _MAX_TEXT:
        raise EngineFault("Un texto calculado es demasiado largo.")
    return text


def _text(value: Any) -> str:
    if value is not None and not isinstance(value, str | int | float):
        raise EngineFault("«str» solo escribe textos y números; para una lista use «join».")
    return "" if value is None else str(value)


def _integer(value: Any) -> int:
    if isinstance(value, str) and len(value) > 30:
        raise EngineFault("Ese texto no es un número.")
    return int(value)


def _round(number: Any, digits: Any = None) -> Any:
    if digits is not None and not (isinstance(digits, int) and abs(digits) <= _MAX_DIGITS):
        raise EngineFault(f"«round» redondea a {_MAX_DIGITS} decimales o menos.")
    return round(number, digits)


def _sum(items: Iterable[Any]) -> Any:
    """Of numbers: adding lists or texts one by one would never end."""
    numbers = list(items)
    if not all(isinstance(item, int | float) for item in numbers):
        raise EngineFault("«sum» solo suma números.")
    return sum(numbers)


def hoy() -> str:
    """Today in the institution's timezone, YYYY-MM-DD."""
    return str(current().ask("hoy"))


def ahora() -> str:
    """This instant, ISO 8601 in UTC."""
    return str(current().ask("ahora"))


def dias_habiles(days: int, desde: Any = None) -> str:
    """The end of the n-th business day from now, or from that day, ISO 8601: for timers (COA arts. 158–160)."""
    if desde is None:
        return str(current().ask("dias_habiles", _business_days(days)))
    return str(current().ask("dias_habiles_desde", _business_days(days), _day(desde)))


def _day(written: Any) -> str:
    try:
        return date.fromisoformat(str(written)[:10]).isoformat()
    except ValueError:
        raise EngineFault(f"«{str(written)[:40]}» no es un día, como 2026-03-02.") from None


def iniciar_plazo(clave: str, dias: int) -> str:
    """Starts the clock of a product (C-48) when the case was filed; gives its due instant."""
    return str(current().ask("iniciar_plazo", str(clave)[:80], _business_days(dias)))


def cumplir_plazo(clave: str) -> str:
    """Stops the clock of a product that is ready; gives this instant."""
    return str(current().ask("cumplir_plazo", str(clave)[:80]))


def negar_plazo(clave: str) -> str:
    """Stops the clock of a product that is refused, and says so; gives this instant."""
    return str(current().ask("negar_plazo", str(clave)[:80]))


def desistir_plazo(clave: str) -> str:
    """Stops the clock of a product that its requester gave up, by silence most often; gives this instant."""
    return str(current().ask("desistir_plazo", str(clave)[:80]))


def iniciar_plazos(productos: Any, plazos: Any) -> str:
    """The clock of each product that is asked for now (C-48): one dropped in a correction loses its own, one added gets
    it. ``plazos``: product → business days. Gives when the last is due."""
    if not isinstance(plazos, Mapping):
        raise EngineFault("«iniciar_plazos» necesita los plazos, como tramite.carta.plazos.")
    keys = _keys(productos)
    if missing := [key for key in keys if key not in plazos]:
        raise EngineFault(f"La Carta no promete un plazo para: {', '.join(missing)}.")
    return str(current().ask("iniciar_plazos", {key: _business_days(plazos[key]) for key in keys}))


def por_plazo(plazos: Any) -> list[list[str]]:
    """The products grouped by their term, the shortest first: those of one group are watched together."""
    if not isinstance(plazos, Mapping):
        raise EngineFault("«por_plazo» necesita los plazos, como tramite.carta.plazos.")
    return [sorted(key for key in plazos if plazos[key] == days) for days in sorted(set(plazos.values()))]


def pendientes(productos: Any) -> list[str]:
    """Those of these products whose clock still runs."""
    return list(current().ask("pendientes", _keys(productos)))


def plazo(quien: Any, *mas: Any) -> str:
    """``plazo(80)``: the instant at which 80 % of the case's term has passed; ``plazo(100, 1)``: a business day after
    its end. With a product, or a list of them, before: of theirs, the first that falls due."""
    if isinstance(quien, str | list):
        percent, extra = _numbers("plazo(producto, porcentaje, días_más)", mas)
        return str(current().ask("plazo_de", _keys(quien), percent, extra))
    percent, extra = _numbers("plazo(porcentaje, días_más)", (quien, *mas))
    return str(current().ask("plazo", percent, extra))


def _numbers(form: str, given: tuple[Any, ...]) -> tuple[int, int]:
    if len(given) not in (1, 2):
        raise EngineFault(f"Se escribe {form}.")
    return int(given[0]), int(given[1]) if len(given) == 2 else 0


def _keys(products: Any) -> list[str]:
    if isinstance(products, str):
        products = [products]
    if not isinstance(products, list | tuple) or not all(isinstance(one, str) for one in products):
        raise EngineFault("Los productos son una lista de sus códigos.")
    return [one[:80] for one in products]


def _business_days(days: Any) -> int:
    number = int(days)
    if not 0 <= number <= 3_650:
        raise EngineFault("Un plazo tiene entre 0 y 3650 días hábiles.")
    return number


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": len,
    "min": min,
    "max": max,
    "sum": _sum,
    "round": _round,
    "abs": abs,
    "str": _text,
    "int": _integer,
    "float": float,
    "lower": lambda text: str(text).lower(),
    "upper": lambda text: str(text).upper(),
    "any": any,
    "all": all,
    "sorted": sorted,
    "join": _join,
    "get": _get,
    "hoy": hoy,
    "ahora": ahora,
    "dias_habiles": dias_habiles,
    "iniciar_plazo": iniciar_plazo,
    "iniciar_plazos": iniciar_plazos,
    "cumplir_plazo": cumplir_plazo,
    "negar_plazo": negar_plazo,
    "desistir_plazo": desistir_plazo,
    "plazo": plazo,
    "pendientes": pendientes,
    "por_plazo": por_plazo,
}
SCRIPT_ONLY = frozenset({"iniciar_plazo", "iniciar_plazos", "cumplir_plazo", "negar_plazo", "desistir_plazo"})
OF_THE_CALENDAR = ("dias_habiles(", "plazo(")  # a timer whose expression holds one moves with the calendar or the term
