"""The register of session actas (C-4, C-17, C-28): the bodies, their actas, what of them is reserved, and how existing
ones are brought in. Exam actas stand beside it. Independent of any diagram; the archive is handed in.
"""

from engine.actas.access import KEEPERS, PROFILE, require_keeper, require_reader
from engine.actas.acta import (
    ActaSesion,
    acta_by_reference,
    count_approved,
    get_acta,
    open_pages,
    read_original,
    reservation_on,
    reserved_words,
    session_acta_with,
)
from engine.actas.body import BODIES, Body, add_body, list_bodies, seed_bodies
from engine.actas.copies import ORIGINAL, PAGES, Standing, copy_facts, standing_of
from engine.actas.intake import MAX_FILES, MAX_PDF, FileIn, Imported, Report, RowReport, import_actas
from engine.actas.pages import page_numbers, parse_ranges, written_ranges
from engine.actas.reserve import Reservation, ReserveActa, list_reservations, reserve_acta
from engine.actas.search import ActaPage, ActaSearch, read_date, search_actas

__all__ = [
    "BODIES",
    "KEEPERS",
    "MAX_FILES",
    "MAX_PDF",
    "ORIGINAL",
    "PAGES",
    "PROFILE",
    "ActaPage",
    "ActaSearch",
    "ActaSesion",
    "Body",
    "FileIn",
    "Imported",
    "Report",
    "Reservation",
    "ReserveActa",
    "RowReport",
    "Standing",
    "acta_by_reference",
    "add_body",
    "copy_facts",
    "count_approved",
    "get_acta",
    "import_actas",
    "list_bodies",
    "list_reservations",
    "open_pages",
    "page_numbers",
    "parse_ranges",
    "read_date",
    "read_original",
    "require_keeper",
    "require_reader",
    "reservation_on",
    "reserve_acta",
    "reserved_words",
    "search_actas",
    "seed_bodies",
    "session_acta_with",
    "standing_of",
    "written_ranges",
]
