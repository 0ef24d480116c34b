"""The Carta de Servicios: its editions, the registers its products are written into, the records they certify."""

from engine.carta.draft import Draft, apply_draft, draft_of, read_draft, rebase
from engine.carta.edition import Edition
from engine.carta.editions import (
    Headline,
    Published,
    commitments,
    current_edition,
    current_publication,
    get_edition,
    get_publication,
    headline,
    list_editions,
    publish_edition,
)
from engine.carta.matriz import Entry, get_entry, register_certificate
from engine.carta.matriz_search import Line, Search, count_entries, export_csv, export_xlsx, list_entries, list_lines
from engine.carta.seed import seed_edition

__all__ = [
    "Draft",
    "Edition",
    "Entry",
    "Headline",
    "Line",
    "Published",
    "Search",
    "apply_draft",
    "commitments",
    "count_entries",
    "current_edition",
    "current_publication",
    "draft_of",
    "export_csv",
    "export_xlsx",
    "get_edition",
    "get_entry",
    "get_publication",
    "headline",
    "list_editions",
    "list_entries",
    "list_lines",
    "publish_edition",
    "read_draft",
    "rebase",
    "register_certificate",
    "seed_edition",
]
