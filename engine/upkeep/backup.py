"""Back up and restore an installation: database and archive of originals in one tar file, each with its SHA-256.

The database is copied first, in one moment; an original is in the archive before the row that names it is committed, so
every original that the copy names is in the file. Secrets of the server (the session key, the seal's PKCS#12) are not:
they are kept apart. Called by ``cartulario backup`` and ``cartulario restore``.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from engine.archive import Archive
from engine.errors import CartularioError
from engine.storage import dump, migrate
from engine.storage.unit_of_work import Database

FORMAT = "cartulario-backup-1"
MANIFEST = "manifest.json"
DATABASE = "database"
ARCHIVE = "archive"


class DamagedBackup(CartularioError):
    status = 422
    code = "damaged_backup"


@dataclass(frozen=True, slots=True)
class BackupReport:
    kind: str  # sqlite | postgresql
    revision: str
    originals: int
    bytes: int


def back_up(database: Database, archive: Archive, target: Path, at: datetime) -> BackupReport:
    """Write ``target``, whole or not at all. Raises DumpFailed, or FileExistsError: a backup is never written over."""
    partial = target.with_name(f".{target.name}.partial")
    if target.exists():
        raise DamagedBackup(f"{target} ya existe; elija otro nombre.")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            copy = Path(folder) / DATABASE
            dump.dump(database, copy)
            report = _write(partial, copy, archive, _kind(database), at)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return report


def restore(source: Path, database: Database, archive: Archive) -> BackupReport:
    """Fill an empty database and an empty archive. Everything is checked before anything is touched.

    Raises DamagedBackup, or DumpFailed when the database is not empty."""
    archive.root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.root.parent) as folder:
        unpacked = Path(folder)
        manifest = _unpack(source, unpacked)
        if manifest["kind"] != _kind(database):
            raise DamagedBackup(f"La copia es de {manifest['kind']} y el destino es {_kind(database)}.")
        dump.load(unpacked / DATABASE, database)
        originals = [file for file in (unpacked / ARCHIVE).rglob("*") if file.is_file()]
        for file in originals:
            archive.put(file.read_bytes())
        return BackupReport(manifest["kind"], manifest["revision"], len(originals), source.stat().st_size)


def _kind(database: Database) -> str:
    return database.url.get_backend_name()


def _write(partial: Path, copy: Path, archive: Archive, kind: str, at: datetime) -> BackupReport:
    entries: list[dict[str, Any]] = []
    with partial.open("wb") as out:
        with tarfile.open(fileobj=out, mode="w") as tar:
            for name, file in [(DATABASE, copy), *_originals(archive)]:
                entries.append({"name": name, "size": file.stat().st_size, "sha256": _sha256(file)})
                tar.add(file, arcname=name, recursive=False)
            manifest = {
                "format": FORMAT,
                "kind": kind,
                "revision": migrate.head(),
                "at": at.isoformat(),
                "files": entries,
            }
            _add(tar, MANIFEST, json.dumps(manifest, indent=1).encode(), at)
        out.flush()
        os.fsync(out.fileno())
    return BackupReport(kind, migrate.head(), len(entries) - 1, partial.stat().st_size)


def _originals(archive: Archive) -> Iterator[tuple[str, Path]]:
    for file in sorted(archive.root.glob("??/??/*")):
        yield f"{ARCHIVE}/{file.relative_to(archive.root).as_posix()}", file


def _add(tar: tarfile.TarFile, name: str, data: bytes, at: datetime) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(data), int(at.timestamp()), 0o444
    tar.addfile(info, io.BytesIO(data))


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack every file of the backup into ``folder``, each compared with the manifest."""
    found: dict[str, tuple[int, str]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None or not _is_ours(member.name):
                    raise DamagedBackup(f"La copia contiene algo que no es suyo: {member.name}")
                if member.name == MANIFEST:
                    manifest = json.load(content)
                else:
                    found[member.name] = _unpack_one(content, folder / member.name)
    except (tarfile.TarError, OSError, ValueError) as error:
        raise DamagedBackup(f"La copia no se puede leer: {error}") from error
    if manifest is None or manifest.get("format") != FORMAT:
        raise DamagedBackup("El archivo no es una copia de Cartulario, o está incompleto.")
    stated = {entry["name"]: (entry["size"], entry["sha256"]) for entry in manifest["files"]}
    if stated != found:
        wrong = sorted(name for name in stated.keys() | found.keys() if stated.get(name) != found.get(name))
        raise DamagedBackup(f"La copia está dañada: {', '.join(wrong[:5])} no es lo que se guardó.")
    return manifest


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    return name in (MANIFEST, DATABASE) or (
        path.parts[0] == ARCHIVE and len(path.parts) == 4 and ".." not in path.parts
    )


def _unpack_one(content: IO[bytes], target: Path) -> tuple[int, str]:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while chunk := content.read(1 << 20):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
