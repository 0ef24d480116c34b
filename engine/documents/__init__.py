"""Documents: made from templates, kept in the archive, received from people, found again by their code.

WeasyPrint, Jinja and pikepdf live here. Independent of any diagram; the archive is handed in.
"""

from engine.documents.certified_copy import UnreadableOriginal, join_copy
from engine.documents.check_template import check_template
from engine.documents.code import code_of, new_code, read_code, verification_url
from engine.documents.document import (
    Document,
    attach_to_case,
    find_by_job,
    get_document,
    list_documents,
    name_uploads,
    read_document,
    release,
    store_document,
    withdraw,
)
from engine.documents.errors import TemplateFailed, TooManyUploads, UploadRefused
from engine.documents.fault import TemplateFault
from engine.documents.file_name import file_name, safe_name
from engine.documents.fillable import TextField, render_form
from engine.documents.image_page import image_page
from engine.documents.lookup import SEALED_FACT, Match, find_by_code, find_original, find_sealed
from engine.documents.pdfa import SignatureBox
from engine.documents.render import RenderedPdf, house, render_pdf, render_stamp, verification
from engine.documents.upload import (
    OF_A_PERSON,
    OF_THE_OFFICE,
    CheckedUpload,
    accept_upload,
    check_upload,
    store_upload,
)

__all__ = [
    "OF_A_PERSON",
    "OF_THE_OFFICE",
    "SEALED_FACT",
    "CheckedUpload",
    "Document",
    "Match",
    "RenderedPdf",
    "SignatureBox",
    "TemplateFailed",
    "TemplateFault",
    "TextField",
    "TooManyUploads",
    "UnreadableOriginal",
    "UploadRefused",
    "accept_upload",
    "attach_to_case",
    "check_template",
    "check_upload",
    "code_of",
    "file_name",
    "find_by_code",
    "find_by_job",
    "find_original",
    "find_sealed",
    "get_document",
    "house",
    "image_page",
    "join_copy",
    "list_documents",
    "name_uploads",
    "new_code",
    "read_code",
    "read_document",
    "release",
    "render_form",
    "render_pdf",
    "render_stamp",
    "safe_name",
    "store_document",
    "store_upload",
    "verification",
    "verification_url",
    "withdraw",
]
