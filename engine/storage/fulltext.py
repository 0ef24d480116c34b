"""The search index over ``case.search``, and how it is asked; the same results on both databases.

PostgreSQL: GIN over the ``simple`` configuration, and a small one of the open cases for the inbox. SQLite: an FTS5
index whose content is a view, kept by triggers; its rows are numbered by a table of ours, because VACUUM may renumber
SQLite's own. The initial migration executes ``statements``.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.storage.search import query_words
from engine.storage.tables import case

SHORTEST_PREFIX = 3  # letters; shorter words match whole: "de" is not the beginning of half the dictionary

_POSTGRESQL = (
    """CREATE INDEX ix_case_search ON "case" USING gin (to_tsvector('simple', search))""",
    """CREATE INDEX ix_case_search_open ON "case" USING gin (to_tsvector('simple', search)) WHERE status = 'open'""",
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
_DROP_POSTGRESQL = ("DROP INDEX ix_case_search_open", "DROP INDEX ix_case_search")
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
    hand_made = ("case_fts", "case_row", "ix_case_search")
    return kind not in ("table", "index") or not (name or "").startswith(hand_made)


def matches(dialect: str, text: str) -> sa.ColumnElement[bool] | None:
    """The condition on ``case`` that every word of ``text`` asks for; None when there is no word to ask for."""
    groups = query_words(text)
    if not groups:
        return None
    if dialect == "sqlite":
        asked = " AND ".join("(" + " OR ".join(_fts5(word) for word in group) + ")" for group in groups)
        found = sa.text(_FOUND).bindparams(asked=asked).columns(case_id=sa.String)
        return sa.type_coerce(case.c.id, sa.String).in_(sa.select(found.subquery().c.case_id))
    asked = " & ".join("(" + " | ".join(_tsquery(word) for word in group) + ")" for group in groups)
    vector = sa.func.to_tsvector(sa.literal_column("'simple'"), case.c.search)
    return vector.bool_op("@@")(sa.cast(sa.literal(asked), _TsQuery()))


class _TsQuery(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        return "tsquery"


def _fts5(word: str) -> str:
    return f'"{word}"*' if len(word) >= SHORTEST_PREFIX else f'"{word}"'


def _tsquery(word: str) -> str:
    return f"'{word}':*" if len(word) >= SHORTEST_PREFIX else f"'{word}'"
