"""Whom we believe as its folder says it now: a revocation list fetched at night counts without starting anything anew.

Asked by ``room.Signing`` at each signature and each check. Every few seconds, at most, the files' names, sizes and
times are looked at, and what changed is read. A folder that cannot be read, because a list is half written or a
certificate is not among its fingerprints, changes nothing: what was known holds, and the log says so.
"""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock

from engine.errors import SignatureRefused
from engine.signing.trust import Trust
from engine.signing.trust_folder import load_trust

LOOK_EVERY = 5.0  # seconds

log = logging.getLogger(__name__)

Stamp = tuple[tuple[str, int, int, int, int], ...]


class TrustNow:
    """Of one process. The first reading raises SignatureRefused with the file that is wrong; a later one does not."""

    def __init__(self, folder: Path, every: float = LOOK_EVERY) -> None:
        self._folder = folder
        self._every = every
        self._lock = Lock()
        self._stamp = stamp_of(folder)
        self._trust = load_trust(folder)
        self._looked = time.monotonic()
        self._told = ""

    def read(self) -> Trust:
        """The same object until something changed, so that what is derived from it is derived once."""
        if time.monotonic() - self._looked >= self._every and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._trust

    def _look(self) -> None:
        try:
            stamp = stamp_of(self._folder)
            if self._stamp and not stamp:  # taken away, or just being replaced: nobody meant to believe no one
                raise SignatureRefused(f"No hay nada en {self._folder} (CARTULARIO_TRUST_DIR).")
            if stamp != self._stamp:
                self._trust, self._stamp = load_trust(self._folder), stamp
                log.info("Se volvió a leer en qué autoridades se confía: %s", self._folder)
            self._told = ""
        except (SignatureRefused, OSError) as error:
            if str(error) != self._told:  # once, not every few seconds
                log.warning("Se sigue confiando en las autoridades que se conocían: %s", error)
            self._told = str(error)
        self._looked = time.monotonic()


def stamp_of(folder: Path) -> Stamp:
    """What tells that a file of it was written, replaced, added or taken away."""
    found = []
    for path in sorted(folder.rglob("*")):
        with suppress(FileNotFoundError):  # gone since the folder was read: the next look sees that
            about = path.stat()
            found.append((str(path), about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino))
    return tuple(found)
