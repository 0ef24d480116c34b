"""An installation comes back from its backup as it was, and a damaged backup is refused before anything is touched."""

import tarfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.archive import Archive
from engine.errors import CartularioError
from engine.storage import dump
from engine.storage.tables import acta, metadata, original, person
from engine.storage.unit_of_work import Database
from engine.upkeep import DamagedBackup, OutOfDate, back_up, migrate, require_current, restore
from tests.support import examen, postgres

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WHO = {"username": "maria", "given_names": "María José", "family_names": "Ñáñez de la Cruz", "email": "m@une.example"}


@pytest.fixture
def installation(database, tmp_path, monkeypatch):
    """A database with a person, and an archive with an original."""
    monkeypatch.setenv("PATH", f"{postgres.programs(database.url)}:/usr/bin:/bin")
    archive = Archive(tmp_path / "here" / "archive")
    sha256 = archive.put(b"%PDF-1.7 certificado")
    with database.write() as conn:
        conn.execute(person.insert().values(id=UUID(int=1), created_at=AT, **WHO))
        conn.execute(original.insert().values(sha256=sha256, size=20, media_type="application/pdf", stored_at=AT))
    return database, archive


@pytest.fixture
def elsewhere(empty_database_url, tmp_path):
    """An empty database and an empty archive."""
    target = Database(empty_database_url)
    (tmp_path / "there").mkdir()
    yield target, Archive(tmp_path / "there" / "archive")
    target.close()


def rows(database):
    with database.read() as conn:
        return {name: sorted(map(tuple, conn.execute(sa.select(t))), key=repr) for name, t in metadata.tables.items()}


def test_a_restored_installation_is_the_one_that_was_backed_up(installation, elsewhere, tmp_path):
    database, archive = installation
    made = back_up(database, archive, tmp_path / "copia.tar", AT)
    restored = restore(tmp_path / "copia.tar", *elsewhere)
    assert (restored.originals, restored.kind) == (made.originals, made.kind) == (1, database.url.get_backend_name())
    assert rows(elsewhere[0]) == rows(database)
    sha256 = rows(database)["original"][0][0]
    assert elsewhere[1].get(sha256) == archive.get(sha256)
    require_current(elsewhere[0])


def test_a_restored_database_still_refuses_to_change_what_was_written(installation, elsewhere, tmp_path):
    back_up(*installation, tmp_path / "copia.tar", AT)
    restore(tmp_path / "copia.tar", *elsewhere)
    with pytest.raises(sa.exc.IntegrityError), elsewhere[0].write() as conn:
        conn.execute(original.delete())


@pytest.mark.req("R-30", "R-48", "R-53")
def test_exam_actas_restored_in_the_middle_of_their_circuit_go_on_and_stay_locked(installation, elsewhere, tmp_path):
    database, target = installation[0], elsewhere[0]
    locked, in_control = examen.actas(database, examen.open_mesa(database, 22))
    examen.bring(database, locked.id, "bloqueada")
    examen.bring(database, in_control.id, "en_control")
    back_up(*installation, tmp_path / "copia.tar", AT)
    restore(tmp_path / "copia.tar", *elsewhere)
    assert rows(target) == rows(database)
    with pytest.raises(sa.exc.IntegrityError, match="a locked acta never changes"), target.write() as conn:
        conn.execute(acta.update().where(acta.c.id == locked.id).values(search=" "))
    examen.bring(target, in_control.id, "bloqueada")
    assert [one.folio for one in examen.actas(target, examen.open_mesa(target, 1))] == [3]


def test_a_backup_with_one_changed_byte_is_refused_and_touches_nothing(installation, elsewhere, tmp_path):
    back_up(*installation, tmp_path / "copia.tar", AT)
    file = tmp_path / "copia.tar"
    file.write_bytes(file.read_bytes().replace(b"certificado", b"CERTIFICADO"))
    with pytest.raises(DamagedBackup, match="no es lo que se guardó"):
        restore(file, *elsewhere)
    assert dump.is_empty(elsewhere[0])


@pytest.mark.parametrize("cut", [0, 100, 5_000])
def test_a_backup_that_was_cut_short_is_refused(installation, elsewhere, tmp_path, cut):
    back_up(*installation, tmp_path / "copia.tar", AT)
    file = tmp_path / "copia.tar"
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(DamagedBackup):
        restore(file, *elsewhere)


def test_a_backup_cannot_write_outside_its_place(installation, elsewhere, tmp_path):
    (tmp_path / "intruso").write_text("x")
    with tarfile.open(tmp_path / "copia.tar", "w") as tar:
        tar.add(tmp_path / "intruso", arcname="archive/../../../intruso")
    with pytest.raises(DamagedBackup, match="no es suyo"):
        restore(tmp_path / "copia.tar", *elsewhere)


def test_a_backup_never_writes_over_another(installation, tmp_path):
    back_up(*installation, tmp_path / "copia.tar", AT)
    before = (tmp_path / "copia.tar").read_bytes()
    with pytest.raises(CartularioError, match="ya existe"):
        back_up(*installation, tmp_path / "copia.tar", AT)
    assert (tmp_path / "copia.tar").read_bytes() == before
    assert [p.name for p in tmp_path.glob(".*")] == []


def test_an_installation_in_use_is_not_restored_over(installation, tmp_path):
    back_up(*installation, tmp_path / "copia.tar", AT)
    with pytest.raises(CartularioError, match="ya tiene tablas"):
        restore(tmp_path / "copia.tar", *installation)


def test_a_server_refuses_a_database_of_another_release(elsewhere):
    with pytest.raises(OutOfDate, match="migrate-db"):
        require_current(elsewhere[0])
    migrate(elsewhere[0])
    require_current(elsewhere[0])


def test_a_missing_pg_dump_is_named_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(dump, "VERSIONS", Path("/nonexistent"))
    away = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(dump.DumpFailed, match="apt-get install -y postgresql-client"):
        dump.dump(away, Path("/nonexistent/copy"))
