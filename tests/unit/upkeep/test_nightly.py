"""The night's work: what is needed most comes first, and no step is left out because another failed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.config import ROOT

ALL = ["backup", "audit seal", "archive clean", "audit verify", "audit replay", "indicators review",
       "indicators recount", "archive check"]  # fmt: skip


@pytest.mark.parametrize(("failing", "ended"), [("nothing", 0), ("audit verify", 1), ("backup", 1)])
def test_each_step_runs_whatever_became_of_the_others(tmp_path: Path, failing: str, ended: int) -> None:
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "nightly.sh", tmp_path / "deploy")
    told, fake = tmp_path / "told", tmp_path / ".venv" / "bin" / "cartulario"
    fake.parent.mkdir(parents=True)
    fake.write_text(f'#!/bin/sh\necho "$*" >> {told}\ncase "$*" in \'{failing}\'*) exit 1;; esac\n', encoding="utf-8")
    fake.chmod(0o755)
    done = subprocess.run([tmp_path / "deploy" / "nightly.sh"], check=False, env={"PATH": os.environ["PATH"]})
    assert done.returncode == ended
    said = told.read_text(encoding="utf-8").splitlines()
    assert len(said) == len(ALL)
    assert all(line.startswith(step) for line, step in zip(said, ALL, strict=True))
