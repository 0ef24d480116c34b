"""Several PDFs in one, to be printed."""

from __future__ import annotations

import io

import pikepdf
import pytest

from engine.documents import UploadRefused
from engine.documents.gather import count_pages, gather


def a_pdf(pages: int) -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(300, 400))
        made.save(target)
    return target.getvalue()


def test_they_follow_each_other_and_on_both_sides_each_begins_a_sheet() -> None:
    parts = [a_pdf(1), a_pdf(2), a_pdf(3)]
    assert count_pages(gather(parts, both_sides=False)) == 6
    assert count_pages(gather(parts, both_sides=True)) == 8


def test_the_same_documents_give_the_same_file() -> None:
    assert gather([a_pdf(1), a_pdf(2)], both_sides=True) == gather([a_pdf(1), a_pdf(2)], both_sides=True)


def test_too_many_pages_and_what_is_no_pdf_are_refused_in_words() -> None:
    with pytest.raises(UploadRefused, match="2000 páginas"):
        gather([a_pdf(1_001)] * 2, both_sides=False)
    with pytest.raises(UploadRefused, match="no es un PDF"):
        gather([b"nada"], both_sides=False)
