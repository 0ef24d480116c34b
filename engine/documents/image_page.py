"""An image on a page of its own, so that a seal page can follow it. The bytes of a JPEG go in as they came (C-45).

The caller had the image looked at apart; here nothing is decoded. A PNG must be plain: eight bits, three colours, not
interlaced; then its compressed rows are what a PDF wants. The same image gives the same bytes.
"""

from __future__ import annotations

import io
import struct

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from engine.documents.media_type import JPEG

A4 = (595.276, 841.89)  # points
MARGIN = 28.35  # 10 mm
_SPACES = {"L": (Name.DeviceGray, 1), "RGB": (Name.DeviceRGB, 3), "CMYK": (Name.DeviceCMYK, 4)}


def image_page(
    data: bytes, media_type: str, size: tuple[int, int], mode: str = "RGB", *, turn: int = 0, inverted: bool = False
) -> bytes:
    """A PDF of one A4 page. ``turn``: degrees clockwise to set it upright; ``inverted``: Adobe's CMYK.

    Raises ValueError for a mode that a PDF does not know.
    """
    if mode not in _SPACES:
        raise ValueError(mode)
    pdf = pikepdf.new()
    wide = size[0] > size[1]
    across, down = (A4[1], A4[0]) if wide else A4
    image = _jpeg(pdf, data, mode, inverted) if media_type == JPEG else _png(pdf, data)
    image.Width, image.Height = size
    scale = min((across - 2 * MARGIN) / size[0], (down - 2 * MARGIN) / size[1])
    width, height = size[0] * scale, size[1] * scale
    drawn = f"q {width:.3f} 0 0 {height:.3f} {(across - width) / 2:.3f} {(down - height) / 2:.3f} cm /Imagen Do Q"
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, across, down]),
        Rotate=turn,
        Resources=Dictionary(XObject=Dictionary(Imagen=image)),
        Contents=pdf.make_stream(drawn.encode()),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, min_version="1.7")
    return out.getvalue()


def _jpeg(pdf: Pdf, data: bytes, mode: str, inverted: bool) -> pikepdf.Stream:
    image = pdf.make_stream(data)
    image.Type, image.Subtype, image.BitsPerComponent = Name.XObject, Name.Image, 8
    image.ColorSpace, channels = _SPACES[mode]
    image.Filter = Name.DCTDecode
    if inverted:
        image.Decode = Array([1, 0] * channels)
    return image


def _png(pdf: Pdf, data: bytes) -> pikepdf.Stream:
    width, rows = _plain_rows(data)
    image = pdf.make_stream(rows)
    image.Type, image.Subtype, image.BitsPerComponent = Name.XObject, Name.Image, 8
    image.ColorSpace, image.Filter = Name.DeviceRGB, Name.FlateDecode
    image.DecodeParms = Dictionary(Predictor=15, Colors=3, BitsPerComponent=8, Columns=width)
    return image


def _plain_rows(data: bytes) -> tuple[int, bytes]:
    """Width, and the compressed rows. Raises ValueError for a PNG that is not plain."""
    width, _height, bits, colours, _method, _filter, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    if (bits, colours, interlaced) != (8, 2, 0):
        raise ValueError("not a plain PNG")
    rows, at = [], 8
    while at + 8 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            rows.append(data[at + 8 : at + 8 + length])
        at += 12 + length
    return width, b"".join(rows)
