"""/mostrador: the staff attend to somebody in person: find or register them, fill in the service's own form for them,
hand over the receipt. What is filed here is the same request as from the portal, with who filed it and whence it came.
"""

from web.desk.people import people_pages
from web.desk.views import desk

DESK_PAGES = [desk, people_pages]

__all__ = ["DESK_PAGES"]
