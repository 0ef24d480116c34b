"""A bundle: everything one process is made of, with one content hash (rule 7: a case keeps it whole).

The diagram, its tables, ``proceso.toml`` and ``escenarios.toml`` come from ``bpmn/<process>/``, and what the diagram
calls and the folder has not from ``bpmn/_comunes/`` as ``_comunes/<name>``; forms, templates and mails from
``forms/<process>/``, or from ``forms/_comunes/`` when the process names one that it has not, as ``forms/<name>``; the
letterhead and styles from ``forms/_base/`` as ``_base/<name>``. Built from folders by the command line and the demo,
from a stored zip by ``DefinitionStore``; so names and sizes are checked here, whatever the source. Raises
``InvalidBundle``.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.definitions.finding import Finding
from engine.definitions.folders import is_shared, read_folders
from engine.definitions.manifest import Manifest, parse_manifest
from engine.errors import InvalidBundle

MAX_FILE = 1024 * 1024
MAX_BUNDLE = 5 * 1024 * 1024
MAX_FILES = 200

PROCESS_NAME = re.compile(r"[a-z][a-z0-9_]{1,79}")
_FILE_NAME = re.compile(r"(?:forms/|_base/|_comunes/)?[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+")
_ROOT_FILES = (".bpmn", ".dmn", ".toml")
_SHARED_FILES = (".bpmn", ".dmn")
# what ``zipfile`` raises: damaged, packed by a method it lacks, encrypted, cut short
_NO_ZIP = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError)
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bundle:
    process: str
    files: Mapping[str, bytes]

    def __post_init__(self) -> None:
        findings = list(_shape(self.process, self.files))
        if findings:
            raise InvalidBundle(findings)

    @classmethod
    def read(cls, bpmn_dir: Path, forms_dir: Path, process: str) -> Bundle:
        """From the folders of a checkout."""
        return cls(process, read_folders(bpmn_dir, forms_dir, process))

    @classmethod
    def from_zip(cls, process: str, data: bytes) -> Bundle:
        """From ``zip()`` or an upload: nothing is unpacked that is declared, or turns out, larger than the caps."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = [m for m in archive.infolist() if not m.is_dir()]
                if len(members) > MAX_FILES or sum(m.file_size for m in members) > MAX_BUNDLE:
                    raise InvalidBundle([_too_big(process)])
                files = {m.filename: _member(archive, m) for m in members}
        except _NO_ZIP as error:
            raise InvalidBundle(
                [Finding(process, None, "El archivo no es un ZIP legible.", "Expórtelo otra vez.")]
            ) from error
        if len(files) != len(members):
            raise InvalidBundle(
                [Finding(process, None, "El ZIP repite un nombre.", "Deje un solo archivo de cada nombre.")]
            )
        return cls(process, files)

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the names in order, each with the length and the bytes of its file."""
        digest = hashlib.sha256(self.process.encode() + b"\n")
        for name in sorted(self.files):
            digest.update(f"{name}\n{len(self.files[name])}\n".encode())
            digest.update(self.files[name])
        return digest.hexdigest()

    def zip(self) -> bytes:
        """The same bytes for the same bundle: names in order, no dates."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(self.files):
                entry = zipfile.ZipInfo(name, date_time=_EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, self.files[name])
        return target.getvalue()

    @cached_property
    def manifest(self) -> Manifest:
        """``proceso.toml``, parsed; ``InvalidBundle`` when it is missing or wrong."""
        if "proceso.toml" not in self.files:
            raise InvalidBundle(
                [Finding("proceso.toml", None, "Falta el archivo.", "Cree proceso.toml junto al diagrama.")]
            )
        return parse_manifest(self.text("proceso.toml"))

    def text(self, name: str) -> str:
        """A file's text. ``name`` may leave out ``forms/``."""
        data = self.files.get(name, self.files.get(f"forms/{name}"))
        if data is None:
            raise InvalidBundle(
                [Finding(name, None, "Falta el archivo.", "Añádalo a la carpeta de formularios del proceso.")]
            )
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidBundle([Finding(name, None, "El texto no está en UTF-8.", "Guárdelo como UTF-8.")]) from error

    def form(self, name: str) -> dict[str, Any]:
        """A form's schema, as the form editor saved it."""
        try:
            schema = json.loads(self.text(name))
        except (ValueError, RecursionError) as error:
            raise InvalidBundle(
                [
                    Finding(
                        f"forms/{name}",
                        None,
                        "No es un JSON válido.",
                        "Ábralo y guárdelo con el editor de formularios.",
                    )
                ]
            ) from error
        if not isinstance(schema, dict):
            raise InvalidBundle(
                [Finding(f"forms/{name}", None, "No es un formulario.", "Guárdelo con el editor de formularios.")]
            )
        return schema

    def has(self, name: str) -> bool:
        return name in self.files or f"forms/{name}" in self.files

    def words(self, name: str) -> str | None:
        """The template to fill for a mail that the engine itself sends: the process's own, else the house's."""
        return next((one for one in (name, f"_base/{name}") if self.has(one)), None)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as stream:
        return stream.read(MAX_FILE + 1)


def _too_big(process: str) -> Finding:
    return Finding(
        process, None, "El proceso pasa de 5 MB o de 200 archivos.", "Quite lo que no use; achique las imágenes."
    )


def _shape(process: str, files: Mapping[str, bytes]) -> Iterator[Finding]:
    if not PROCESS_NAME.fullmatch(process):
        yield Finding(
            process,
            None,
            "El nombre del proceso no es válido.",
            "Use minúsculas, números y «_», empezando por una letra.",
        )
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_BUNDLE:
        yield _too_big(process)
    for name, data in files.items():
        if not _FILE_NAME.fullmatch(name) or len(name) > 120:
            yield Finding(
                name[:120], None, "El nombre del archivo no es válido.", "Use letras sin acento, números, «-» y «_»."
            )
        elif "/" not in name and not name.endswith(_ROOT_FILES):
            yield Finding(
                name,
                None,
                "Este tipo de archivo no va junto al diagrama.",
                "Mueva formularios y plantillas a la carpeta de formularios.",
            )
        elif is_shared(name) and not name.endswith(_SHARED_FILES):
            yield Finding(name, None, "Aquí solo van diagramas y tablas que varios procesos llaman.", "Quítelo.")
        if len(data) > MAX_FILE:
            yield Finding(name[:120], None, "El archivo pasa de 1 MB.", "Achíquelo.")
