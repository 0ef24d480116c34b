"""WeasyPrint's only home. Imported by ``render`` when the first document is made, since it loads Pango.

Keeps what is worth reusing: the fonts, and per bundle the parsed sheets and drawn images. One document at a time: the
layout engine is not made for threads, and holds Python's lock anyway.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from engine.documents.errors import TemplateFailed
from engine.documents.faces import SCHEME, font_face_rules, with_ranges
from engine.documents.pdfa import FIELD, GAP, STAMP_HEIGHT, STAMP_WIDTH, SignatureBox
from engine.documents.templates import bundle_name
from engine.heap import settle

BASE = "https://legajo.invalid/"  # never opened: a base that relative URLs resolve against
PT = 0.75  # CSS pixels to points
KEPT_BUNDLES = 8
_MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".css": "text/css"}

logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


class Fonts(URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        file = self.folder / url.removeprefix(f"{SCHEME}///")
        if not file.is_file():
            raise FatalURLFetchingError(f"Falta la letra {file}: ejecute «npm ci --ignore-scripts» en web/assets.")
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": "font/woff2"})


class BundleFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types
    """Resolves the bundle's own files and drawn QR codes; everything else ends the rendering."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__()
        self.files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith("data:image/png;base64,"):
            return super().fetch(url, headers)
        name = url.removeprefix(BASE)
        data = self.files.get(bundle_name(name)) if url.startswith(BASE) else None
        if data is None:
            raise FatalURLFetchingError(f"un documento no puede abrir «{url[:200]}»: solo archivos del proceso")
        media_type = _MEDIA_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
        return URLFetcherResponse(url, data, {"Content-Type": media_type})


class _Kit:
    """One bundle's parsed sheets and images."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.fetcher = BundleFiles(files)
        self.files = files
        self.sheets: dict[str, CSS] = {}
        self.images: dict[str, Any] = {}

    def sheet(self, href: str) -> CSS:
        if href not in self.sheets:
            data = self.files.get(bundle_name(href))
            if data is None:
                raise TemplateFailed(f"Falta la hoja de estilo «{href}» en el proceso.", sheet=href)
            said = with_ranges(data.decode("utf-8"))
            self.sheets[href] = CSS(string=said, base_url=BASE + href, url_fetcher=self.fetcher)
        return self.sheets[href]

    def forget_drawn(self) -> None:
        """A QR is another image in every document: kept, they would pile up."""
        for url in [url for url in self.images if not url.startswith(BASE)]:
            del self.images[url]


class Composer:
    def __init__(self, fonts: Path) -> None:
        self._fonts = FontConfiguration()
        self._faces = CSS(string=font_face_rules(), font_config=self._fonts, url_fetcher=Fonts(fonts))
        self._kits: OrderedDict[str, _Kit] = OrderedDict()
        self._lock = Lock()
        settle()

    def compose(
        self, html: str, files: Mapping[str, bytes], bundle_hash: str, identifier: bytes, variant: str | None
    ) -> tuple[bytes, dict[str, SignatureBox], int]:
        """The PDF of that variant, where each gap for a signature or a form's field lies, and how many pages it has."""
        with self._lock:
            kit = self._kit(files, bundle_hash)
            try:
                return self._compose(html, kit, identifier, variant)
            except FatalURLFetchingError as error:
                raise TemplateFailed(f"La plantilla pide un archivo que no está: {error}") from error
            finally:
                kit.forget_drawn()

    def _compose(
        self, html: str, kit: _Kit, identifier: bytes, variant: str | None
    ) -> tuple[bytes, dict[str, SignatureBox], int]:
        source = HTML(string=html, base_url=BASE, url_fetcher=kit.fetcher)
        _name_ranges(source.etree_element)
        sheets = [self._faces, *(kit.sheet(href) for href in _take_sheets(source.etree_element))]
        document = source.render(font_config=self._fonts, stylesheets=sheets, cache=kit.images, pdf_variant=variant)
        boxes = {
            name: _place(name, number, page.height, corners)
            for number, page in enumerate(document.pages)
            for name, corners in page.anchors.items()
            if name.startswith((GAP, FIELD))
        }
        pdf = document.write_pdf(pdf_variant=variant, pdf_identifier=identifier)
        return pdf, boxes, len(document.pages)

    def _kit(self, files: Mapping[str, bytes], bundle_hash: str) -> _Kit:
        kit = self._kits.setdefault(bundle_hash, _Kit(files))
        self._kits.move_to_end(bundle_hash)
        while len(self._kits) > KEPT_BUNDLES:
            self._kits.popitem(last=False)
        return kit


def _place(name: str, page: int, height: float, corners: tuple[float, float, float, float]) -> SignatureBox:
    """A gap has the size of a stamp, a field that of its element."""
    left, top, right, bottom = corners[0] * PT, (height - corners[1]) * PT, corners[2] * PT, (height - corners[3]) * PT
    if name.startswith(GAP):
        return SignatureBox(page, left, top - STAMP_HEIGHT, left + STAMP_WIDTH, top)
    return SignatureBox(page, left, bottom, right, top)


def _name_ranges(root: Any) -> None:
    """What the page itself says of letters, as ``_Kit.sheet`` reads the sheets."""
    for element in root.iter():
        if element.tag == "style":
            element.text = with_ranges(element.text or "")
        elif said := element.get("style"):
            element.set("style", with_ranges(said))


def _take_sheets(root: Any) -> list[str]:
    """Take the <link rel=stylesheet> elements out: their sheets are parsed once per bundle, not per document."""
    hrefs = []
    for parent in list(root.iter()):
        for link in [child for child in parent if child.tag == "link" and child.get("rel") == "stylesheet"]:
            hrefs.append(link.get("href", ""))
            parent.remove(link)
    return hrefs
