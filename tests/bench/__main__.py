"""``./run bench [NAME] [--quick] [--json FILE]``: each figure as a ratio against its limit in the same run. Exit code 1
when a goal is missed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("engine", "engine_flat", "http", "inbox", "documents", "jobs", "memory", "batch", "indicators", "actas")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=NAMES)
    parser.add_argument("--json", type=Path, dest="file")
    parser.add_argument("--quick", action="store_true", help="fewer of each, where a benchmark counts them (actas)")
    arguments = parser.parse_args()
    results: dict[str, Any] = {}
    for name in [arguments.name] if arguments.name else NAMES:
        for key, result in _results(name, quick=arguments.quick):
            results[key] = result
            print(_line(key, result), flush=True)
    if arguments.file:
        arguments.file.write_text(json.dumps(results, indent=1), encoding="utf-8")
    return 0 if all(result["met"] for result in results.values()) else 1


def _results(name: str, *, quick: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Of one benchmark, each as soon as it is known: one in parts may take half an hour."""
    module = importlib.import_module(f"tests.bench.{name}")
    if not hasattr(module, "PARTS"):
        yield from module.run().items()
        return
    for part in module.PARTS:
        yield from part.run(quick=quick).items()


def _line(key: str, result: dict[str, Any]) -> str:
    figures = [
        f"{name} {result[name]:.4g}" for name in ("value", "against", "ratio", "goal") if result.get(name) is not None
    ]
    return f"{key:20} {'met   ' if result['met'] else 'MISSED'} {'  '.join(figures)} {result.get('unit', '')}"


if __name__ == "__main__":
    sys.exit(main())
