"""The case that a requester's page is about: one's own, or one filed for somebody by who works at the desk today."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.history.case_file import CaseHead
from engine.history.requester import find_own_case
from web.current import person_id
from web.desk.access import files_for_others


def own_case(conn: Connection, number: str) -> CaseHead:
    """By number. Raises NotFound, also for somebody else's."""
    return find_own_case(conn, number, person_id(), files_for_others)
