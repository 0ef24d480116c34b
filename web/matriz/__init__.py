"""The Matriz de certificaciones digitales: the staff's register of every certification that was issued."""

from web.matriz.views import matriz

__all__ = ["matriz"]
