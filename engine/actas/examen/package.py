"""Open a Word or Excel file that somebody sent, part by part, with nothing believed of it. Called by the readers.

Such a file is a ZIP of XML. Every part is measured while it is unpacked, XML has neither declarations nor entities,
relations that leave the file are never followed, and one with a macro, a password or an older format is refused with
what to send instead. Nothing is written and nothing is run.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from typing import Any

from lxml import etree

LARGEST = 10 * 1024 * 1024  # bytes of the file
MAX_PARTS = 500
MAX_PART = 12 * 1024 * 1024  # bytes of one part, unpacked
MAX_UNPACKED = 40 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1
_MACROS = (b"macroenabled", b"vbaproject", b"vbadata")
# what ``zipfile`` raises on one that is damaged, packed by a method it lacks, encrypted, cut short or lies about itself
_NO_ZIP = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, struct.error, zlib.error)
_TYPES = "[Content_Types].xml"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Unopened(Exception):
    """``cause`` for a program (macros, encrypted, old, too_large, damaged); ``args[0]``: what happened and the mend."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause = cause


class Package:
    """An open file. ``extension``: how a mend names it, «.docx»."""

    def __init__(self, data: bytes, extension: str) -> None:
        self.extension = extension
        if len(data) > LARGEST:
            raise Unopened("too_large", f"El archivo pasa de {LARGEST // 1024 // 1024} MB: quítele lo que no sea suyo.")
        if data.startswith(_OLE):
            raise Unopened(
                "encrypted",
                f"El archivo tiene contraseña o es de un formato viejo: guárdelo como {extension}, sin contraseña.",
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _NO_ZIP as error:
            raise self._damaged() from error
        self._left = MAX_UNPACKED
        self._check_parts()

    def has(self, name: str) -> bool:
        return name in self._names

    def names(self) -> list[str]:
        return sorted(self._names)

    def xml(self, name: str) -> Any:
        """The root of a part. Raises Unopened."""
        data = self._read(name)
        if any(
            mark.encode(code) in data
            for mark in ("<!DOCTYPE", "<!ENTITY")
            for code in ("utf-8", "utf-16-le", "utf-16-be")
        ):
            raise Unopened(
                "damaged", f"El archivo lleva declaraciones que un {self.extension} no tiene: hágalo de nuevo."
            )
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged() from error

    def related(self, part: str) -> dict[str, str]:
        """Id of a relation → the part of this file that it names; what points outside is left out."""
        folder, base = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(rels):
            return {}
        found = {}
        for one in self.xml(rels).iter(_RELATION):
            target = one.get("Target", "")
            inside = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            if one.get("TargetMode") != "External" and self.has(inside):
                found[one.get("Id", "")] = inside
        return found

    def _check_parts(self) -> None:
        parts = self._zip.infolist()
        self._names = {part.filename for part in parts}
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise Unopened("too_large", "El archivo se agranda demasiado al abrirlo: hágalo de nuevo, sin imágenes.")
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise Unopened("encrypted", f"El archivo tiene contraseña: guárdelo como {self.extension}, sin ella.")
        if len(self._names) < len(parts) or _TYPES not in self._names:
            raise self._damaged()
        told = self._read(_TYPES).lower() + "\n".join(self._names).lower().encode()
        if any(mark in told for mark in _MACROS):
            raise Unopened(
                "macros", f"El archivo lleva macros y no se abrió: guárdelo como {self.extension}, sin ellas."
            )

    def _read(self, name: str) -> bytes:
        """As many bytes as there really are, not as many as the file says. Raises Unopened."""
        try:
            with self._zip.open(name) as part:
                data = part.read(min(MAX_PART, self._left) + 1)
        except KeyError as error:
            raise self._damaged() from error
        except _NO_ZIP as error:
            raise self._damaged() from error
        if len(data) > min(MAX_PART, self._left):
            raise Unopened("too_large", "El archivo se agranda demasiado al abrirlo: hágalo de nuevo, sin imágenes.")
        self._left -= len(data)
        return data

    def _damaged(self) -> Unopened:
        return Unopened(
            "damaged", f"El archivo está dañado o no es un {self.extension}: ábralo, guárdelo otra vez y envíelo."
        )
