"""The search index over ``case.search``, and how it is asked; the same results on both databases.

PostgreSQL: a ``tsvector`` generated from it, with a GIN index, and a copy of it on each open task, so that the inbox
finds its few rows in one small index without reading a case; closed tasks keep theirs, or the planner would misjudge
how rare a word is. SQLite: an FTS5 index whose content is a view, kept by triggers; its rows are numbered by a table of
ours, because VACUUM may renumber SQLite's own. Nobody writes these columns: the database does. The initial migration
executes ``statements``.
"""

from __future__ import annotations

import re

import sqlalchemy as sa

from engine.storage.search import query_words
from engine.storage.tables import case

Condition = sa.ColumnElement[bool]
_NAME = re.compile(r"[A-Za-z0-9_.:-]+")
SHORTEST_PREFIX = 3  # letters; shorter words match whole: "de" is not the beginning of half the dictionary

_POSTGRESQL = (
    """ALTER TABLE "case" ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', search)) STORED""",
    'CREATE INDEX ix_case_words ON "case" USING gin (words)',
    "ALTER TABLE task ADD COLUMN words tsvector",  # the case's, its process as "=process" and its own role as "@role"
    "CREATE INDEX ix_task_open_words ON task USING gin (words) WITH (gin_pending_list_limit = 256)"
    " WHERE status = 'open'",
    """CREATE FUNCTION cartulario_task_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      SELECT words || array_to_tsvector(ARRAY['=' || process, '@' || NEW.role]) INTO NEW.words
        FROM "case" WHERE id = NEW.case_id;
      RETURN NEW;
    END $$""",
    """CREATE TRIGGER task_words BEFORE INSERT ON task FOR EACH ROW WHEN (NEW.status = 'open')
    EXECUTE FUNCTION cartulario_task_words()""",
    """CREATE FUNCTION cartulario_case_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE task SET words = NEW.words || array_to_tsvector(ARRAY['=' || NEW.process, '@' || role])
        WHERE case_id = NEW.id AND status = 'open';
      RETURN NULL;
    END $$""",
    """CREATE TRIGGER case_words AFTER UPDATE OF search ON "case" FOR EACH ROW WHEN (OLD.search <> NEW.search)
    EXECUTE FUNCTION cartulario_case_words()""",
    # few tasks are open, and nearly all that nobody has are: without this the planner thinks them ten times rarer
    "CREATE STATISTICS task_open (mcv) ON status, role, assignee_id FROM task",
)
_SQLITE = (
    "CREATE TABLE case_row (n INTEGER PRIMARY KEY, case_id CHAR(32) NOT NULL UNIQUE)",
    """CREATE VIEW case_words AS
        SELECT r.n AS n, c.search AS words FROM case_row r JOIN "case" c ON c.id = r.case_id""",
    "CREATE VIRTUAL TABLE case_fts USING fts5("
    "words, content='case_words', content_rowid='n', tokenize='unicode61 remove_diacritics 0', prefix='3 4')",
    """CREATE TRIGGER case_search_insert AFTER INSERT ON "case" BEGIN
        INSERT INTO case_row (case_id) VALUES (new.id);
        INSERT INTO case_fts (rowid, words) SELECT n, new.search FROM case_row WHERE case_id = new.id;
    END""",
    """CREATE TRIGGER case_search_update AFTER UPDATE OF search ON "case" WHEN old.search <> new.search BEGIN
        INSERT INTO case_fts (case_fts, rowid, words)
            SELECT 'delete', n, old.search FROM case_row WHERE case_id = old.id;
        INSERT INTO case_fts (rowid, words) SELECT n, new.search FROM case_row WHERE case_id = new.id;
    END""",
    """CREATE TRIGGER case_search_delete AFTER DELETE ON "case" BEGIN
        INSERT INTO case_fts (case_fts, rowid, words)
            SELECT 'delete', n, old.search FROM case_row WHERE case_id = old.id;
        DELETE FROM case_row WHERE case_id = old.id;
    END""",
)
_DROP_POSTGRESQL = (
    "DROP STATISTICS task_open",
    'DROP TRIGGER case_words ON "case"',
    "DROP FUNCTION cartulario_case_words",
    "DROP TRIGGER task_words ON task",
    "DROP FUNCTION cartulario_task_words",
    "ALTER TABLE task DROP COLUMN words",
    'ALTER TABLE "case" DROP COLUMN words',
)
_DROP_SQLITE = (
    "DROP TRIGGER case_search_delete",
    "DROP TRIGGER case_search_update",
    "DROP TRIGGER case_search_insert",
    "DROP TABLE case_fts",
    "DROP VIEW case_words",
    "DROP TABLE case_row",
)

_FOUND = "SELECT r.case_id FROM case_fts JOIN case_row r ON r.n = case_fts.rowid WHERE case_fts MATCH :asked"


def statements(dialect: str) -> tuple[str, ...]:
    """DDL that makes the index, after the tables exist."""
    return _SQLITE if dialect == "sqlite" else _POSTGRESQL


def drop_statements(dialect: str) -> tuple[str, ...]:
    return _DROP_SQLITE if dialect == "sqlite" else _DROP_POSTGRESQL


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Alembic's filter: what is made here by hand is not the metadata's to compare."""
    if kind == "column":
        return name != "words"
    hand_made = ("case_fts", "case_row", "ix_case_words", "ix_task_open_words")
    return kind not in ("table", "index") or not (name or "").startswith(hand_made)


def matches(dialect: str, text: str) -> Condition | None:
    """The condition on ``case`` that every word of ``text`` asks for; None when there is no word to ask for."""
    groups = query_words(text)
    if not groups:
        return None
    if dialect != "sqlite":
        return _has("case", " & ".join(map(_tsquery, groups)))
    found = sa.text(_FOUND).bindparams(asked=" AND ".join(map(_fts5, groups))).columns(case_id=sa.String)
    return sa.type_coerce(case.c.id, sa.String).in_(sa.select(found.subquery().c.case_id))


def matches_open_task(
    dialect: str, text: str, process: str | None, role: str | None = None
) -> tuple[list[Condition], bool]:
    """The conditions on an open ``task`` that its case has every word of ``text`` and is of the process; and whether
    they read the case's row, so that it must be joined. ``role``, when the caller asks for one anyway, is a hint."""
    if dialect == "sqlite":
        found = matches(dialect, text)
        conditions = [found] if found is not None else []
        if process is not None:
            conditions.append(case.c.process == process)
        return conditions, bool(conditions)
    if not all(_NAME.fullmatch(name) for name in (process, role) if name is not None):
        return [sa.false()], False
    asked = [_tsquery(group) for group in query_words(text)]
    if process is not None:
        asked.append(f"'={process}'")
    if asked and role is not None:
        asked.append(f"'@{role}'")
    return ([_has("task", " & ".join(asked))] if asked else []), False


class _TsQuery(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        return "tsquery"


def _has(table: str, asked: str) -> Condition:
    vector: sa.ColumnElement[str] = sa.literal_column(f'"{table}".words')
    return vector.bool_op("@@")(sa.cast(sa.literal(asked), _TsQuery()))


def _fts5(group: tuple[str, ...]) -> str:
    return "(" + " OR ".join(f'"{word}"*' if len(word) >= SHORTEST_PREFIX else f'"{word}"' for word in group) + ")"


def _tsquery(group: tuple[str, ...]) -> str:
    return "(" + " | ".join(f"'{word}':*" if len(word) >= SHORTEST_PREFIX else f"'{word}'" for word in group) + ")"
