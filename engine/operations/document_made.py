"""What the operations that make a document answer: what the diagram and the operations after them need of it."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field

from engine.documents import Document
from engine.operations.base import BaseResult


class DocumentMade(BaseResult):
    id: str = Field(description="El documento, para las operaciones que siguen.")
    nombre: str = Field(description="Nombre del archivo.")
    titulo: str = Field(description="Título.")
    codigo: str = Field(description="Código de verificación; el borrador y el definitivo llevan el mismo.")
    sha256: str = Field(description="Resumen SHA-256 del archivo.")

    @classmethod
    def of(cls, document: Document, **besides: Any) -> Self:
        """``besides``: the fields that an operation adds."""
        return cls(
            id=str(document.id),
            nombre=document.name,
            titulo=document.title,
            codigo=document.code or "",
            sha256=document.sha256,
            **besides,
        )
