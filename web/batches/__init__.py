"""Batches on the screen: many signed in one act, requests filed from a file, documents printed in one run."""

from web.batches import printing, requests, sign, views
from web.batches.blueprint import batches

__all__ = ["batches", "printing", "requests", "sign", "views"]
