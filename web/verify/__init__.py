"""/verificar: a code or a file in, one clear answer out. Open to anybody, without an account."""

from web.verify.views import verify

__all__ = ["verify"]
