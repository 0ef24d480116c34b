"""Word and Excel files changed part by part, as somebody who means harm does."""

from __future__ import annotations

import io
import zipfile


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same package with one part put or replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for part in source.namelist():
            if part != name:
                made.writestr(part, source.read(part))
        made.writestr(name, content)
    return target.getvalue()
