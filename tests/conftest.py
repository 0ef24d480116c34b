"""Fixtures of the whole suite. A test that asks for ``database`` or ``database_url`` runs on SQLite and on PostgreSQL.

A database is copied from a template that holds the schema, so that each test has its own, in some milliseconds.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from engine.storage import migrate
from engine.storage.unit_of_work import Database
from tests.support import postgres
from tests.support.kept_work import keep_work

RUN_DIRECTORY = "CARTULARIO_TEST_DIRECTORY"
TEMPLATE = "cartulario_template"
AMPLE = 4 << 30  # bytes
_numbers = count(1)

pytest_plugins = ["tests.support.browser"]


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the process that started the run, not an xdist worker
        directory = Path(tempfile.mkdtemp(prefix="cartulario-test-", dir=_swiftest()))
        directory.chmod(0o755)  # PostgreSQL may have to run as another user
        os.environ[RUN_DIRECTORY] = str(directory)
        if config.option.basetemp is None:
            config.option.basetemp = directory / "files"  # of each test; those of one that passed go at once


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        directory = run_directory()
        if (directory / "template.ready").exists() and (given := os.environ.get("TEST_DATABASE_URL")):
            postgres.drop_database(given, _template_name())  # on a server of somebody else's, nothing stays
        postgres.stop(directory / "postgresql")
        shutil.rmtree(directory, ignore_errors=True)


def _swiftest() -> str:
    """Memory, where it is offered and ample: every test makes a database of PostgreSQL, some hundred small files."""
    try:
        return "/dev/shm" if shutil.disk_usage("/dev/shm").free > AMPLE and os.access("/dev/shm", os.W_OK) else "/tmp"
    except OSError:
        return "/tmp"


def run_directory() -> Path:
    return Path(os.environ[RUN_DIRECTORY])


@pytest.fixture(scope="session", autouse=True)
def _kept_work() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        keep_work(patch)
        yield


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """The URL of a running server on which the tests may create databases."""
    return postgres.server_url(run_directory())


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of the database that others are copied from."""
    name = _template_name()
    with postgres.locked(run_directory() / "template.lock"):
        ready = run_directory() / "template.ready"
        if not ready.exists():
            _fill(postgres.create_database(postgresql_server, name))
            ready.touch()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.db"
    _fill(f"sqlite:///{file}")
    return file


def _template_name() -> str:
    return f"{TEMPLATE}_{run_directory().name[-8:]}".lower()


def _fill(url: str) -> None:
    database = Database(url)
    migrate.create_schema(database)
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite database of this test alone, with the schema."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'cartulario.db')}"


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """A PostgreSQL database of this test alone, with the schema."""
    name = _database_name()
    yield postgres.create_database(postgresql_server, name, template=postgresql_template)
    postgres.drop_database(postgresql_server, name)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database of this test alone, with the schema, on each of the two."""
    return str(request.getfixturevalue(f"{backend}_url"))


@pytest.fixture
def empty_database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """As ``database_url``, but without any table."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server, name = str(request.getfixturevalue("postgresql_server")), _database_name()
    yield postgres.create_database(server, name)
    postgres.drop_database(server, name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def _database_name() -> str:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return f"cartulario_{run_directory().name[-8:]}_{worker}_{next(_numbers)}".lower()
