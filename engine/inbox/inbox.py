"""The inbox as the web and the API use it: each method is one transaction. Rights are decided inside, by ``Viewer``.

It has more methods than a class of ours should: they are the room's table of contents, one line each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.clock import Clock
from engine.inbox import case_view, commands, page, reads, saved
from engine.inbox.bulk import BulkReport, in_bulk
from engine.inbox.case_view import CaseView
from engine.inbox.choices import ProcessChoice, list_assignable, list_processes
from engine.inbox.detail import TaskDetail, get_task
from engine.inbox.filters import Filters, Tab
from engine.inbox.page import Count, Page
from engine.inbox.ports import Days, LanesOf, People, no_lanes
from engine.inbox.saved import SavedFilter
from engine.inbox.viewer import Viewer
from engine.people import Person
from engine.storage.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class Inbox:
    """``people``: the module ``engine.people``. ``lanes``: version id → roles of its lanes, so that staff may open a
    case before a task of theirs exists in it."""

    database: Database
    clock: Clock
    people: People
    calendar: Days
    lanes: LanesOf = no_lanes

    def viewer(self, person_id: UUID) -> Viewer:
        """The person with the roles that are in force today in the institution's own day."""
        today = self.calendar.local_day(self.clock.now())
        with self.database.read() as conn:
            pairs = self.people.scoped_roles_of(conn, person_id, today)
        everywhere = frozenset(role for role, process in pairs if process is None)
        scoped = frozenset((role, process) for role, process in pairs if process is not None)
        return Viewer(person_id, everywhere, today, scoped)

    # what is there

    def list_tasks(self, viewer: Viewer, filters: Filters) -> Page:
        with self.database.read() as conn:
            return page.list_tasks(conn, viewer, filters, now=self.clock.now(), people=self.people, days=self.calendar)

    def counts(self, viewer: Viewer) -> dict[Tab, Count]:
        with self.database.read() as conn:
            return page.count_tabs(conn, viewer, self.clock.now())

    def next_task(self, viewer: Viewer, filters: Filters, after: UUID) -> UUID | None:
        """The task that follows ``after`` in the list, closed though it may be by now; else the first; else None."""
        with self.database.read() as conn:
            return page.next_task(conn, viewer, filters, after, now=self.clock.now(), days=self.calendar)

    def get_task(self, viewer: Viewer, task_id: UUID) -> TaskDetail:
        with self.database.read() as conn:
            return get_task(conn, viewer, task_id, now=self.clock.now(), people=self.people, days=self.calendar)

    def list_processes(self) -> list[ProcessChoice]:
        with self.database.read() as conn:
            return list_processes(conn)

    def list_assignable(self, viewer: Viewer, task_id: UUID, text: str = "") -> list[Person]:
        with self.database.read() as conn:
            return list_assignable(conn, viewer, task_id, text, people=self.people)

    # what is done to a task

    def claim(self, viewer: Viewer, task_id: UUID) -> None:
        with self.database.write() as conn:
            commands.claim(conn, viewer, task_id, people=self.people, at=self.clock.now())

    def release(self, viewer: Viewer, task_id: UUID) -> None:
        with self.database.write() as conn:
            commands.release(conn, viewer, task_id, people=self.people, at=self.clock.now())

    def assign(self, viewer: Viewer, task_id: UUID, to: UUID, note: str = "") -> None:
        with self.database.write() as conn:
            commands.assign(conn, viewer, task_id, to, people=self.people, at=self.clock.now(), note=note)

    def snooze(self, viewer: Viewer, task_id: UUID, until: datetime | None) -> None:
        with self.database.write() as conn:
            commands.snooze(conn, viewer, task_id, until, people=self.people, at=self.clock.now())

    def save_draft(self, viewer: Viewer, task_id: UUID, answers: Mapping[str, Any]) -> datetime:
        """→ when it was saved."""
        now = self.clock.now()
        with self.database.write() as conn:
            commands.save_draft(conn, viewer, task_id, answers, people=self.people, at=now)
        return now

    def bulk_claim(self, viewer: Viewer, task_ids: Sequence[UUID]) -> BulkReport:
        return in_bulk(task_ids, lambda task_id: self.claim(viewer, task_id))

    def bulk_release(self, viewer: Viewer, task_ids: Sequence[UUID]) -> BulkReport:
        return in_bulk(task_ids, lambda task_id: self.release(viewer, task_id))

    def bulk_assign(self, viewer: Viewer, task_ids: Sequence[UUID], to: UUID) -> BulkReport:
        return in_bulk(task_ids, lambda task_id: self.assign(viewer, task_id, to))

    def bulk_snooze(self, viewer: Viewer, task_ids: Sequence[UUID], until: datetime | None) -> BulkReport:
        return in_bulk(task_ids, lambda task_id: self.snooze(viewer, task_id, until))

    def add_comment(self, viewer: Viewer, case_id: UUID, text: str) -> UUID:
        with self.database.write() as conn:
            return commands.add_comment(conn, viewer, case_id, text, lanes=self.lanes, at=self.clock.now())

    # what a person keeps, and who read what

    def save_filter(self, viewer: Viewer, name: str, filters: Filters) -> SavedFilter:
        with self.database.write() as conn:
            return saved.save_filter(conn, viewer.person_id, name, filters)

    def list_filters(self, viewer: Viewer) -> list[SavedFilter]:
        with self.database.read() as conn:
            return saved.list_filters(conn, viewer.person_id)

    def delete_filter(self, viewer: Viewer, filter_id: UUID) -> None:
        with self.database.write() as conn:
            saved.delete_filter(conn, viewer.person_id, filter_id)

    def log_read(
        self, viewer: Viewer, case_id: UUID, what: str, *, document_id: UUID | None = None, purpose: str | None = None
    ) -> None:
        """The caller has shown it, so the viewer may read it."""
        with self.database.write() as conn:
            at = self.clock.now()
            reads.log_read(conn, viewer.person_id, case_id, what, at=at, document_id=document_id, purpose=purpose)

    def log_acta_read(self, viewer: Viewer, acta_id: UUID, what: str) -> None:
        """The caller shows the original of an acta of the register."""
        with self.database.write() as conn:
            reads.log_read(conn, viewer.person_id, None, what, at=self.clock.now(), acta_id=acta_id)

    def list_acta_reads(self, acta_id: UUID) -> tuple[reads.Read, ...]:
        """For those who keep the register; the caller has checked it."""
        with self.database.read() as conn:
            return reads.list_acta_reads(conn, acta_id, self.people)

    # cases

    def get_case_for(self, viewer: Viewer, number: str) -> CaseView:
        with self.database.read() as conn:
            return case_view.get_case_for(
                conn,
                viewer,
                number,
                now=self.clock.now(),
                people=self.people,
                days=self.calendar,
                lanes=self.lanes,
            )
