"""``./run bench [NAME] [--quick] [--json FILE]``: each figure as a ratio against its limit in the same run. Exit code 1
when a goal is missed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

NAMES = ("engine", "engine_flat", "http", "inbox", "documents", "jobs", "memory", "batch", "indicators", "actas")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=NAMES)
    parser.add_argument("--json", type=Path, dest="file")
    parser.add_argument("--quick", action="store_true", help="fewer of each, where a benchmark counts them (actas)")
    arguments = parser.parse_args()
    if arguments.quick:
        os.environ["BENCH_QUICK"] = "1"
    results: dict[str, Any] = {}
    for name in [arguments.name] if arguments.name else NAMES:
        for key, result in importlib.import_module(f"tests.bench.{name}").run().items():
            results[key] = result
            print(_line(key, result), flush=True)
    if arguments.file:
        arguments.file.write_text(json.dumps(results, indent=1), encoding="utf-8")
    return 0 if all(result["met"] for result in results.values()) else 1


def _line(key: str, result: dict[str, Any]) -> str:
    figures = [
        f"{name} {result[name]:.4g}" for name in ("value", "against", "ratio", "goal") if result.get(name) is not None
    ]
    return f"{key:20} {'met   ' if result['met'] else 'MISSED'} {'  '.join(figures)} {result.get('unit', '')}"


if __name__ == "__main__":
    sys.exit(main())
