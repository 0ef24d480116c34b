"""A file tells one thing: 300 lines at most (migrations are records, not code)."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300


def test_no_file_of_code_is_longer_than_300_lines():
    long = {
        str(path.relative_to(ROOT)): lines
        for package in ("engine", "web")
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST
    }
    assert long == {}
