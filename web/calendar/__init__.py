"""The calendar of the institution: the days on which terms do not run, and who changed them."""

from web.calendar.views import calendar_pages

__all__ = ["calendar_pages"]
