"""An image that somebody brings: is it whole, how large, and in a form that a PDF can hold. Only in the child."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from engine.brought.picture import open_image, png


def look_at_image(data: bytes) -> dict[str, Any]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            adobe, mode, size = "adobe" in image.info, image.mode, image.size
    except Image.DecompressionBombError:
        return {"trouble": "pixels", "pages": 0, "active": [], "texts": []}
    except (OSError, ValueError, SyntaxError):
        return {"trouble": "damaged", "pages": 0, "active": [], "texts": []}
    return {"trouble": None, "pages": 1, "active": [], "texts": [""], "mode": mode, "size": size, "adobe": adobe}


def flat_image(data: bytes) -> bytes:
    """As a PNG of eight bits in three colours, not interlaced: its compressed rows go into a PDF as they are."""
    return png(open_image(data))
