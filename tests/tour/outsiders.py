"""A PDF as programs that are not ours see it: pdfsig (Poppler) its signatures, qpdf its structure."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any


def look(file: Path) -> dict[str, Any]:
    """``ok``: qpdf finds nothing wrong and each signature is valid."""
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
    said = subprocess.run(["pdfsig", file], capture_output=True, text=True, check=False).stdout
    found = [_signature(part) for part in re.split(r"^Signature #", said, flags=re.MULTILINE)[1:]]
    valid = all(one["stamp"] or one.get("Signature Validation") == "Signature is Valid." for one in found)
    return {"pdfsig": found, "qpdf": checked.returncode, "ok": checked.returncode == 0 and valid}


def _signature(part: str) -> dict[str, Any]:
    """``stamp``: of the time alone (ETSI.RFC3161), which pdfsig shows and does not verify."""
    pairs = (line.strip(" -").partition(": ") for line in part.splitlines()[1:])
    wanted = ("Signer Certificate Common Name", "Signature Type", "Signing Hash Algorithm", "Signature Validation")
    found: dict[str, Any] = {name: value.strip() for name, _, value in pairs if name in wanted}
    return found | {"stamp": found.get("Signature Type") in ("unknown", "ETSI.RFC3161")}
