"""Publishing and finding versions, on both databases."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from engine import people
from engine.definitions import DefinitionStore, publish
from engine.errors import InvalidBundle, NotAllowed, NotFound
from engine.operations import CATALOGUE
from engine.storage.tables import definition_version
from engine.storage.unit_of_work import Database
from tests.unit.definitions.samples import DIAGRAM, PROCESS, bundle

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def version(title: str):
    return bundle(("proceso.toml", 'titulo = "Título del servicio"', f'titulo = "{title}"'))


def put(database, made, at=AT, **more):
    with database.write() as conn:
        return publish(conn, made, None, at, CATALOGUE, **more)


def person(database, username):
    with database.write() as conn:
        return people.create_person(
            conn, username=username, given_names="Ana", family_names="Güemes", email=f"{username}@une.example", at=AT
        )


def test_a_published_version_is_current_and_comes_back_whole(database):
    identifier = put(database, version("Uno"))
    definition = DefinitionStore(database).current(PROCESS)
    assert (definition.id, definition.number, definition.title) == (identifier, 1, "Uno")
    assert definition.bundle.files == version("Uno").files
    assert definition.start_form is definition.forms["solicitud.json"]
    assert definition.role_of("resolver_solicitud") == "secretaria"
    assert [s.name for s in definition.scenarios] == ["Se responde", "No procede", "Se retira"]


def test_versions_are_numbered_and_the_last_one_retires_the_others(database):
    first, second = put(database, version("Uno")), put(database, version("Dos"), AT + timedelta(days=1))
    store = DefinitionStore(database)
    assert [(v.id, v.number, v.state) for v in store.versions(PROCESS)] == [
        (second, 2, "published"),
        (first, 1, "retired"),
    ]
    assert store.get(first).title == "Uno"  # its cases go on


def test_the_same_content_is_the_same_version(database):
    assert put(database, version("Uno")) == put(database, version("Uno"), AT + timedelta(days=1))
    assert len(DefinitionStore(database).versions(PROCESS)) == 1


def test_an_old_content_published_again_is_current_again_under_its_number(database):
    first = put(database, version("Uno"))
    put(database, version("Dos"))
    assert put(database, version("Uno")) == first
    assert [(v.number, v.state) for v in DefinitionStore(database).versions(PROCESS)] == [
        (2, "retired"),
        (1, "published"),
    ]


def test_a_bundle_with_a_fault_is_not_published(database):
    with pytest.raises(InvalidBundle) as refused:
        put(database, bundle((DIAGRAM, ' default="de_procede_a_avisar_rechazo"', "")))
    assert "procede" in str(refused.value.findings[0])
    with pytest.raises(NotFound):
        DefinitionStore(database).current(PROCESS)


def test_nobody_approves_their_own_version(database):
    author, other = person(database, "ana"), person(database, "rosa")
    with database.write() as conn, pytest.raises(NotAllowed):
        publish(conn, version("Uno"), author, AT, CATALOGUE, approved_by=author)
    with database.write() as conn:
        publish(conn, version("Uno"), author, AT, CATALOGUE, approved_by=other)
    listed = DefinitionStore(database).versions(PROCESS)[0]
    assert (listed.published_by, listed.approved_by) == (author, other)


def test_what_is_not_published_is_not_found(database):
    store = DefinitionStore(database)
    with pytest.raises(NotFound):
        store.current("nadie")
    with pytest.raises(NotFound):
        store.get(uuid4())


def test_a_publication_of_another_server_is_seen_at_once(database, database_url):
    here, elsewhere = DefinitionStore(database), Database(database_url)
    assert here.catalogue() == ()
    put(elsewhere, version("Uno"))
    assert [d.title for d in here.catalogue()] == ["Uno"]
    put(elsewhere, version("Dos"))
    assert [d.title for d in here.catalogue()] == ["Dos"]
    assert here.current(PROCESS).title == "Dos"
    elsewhere.close()


def test_a_version_is_parsed_once_and_shared(database):
    put(database, version("Uno"))
    store = DefinitionStore(database)
    assert store.current(PROCESS) is store.current(PROCESS)
    assert store.catalogue() is store.catalogue()


def test_inside_a_transaction_the_current_version_is_the_one_that_it_sees(database):
    put(database, version("Uno"))
    store = DefinitionStore(database)
    with database.write() as conn:
        assert store.current(PROCESS, conn).title == "Uno"


def test_publications_at_the_same_time_get_different_numbers(database):
    bundles = [version(f"Versión {n}") for n in range(6)]
    threads = [threading.Thread(target=put, args=(database, made)) for made in bundles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as conn:
        rows = conn.execute(sa.select(definition_version.c.number, definition_version.c.state)).all()
    assert sorted(row.number for row in rows) == [1, 2, 3, 4, 5, 6]
    assert [row.state for row in rows].count("published") == 1
