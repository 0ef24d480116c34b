"""The next migration is written from the tables, and says nothing when they did not change."""

import shutil

import sqlalchemy as sa

from engine.storage import migrate
from engine.storage.tables import metadata
from engine.storage.types import UtcDateTime
from tests.support.new_migration import write


def test_a_migration_is_written_from_what_the_tables_gained(tmp_path, monkeypatch):
    scripts = shutil.copytree(migrate.SCRIPTS, tmp_path / "migrations")
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    last = migrate.head()
    unchanged = write("nothing", scripts)
    assert "op." not in unchanged.read_text().partition("def upgrade")[2]
    unchanged.unlink()
    gained = sa.Table("novedad", metadata, sa.Column("id", sa.Uuid, primary_key=True), sa.Column("at", UtcDateTime()))
    try:
        text = write("news have a table", scripts).read_text()
    finally:
        metadata.remove(gained)
    assert "op.create_table" in text
    assert "UtcDateTime()" in text
    assert f"down_revision = '{last}'" in text
