"""Bring the English catalogue up to date with the texts of the source: ``python -m web.i18n.extract``.

Looks at the Python and the templates of ``web``, and at what the engine says to people (messages of errors, ``N_``).
A text that is gone leaves the catalogue; a new one arrives empty, and a test asks for its translation.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po

from web.i18n.compile import CATALOGUES

WEB = Path(__file__).resolve().parent.parent
ENGINE = WEB.parent / "engine"
METHODS = [("assets/**", "ignore"), ("static/**", "ignore"), ("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"silent": "false", "trimmed": "true"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "N_": None}
SAID_BY_THE_ENGINE = (
    "errors.py",
    "actas/examen/carga.py",
    "batches/errors.py",
    "batches/run.py",
    "cases/drafts.py",
    "cases/incidents.py",
    "cases/origin.py",
    "cases/rate_case.py",
    "definitions/service.py",
    "history/follow.py",
    "history/seals.py",
    "history/words.py",
    "inbox/page.py",
    "inbound/grade_task.py",
    "inbound/office_people.py",
    "indicators/signed_report.py",
    "people/register.py",
    "signing/verdict.py",
)


def texts() -> Catalog:
    """Every text of the source, without translations."""
    found = Catalog(project="Cartulario", fuzzy=False)
    for name, _line, message, _comments, _context in extract_from_dir(WEB, METHODS, OPTIONS, keywords=KEYWORDS):
        found.add(message, locations=[(f"web/{name}", 0)])
    for name in SAID_BY_THE_ENGINE:
        for message in sorted(said(ENGINE / name)):
            found.add(message, locations=[(f"engine/{name}", 0)])
    return found


def said(path: Path) -> Iterator[str]:
    """What a module of the engine says: texts under ``N_``, the ``message`` of its errors, its sentences that are
    ``Final``."""
    source = path.read_bytes()
    for _line, _function, message, _comments in extract_python(io.BytesIO(source), {"N_": None}, [], {}):
        yield str(message)
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Assign(targets=[ast.Name(id="message" | "WRONG")], value=ast.Constant(value=str(text))):
                yield text
            case ast.AnnAssign(annotation=ast.Name(id="Final"), value=ast.Constant() | ast.Tuple() as value):
                yield from (text for text in _texts_in(value) if text.endswith("."))


def _texts_in(node: ast.expr) -> list[str]:
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def catalogue_path(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def read_catalogue(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str = "en") -> list[str]:
    """Write the catalogue again, keeping what is translated. → the texts that still have no translation."""
    path = catalogue_path(language)
    kept = read_catalogue(language) if path.exists() else Catalog(locale=language, fuzzy=False)
    kept.update(texts(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, kept, sort_output=True, omit_header=False, include_lineno=False, width=120)
    return [str(message.id) for message in kept if message.id and not message.string]


if __name__ == "__main__":
    for missing in update():
        print(missing)
