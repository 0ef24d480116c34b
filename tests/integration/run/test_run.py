"""``./run`` on machines that lack something, and on one that lacks nothing."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
VERBS = ("demo", "test", "tour", "check", "bench", "trace", "cartulario")
PLAIN = (
    "sh",
    "cat",
    "cksum",
    "id",
    "grep",
    "sed",
    "find",
    "sort",
    "mkdir",
    "dirname",
    "tail",
    "head",
    "env",
    "rm",
    "flock",
)


def run(*arguments, script=ROOT / "run", **options):
    return subprocess.run(
        ["sh", script, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, **options
    )


@pytest.fixture
def bare(tmp_path):
    """A copy of ``run`` alone, and a machine with python3 and the plain tools but neither venv nor apt."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in PLAIN:
        (tools / name).symlink_to(shutil.which(name))
    python = tools / "python3"
    python.write_text(f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    shutil.copy(ROOT / "run", tmp_path / "run")

    def bare_run(*arguments):
        return run(*arguments, script=tmp_path / "run", env={"PATH": str(tools), "HOME": str(tmp_path)})

    return bare_run


def test_it_is_plain_posix_shell():
    dash = shutil.which("dash") or "sh"
    assert subprocess.run([dash, "-n", ROOT / "run"], check=False).returncode == 0


def test_without_a_verb_it_lists_every_verb_and_fails():
    done = run()
    assert done.returncode == 2
    for verb in VERBS:
        assert f"./run {verb}" in done.stderr


def test_an_unknown_verb_is_refused_before_anything_is_set_up(bare):
    assert bare("embargar").returncode == 2


def test_a_machine_without_venv_is_told_the_exact_command(bare):
    done = bare("trace")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert done.returncode == 1
    assert f"Type: sudo apt-get update && sudo apt-get install -y {version}-venv" in done.stderr


def test_a_machine_without_a_recent_python_is_told_so(tmp_path):
    shutil.copy(ROOT / "run", tmp_path / "run")
    for name in PLAIN:
        (tmp_path / name).symlink_to(shutil.which(name))
    done = run("trace", script=tmp_path / "run", env={"PATH": str(tmp_path)})
    assert done.returncode == 1
    assert "Python 3.11 or later is needed" in done.stderr


def test_a_second_start_takes_under_three_seconds():
    assert run("cartulario", "--version").returncode == 0  # the first may have something to set up
    elapsed = []
    for _ in range(3):
        begun = time.monotonic()
        run("cartulario", "--version")
        elapsed.append(time.monotonic() - begun)
    assert min(elapsed) < 3


def test_it_can_be_called_from_another_folder(tmp_path):
    done = run("cartulario", "--version", cwd=tmp_path, env=os.environ)
    assert done.returncode == 0
    assert "cartulario, version" in done.stdout


def test_continuous_integration_runs_the_suite():
    script = (ROOT / ".ci" / "run").read_text()
    assert "./run test" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert os.access(ROOT / "run", os.X_OK)
