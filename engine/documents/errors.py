"""What goes wrong while a template becomes a document: the owner's to mend, so each says which template and what."""

from __future__ import annotations

from engine.errors import CartularioError


class TemplateFailed(CartularioError):
    """``details``: template, line where known. Not worth a retry: the same data on the same template fails again."""

    status = 422
    code = "template_failed"


class TooManyUploads(CartularioError):
    """A person has sent more than a request or a task needs, and none of it was handed in."""

    status = 429
    code = "too_many_uploads"


class UploadRefused(CartularioError):
    """A file that a person sent is not what the form asks for; the sentence says what to send instead."""

    status = 422
    code = "upload_refused"
