"""/personas: who holds what in the office, for the administration and the Jefatura: functions given, ended and lent,
accounts closed, addresses mended. Who may is decided by ``engine.inbound.office_people``."""

from web.people.acts import people_acts
from web.people.changes import people_changes
from web.people.tribunal import tribunal_pages
from web.people.views import people_pages

PEOPLE_PAGES = [people_changes, people_pages, people_acts, tribunal_pages]

__all__ = ["PEOPLE_PAGES"]
