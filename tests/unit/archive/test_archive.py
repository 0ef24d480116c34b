"""The archive of originals keeps bytes once, whole, and for ever."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from engine.archive import Archive
from engine.errors import NotFound, Unavailable

DATA = b"acta original"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.mark.req("R-51")
def test_an_original_is_addressed_by_its_content_and_read_back(archive: Archive) -> None:
    sha256 = archive.put(DATA)
    assert sha256 == hashlib.sha256(DATA).hexdigest()
    assert archive.get(sha256) == DATA


@pytest.mark.req("R-53")
def test_an_original_is_read_only_and_kept_once(archive: Archive) -> None:
    first = archive.path(archive.put(DATA))
    before = first.stat()
    assert stat.S_IMODE(before.st_mode) == 0o444
    assert archive.put(DATA) == first.name
    assert first.stat().st_ino == before.st_ino
    assert [p for p in archive.root.rglob("*") if p.is_file()] == [first]


def test_many_storing_the_same_content_at_once_keep_one(archive: Archive) -> None:
    with ThreadPoolExecutor(8) as pool:
        sums = set(pool.map(lambda _: archive.put(DATA * 1000), range(32)))
    assert len(sums) == 1
    assert len([p for p in archive.root.rglob("*") if p.is_file()]) == 1


def test_the_file_and_every_new_folder_are_on_the_disk_before_put_returns(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(os.fstat(fd).st_ino), real(fd))[1])
    original = archive.path(archive.put(DATA))
    wanted = {original.stat().st_ino, *(folder.stat().st_ino for folder in list(original.parents)[:4])}
    assert wanted <= set(synced)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    archive.put(b"otro")
    real = os.write

    def full(descriptor: int, data: Any) -> int:
        if len(data) > 6:
            return real(descriptor, data[:6])
        raise OSError(code, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(Unavailable, match="no tiene espacio") as failure:
        archive.put(DATA)
    assert failure.value.details["cause"] == "disk_full"
    assert not archive.path(hashlib.sha256(DATA).hexdigest()).exists()
    assert list((archive.root / "tmp").iterdir()) == []


def test_an_archive_that_cannot_be_written_is_unavailable(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(Unavailable, match="no responde"):
        archive.put(DATA)
    assert list((archive.root / "tmp").iterdir()) == []


def test_a_damaged_original_is_never_handed_out_and_can_be_put_back(archive: Archive) -> None:
    sha256 = archive.put(DATA)
    path = archive.path(sha256)
    path.chmod(0o644)
    path.write_bytes(b"corto")
    with pytest.raises(Unavailable, match="dañado"):
        archive.get(sha256)
    archive.put(DATA)
    assert archive.get(sha256) == DATA


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "ABC", ""])
def test_what_is_not_there_or_is_no_sum_is_not_found(archive: Archive, name: str) -> None:
    with pytest.raises(NotFound):
        archive.get(name)


def test_what_a_crash_left_is_swept_when_old(archive: Archive) -> None:
    archive.put(DATA)
    left = archive.root / "tmp" / "half"
    left.write_bytes(b"x")
    assert archive.sweep() == 0
    os.utime(left, (0, 0))
    assert archive.sweep() == 1
    assert not left.exists()
