"""A folder of originals, each under the SHA-256 of its bytes.

``put`` returns only when the bytes, the name and every new folder are on the disk: a temporary file is written, made
read-only, fsynced and renamed into place, and its folder is fsynced. An original is never written twice or changed, and
none that a record names is deleted (R-51, R-53); ``discard`` is for what somebody sent and never filed
(docs/decisions/0018). A crash leaves at most a file in ``tmp/``, which ``sweep`` removes.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import time
from pathlib import Path
from uuid import uuid4

from engine.errors import NotFound, Unavailable

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
READ_ONLY = 0o444


class Archive:
    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where an original lies, whether or not it is there."""
        if not _SHA256.match(sha256):
            raise NotFound()
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def put(self, data: bytes) -> str:
        """Keep these bytes; answer their SHA-256. Repeated, or by several at once, it keeps one copy; a damaged copy is
        replaced, so that whoever brings an original back need only send it again.

        Raises Unavailable when the disk is full or refuses: nothing half written remains.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(sha256)
        try:
            if _is_kept(target, data):
                _sync_folder(target.parent)  # whoever wrote it may not have come so far
                return sha256
            _make_folder(target.parent)
            self._write(target, data)
        except OSError as error:
            raise _unavailable(error) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes, checked against their name. Raises NotFound, or Unavailable if the copy is damaged."""
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound("El archivo no conserva este original.", sha256=sha256) from None
        except OSError as error:
            raise _unavailable(error) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Unavailable(
                "El original archivado está dañado. Avise a la administración del sistema.", sha256=sha256
            )
        return data

    def discard(self, sha256: str, *, untouched_for: float = 86_400) -> bool:
        """Let go of bytes that no record names. False: they were put again within ``untouched_for`` seconds, so that a
        record may be about to name them, and they stay. Done twice, it is done."""
        target, aside = self.path(sha256), self.root / "tmp" / uuid4().hex
        _make_folder(aside.parent)
        try:
            os.replace(target, aside)  # whoever puts it from here on writes it anew
        except FileNotFoundError:
            return True
        if time.time() - aside.stat().st_mtime < untouched_for:
            os.replace(aside, target)
            return False
        aside.unlink()
        _sync_folder(target.parent)
        return True

    def sweep(self, older_than: float = 86_400) -> int:
        """Remove what crashes left in ``tmp/`` longer ago than ``older_than`` seconds; answer how many files."""
        removed = 0
        for left in (self.root / "tmp").glob("*"):
            if time.time() - left.stat().st_mtime > older_than:
                left.unlink(missing_ok=True)
                removed += 1
        return removed

    def _write(self, target: Path, data: bytes) -> None:
        folder = self.root / "tmp"
        _make_folder(folder)
        temporary = folder / uuid4().hex
        try:
            with open(temporary, "xb", buffering=0) as file:
                _write_all(file.fileno(), data)
                os.fchmod(file.fileno(), READ_ONLY)
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)


def _is_kept(target: Path, data: bytes) -> bool:
    """It is there whole. Its time says that it was put now: ``discard`` lets it be."""
    try:
        if target.stat().st_size != len(data):
            return False
        os.utime(target)
        return target.read_bytes() == data
    except FileNotFoundError:
        return False


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _make_folder(folder: Path) -> None:
    """Create the folder and its missing parents, each made durable in the one above it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unavailable(error: OSError) -> Unavailable:
    if error.errno in _FULL:
        return Unavailable(
            "El archivo de originales no tiene espacio. Nada se guardó a medias: avise a la administración del sistema "
            "y vuelva a intentarlo cuando haya lugar.",
            cause="disk_full",
        )
    return Unavailable(
        "El archivo de originales no responde. Nada se guardó a medias: vuelva a intentarlo en unos segundos.",
        cause=errno.errorcode.get(error.errno or 0, "unknown"),
    )
