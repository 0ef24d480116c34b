"""An image that somebody brings: is it whole, how large, and in a form that a PDF can hold. Only in the child."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from engine.brought.picture import open_image, png

_ORIENTATION = 0x0112  # Exif
_UPRIGHT = {3: 180, 6: 90, 8: 270}  # degrees clockwise


def look_at_image(data: bytes) -> dict[str, Any]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            return {
                "trouble": None,
                "pages": 1,
                "active": [],
                "texts": [""],
                "mode": image.mode,
                "size": image.size,
                "adobe": "adobe" in image.info,
                "turn": _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1), 0),
            }
    except Image.DecompressionBombError:
        return _refused("pixels")
    except (OSError, ValueError, SyntaxError):
        return _refused("damaged")


def flat_image(data: bytes) -> bytes:
    """As a PNG of eight bits in three colours, not interlaced: its compressed rows go into a PDF as they are."""
    return png(open_image(data))


def _refused(trouble: str) -> dict[str, Any]:
    return {"trouble": trouble, "pages": 0, "active": [], "texts": []}
