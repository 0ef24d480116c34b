"""Migrating a database, and that it ends with the schema that the tests stand on."""

import json
import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from engine.storage import fulltext, migrate
from engine.storage.tables import metadata
from engine.storage.unit_of_work import Database

MIGRATE = """
import sys
from engine.storage.migrate import upgrade
from engine.storage.unit_of_work import Database
print(upgrade(Database(sys.argv[1])))
"""


@pytest.fixture
def empty(empty_database_url):
    database = Database(empty_database_url)
    yield database
    database.close()


def plain(constraints):
    """Constraints as sorted text; SQL fragments, such as an index's WHERE, as they read."""
    return sorted(json.dumps(constraint, default=str, sort_keys=True) for constraint in constraints)


def describe(database):
    """Tables, columns, keys, indexes and triggers, in a form that two databases can be compared by."""
    with database.read() as conn:
        inspector = sa.inspect(conn)
        tables = {
            name: (
                sorted(
                    (c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in inspector.get_columns(name)
                ),  # whichever came first
                inspector.get_pk_constraint(name),
                plain(inspector.get_foreign_keys(name)),
                plain(inspector.get_unique_constraints(name)),
                plain(inspector.get_indexes(name)),
            )
            for name in sorted(inspector.get_table_names())
        }
        triggers = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
            if database.is_sqlite
            else "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
        )
        return tables, [tuple(row) for row in conn.exec_driver_sql(triggers)]


def test_a_migrated_database_is_the_same_as_the_one_that_tests_use(empty, database):
    migrate.upgrade(empty)
    migrated, made = describe(empty), describe(database)
    assert migrated[0].keys() == made[0].keys()
    for name, table in made[0].items():
        assert migrated[0][name] == table
    assert migrated[1] == made[1]


def test_a_migrated_database_lacks_nothing_that_the_tables_declare(empty):
    migrate.upgrade(empty)
    with empty.read() as conn:
        context = MigrationContext.configure(conn, opts={"include_name": fulltext.include_name})
        assert compare_metadata(context, metadata) == []


def test_an_empty_database_is_not_current_and_a_migrated_one_is(empty):
    assert not migrate.is_current(empty)
    assert migrate.upgrade(empty) == migrate.head()
    assert migrate.is_current(empty)


def test_migrating_again_changes_nothing(empty):
    migrate.upgrade(empty)
    before = describe(empty)
    assert migrate.upgrade(empty) == migrate.head()
    assert describe(empty) == before


def test_four_migrations_at_once_all_succeed_and_the_work_is_done_once(empty_database_url, empty):
    running = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, empty_database_url], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = [process.communicate(timeout=60)[0].strip() for process in running]
    assert [process.returncode for process in running] == [0] * 4
    assert answers == [migrate.head()] * 4
    assert migrate.is_current(empty)
