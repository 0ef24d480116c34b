"""A page of what somebody brings, as a picture no larger than we say. Runs in the child only."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image, ImageOps

from engine.brought.limits import MAX_DOTS, MAX_IMAGE_DOTS, PDF

Image.MAX_IMAGE_PIXELS = MAX_IMAGE_DOTS


def picture(data: bytes, media_type: str, page: int, width: int) -> bytes:
    """``page`` from 0. Raises IndexError when there is no such page."""
    return png(draw_page(data, media_type, page, width))


def draw_page(data: bytes, media_type: str, page: int, width: int) -> Image.Image:
    if media_type != PDF:
        if page:
            raise IndexError(page)
        return _fitted(open_image(data), width)
    with pypdfium2.PdfDocument(data) as document:
        if not 0 <= page < len(document):
            raise IndexError(page)
        document.init_forms()  # draws fields and stamps; this build of PDFium runs no script
        drawn = document[page]
        across, down = drawn.get_size()
        scale = min(width / across, (MAX_DOTS / (across * down)) ** 0.5)
        made: Image.Image = drawn.render(scale=scale).to_pil()
        return made.convert("RGB")


def open_image(data: bytes) -> Image.Image:
    """Upright, on white paper."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("RGB")
    return image.convert("RGB")


def _fitted(image: Image.Image, width: int) -> Image.Image:
    height = round(image.height * width / image.width)
    scale = min(1.0, (MAX_DOTS / max(width * height, 1)) ** 0.5)
    return image.resize((max(1, int(width * scale)), max(1, int(height * scale))), Image.Resampling.LANCZOS)


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()
