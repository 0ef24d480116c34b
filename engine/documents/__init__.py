"""Documents: made from templates, kept in the archive, received from people, found again by their code.

WeasyPrint, Jinja and pikepdf live here. Independent of any diagram; the archive is handed in.
"""

from engine.documents.code import code_of, new_code, read_code, verification_url
from engine.documents.document import (
    Document,
    attach_to_case,
    get_document,
    list_documents,
    read_document,
    release,
    store_document,
)
from engine.documents.errors import TemplateFailed, UploadRefused
from engine.documents.pdfa import SignatureBox
from engine.documents.render import RenderedPdf, house, render_pdf, render_stamp, verification

__all__ = [
    "Document",
    "RenderedPdf",
    "SignatureBox",
    "TemplateFailed",
    "UploadRefused",
    "attach_to_case",
    "code_of",
    "get_document",
    "house",
    "list_documents",
    "new_code",
    "read_code",
    "read_document",
    "release",
    "render_pdf",
    "render_stamp",
    "store_document",
    "verification",
    "verification_url",
]
