"""Look at files that strangers bring in a process of its own, with hard limits of memory, time, pages and points.

Called by ``files``. ``python -I -m engine.brought.child`` reads one request from its standard input and writes one
answer. A hostile file may make any parser spin or swell: only this child ends. It knows nothing of ours, writes no file
and runs no script: PDFium is asked for pictures and text alone.
"""

from __future__ import annotations

import base64
import json
import resource
import sys
from collections.abc import Callable
from typing import Any

from engine.brought.compare import compare
from engine.brought.image import flat_image, look_at_image
from engine.brought.limits import MEMORY, PDF, SECONDS
from engine.brought.pdf import look_at_pdf, rebuilt_pdf
from engine.brought.picture import picture


def look(request: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
    return look_at_pdf(files[0]) if request["types"][0] == PDF else look_at_image(files[0])


def draw(request: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
    return {"png": _text(picture(files[0], request["types"][0], request["page"], request["width"]))}


def differ(request: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
    made = compare((files[0], request["types"][0]), (files[1], request["types"][1]), request["page"], request["width"])
    return {**made, "png": _text(made["png"])}


def flatten(request: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
    return {"png": _text(flat_image(files[0]))}


def rebuild(request: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
    return {"pdf": _text(rebuilt_pdf(files[0]))}


TASKS: dict[str, Callable[[dict[str, Any], list[bytes]], dict[str, Any]]] = {
    "look": look,
    "draw": draw,
    "differ": differ,
    "flatten": flatten,
    "rebuild": rebuild,
}


def main() -> None:
    request = json.loads(sys.stdin.buffer.read())
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    answer = TASKS[request["task"]](request, [base64.b64decode(file) for file in request["files"]])
    sys.stdout.write(json.dumps(answer))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    main()
