"""Pages that explain: home, help and keyboard, accessibility, personal data; health for machines."""

from web.help.pages import help_pages

__all__ = ["help_pages"]
