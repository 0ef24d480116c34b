"""The Carta de Servicios: the registers its products are written into, and the records they certify."""

from engine.carta.matriz import (
    Entry,
    Search,
    count_entries,
    export_csv,
    get_entry,
    list_entries,
    register_certificate,
)

__all__ = [
    "Entry",
    "Search",
    "count_entries",
    "export_csv",
    "get_entry",
    "list_entries",
    "register_certificate",
]
