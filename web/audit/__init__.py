"""The audit room: search over all cases, each case's events in order with their proofs, seals."""

from web.audit import seals
from web.audit.views import audit

__all__ = ["audit", "seals"]
