"""The acta on paper, by Anexo II: one page whatever it holds, the same in its three forms, and ready to be signed."""

from __future__ import annotations

import io
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest

from engine.actas.examen import LEGEND, PRINTED_LEGEND
from engine.actas.examen.data import BY_HAND
from engine.actas.examen.printed import dotted, printed, short_date
from engine.actas.examen.tribunal_space import does_not_fit, step_of
from engine.actas.examen.word import word_acta
from engine.documents import render_form, render_pdf
from engine.documents.legend_copy import A4, pages_of, with_legend
from engine.operations.make_acta_files import form_fields
from tests.support.acta_papel import BASE, COURSE, LONG, TRIBUNAL, acta, given, templates
from tests.support.outside_signer import sign_outside
from tests.support.pki import NOW, PIN, Authority, authority
from tests.support.word_print import word_print

__all__ = ["authority"]
SUM = ["9f86d081"] * 8


def paper(data: dict[str, Any]) -> bytes:
    made = render_pdf(templates(), "acta.html", given(printed(data)))
    assert made.pages == 1
    return made.bytes


def form(data: dict[str, Any]) -> bytes:
    shown = printed(data)
    made = render_form(templates(), "acta_cargar.html", given(shown), form_fields(shown))
    assert made.pages == 1
    return made.bytes


@cache
def longest() -> bytes:
    return paper(acta(21, long=True))


def words(pdf: bytes, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", folder / "a.pdf", "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def word_text(data: bytes) -> str:
    """Every paragraph of every cell, once."""
    document = docx.Document(io.BytesIO(data))
    seen: set[Any] = set()
    said = []
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                if cell._tc not in seen:
                    seen.add(cell._tc)
                    said.append(cell.text)
    said += [paragraph.text for paragraph in document.sections[0].footer.paragraphs]
    return " ".join(" ".join(said).split())


HEADINGS = ("Expediente", "Apellido y nombre (completos)", "Tipo", "Documento", "Calificación")


@pytest.mark.req("R-29", "R-31", "R-32", "R-33", "R-57", "R-58", "R-59", "R-60", "R-61", "R-62", "R-63")
def test_the_paper_and_the_word_file_say_all_that_anexo_ii_asks_for_on_one_page(tmp_path: Path) -> None:
    data = acta(21, long=True)
    asked = [
        "Universidad Nacional del Sur", "Secretaría General de Posgrado y Educación Continua", COURSE, "P-4127", "60",
        "Acta de Examen", "Libro", "Folio", "Fecha", "15/04/26", "Profesores que integran el tribunal", *TRIBUNAL,
        *HEADINGS, "Total de alumnos inscriptos", "Total de alumnos examinados",
        "Autoridad del Departamento Académico [firma digital]", f"OBSERVACIONES: {LEGEND}", BASE, "24.713.337",
        *(row["expediente"] for row in data["filas"]),
    ]  # fmt: skip
    said_on_paper, said_in_word = words(longest(), tmp_path), word_text(word_acta(printed(data)))
    for one in asked:
        assert one in said_on_paper, one
        assert one in said_in_word, one
    assert said_on_paper.count(LONG) == said_in_word.count(LONG) == 11
    assert "7 (siete) · 16/04/26" in said_on_paper
    assert (
        said_on_paper.count("ausente") == said_in_word.count("ausente") - 1 == 3
    )  # its heading says the word once more


WIDE, LOWER = "Dr. WOMMBAT MWANGO ÑANCÚ", "Dra. María Guadalupe Fernández de la Cuadra"


@pytest.mark.req("R-59")
@pytest.mark.parametrize("who", [LOWER, LOWER.upper(), WIDE, "Mg. Ángela Güiraldes", "x" * 190])
def test_a_tribunal_of_any_number_that_is_taken_is_printed_above_the_list(who: str, tmp_path: Path) -> None:
    most = max(n for n in range(1, 21) if does_not_fit([who] * n) is None)
    steps = {step_of([who] * n): n for n in range(1, most + 1)}  # the most of each step
    for n in steps.values():
        for make in (paper, form):
            (tmp_path / "a.pdf").write_bytes(make(acta(21, long=True, tribunal=[who] * n)))
            done = subprocess.run(["pdftotext", "-bbox", tmp_path / "a.pdf", "-"], capture_output=True, check=True)
            found = re.findall(r'yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>', done.stdout.decode())
            (label,) = [place for place, one in enumerate(found) if one[3] == "integran"]
            table = next(place for place, one in enumerate(found) if one[3] == "Expediente")
            names = found[label + 3 : table]
            assert sum(one[3] == "·" for one in names) == n - 1
            assert max(float(one[2]) for one in names) <= float(found[table][0]) + 0.5, (n, who)
            assert max(float(one[1]) for one in names) < 556, (n, who)


def test_a_course_of_300_letters_fits_beside_the_longest_names(tmp_path: Path) -> None:
    course = f"{COURSE} {COURSE}"[:300].strip()
    data = acta(21, long=True, curso=course)
    assert course in words(paper(data), tmp_path)
    assert course in words(word_print(word_acta(printed(data))), tmp_path)
    form(data)


def test_the_word_file_prints_on_one_page() -> None:
    assert pages_of(word_print(word_acta(printed(acta(21, long=True))))) == 1


@pytest.mark.parametrize("students", [1, 20, 21])
def test_any_number_of_students_fits_and_what_is_left_over_is_struck_out(students: int, tmp_path: Path) -> None:
    said = words(paper(acta(students)), tmp_path)
    assert ("sin uso" in said) is (students < 20)
    form(acta(students, loaded=False))


def test_twenty_one_names_of_130_letters_fit(tmp_path: Path) -> None:
    data = acta(21)
    for row in data["filas"]:
        row |= {"nombre": (LONG + " Inmaculada Concepción")[:130], "calificacion": "99,99"}
        row |= {"letras": "noventa y nueve con noventa y nueve", "ausente": False, "fecha": "2026-04-16"}
    assert words(paper(data), tmp_path).count("noventa y nueve con noventa y nueve") == 21
    form(data)


@pytest.mark.req("R-32")
@pytest.mark.parametrize("kind", sorted(BY_HAND))
def test_who_loaded_it_instead_of_the_docente_is_said_after_the_legend_and_it_still_fits(
    kind: str, tmp_path: Path
) -> None:
    data = acta(21, long=True, tipo=kind, observacion=BY_HAND[kind].format("15/04/26"))
    assert f"OBSERVACIONES: {LEGEND} {data['observacion']}" in words(paper(data), tmp_path)
    assert f"OBSERVACIONES: {LEGEND}. {data['observacion']}" in word_text(word_acta(printed(data)))
    assert pages_of(word_print(word_acta(printed(data)))) == 1


@pytest.mark.parametrize(
    ("kind", "field", "said"),
    [("rectificativa", "rectifica", "Rectifica el acta 2026-L0012-F0020"), ("reconstruida", "reconstruye", "Reconstruye el acta 2026-L0012-F0020")],
)  # fmt: skip
def test_a_later_kind_says_which_acta_it_is_about(kind: str, field: str, said: str, tmp_path: Path) -> None:
    data = acta(3, tipo=kind, **{field: "2026-L0012-F0020"})
    assert said in words(paper(data), tmp_path)
    assert said in word_text(word_acta(printed(data)))


def test_what_looks_like_markup_or_a_tag_is_text_in_every_form(tmp_path: Path) -> None:
    odd = "<b>&amp; {{ acta.libro }} {% raw %}</b>"
    data = acta(2, curso=odd, loaded=False)
    assert odd in words(paper(data), tmp_path)
    assert odd in words(form(data), tmp_path)
    assert odd in word_text(word_acta(printed(data)))


@pytest.mark.req("R-33", "R-34")
def test_each_file_says_inside_which_acta_it_is() -> None:
    shown = printed(acta(2, loaded=False))
    assert docx.Document(io.BytesIO(word_acta(shown))).core_properties.title == BASE
    with pikepdf.open(io.BytesIO(form(acta(2, loaded=False)))) as pdf:
        values = {str(field.T): str(field.V) for field in pdf.Root.AcroForm.Fields}
    assert values["base"] == BASE
    assert values["expediente_2"] == shown["filas"][1]["expediente"]


def test_the_form_has_three_fields_for_each_student_in_reading_order_and_those_unseen_are_locked() -> None:
    with pikepdf.open(io.BytesIO(form(acta(21, loaded=False)))) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        assert "/DA" in pdf.Root.AcroForm
        with pdf.open_metadata() as metadata:
            assert not metadata.pdfa_status
    seen = [name for name, field in fields.items() if int(field.F) == 4]
    assert seen[:5] == ["fecha", "nota_1", "letras_1", "fecha_1", "nota_2"]
    assert len(seen) == 21 * 3 + 3
    assert all(int(field.Ff) == 1 for name, field in fields.items() if name not in seen)
    assert str(fields["nota_3"].TU) == "Calificación en número de D'Angelo Etcheverry, Julián Andrés"


def test_the_same_acta_gives_the_same_bytes() -> None:
    data = acta(3)
    assert paper(data) == paper(data)
    assert form(data) == form(data)


@pytest.mark.req("R-62")
def test_the_final_acta_is_pdf_a_with_an_empty_place_to_sign() -> None:
    with pikepdf.open(io.BytesIO(longest())) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert (str(field.T), str(field.FT), int(pdf.Root.AcroForm.SigFlags)) == ("hueco_autoridad", "/Sig", 3)
        pdf.flatten_annotations("all")  # the validator knows no forms
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    report = pikepdf.pdfa.validate_written(out, "2b")
    assert report.passed, report.findings


@pytest.mark.req("R-9", "R-43", "R-62")
def test_a_signer_that_is_not_ours_adds_its_signature_to_the_acta(authority: Authority, tmp_path: Path) -> None:
    signer = authority.pki.person_pkcs12("Ana Lucía Güemes", None, PIN)
    signed = sign_outside(longest(), signer, PIN, NOW)
    assert signed.startswith(longest())
    (tmp_path / "acta.pdf").write_bytes(signed)
    told = subprocess.run(["pdfsig", "-nocert", tmp_path / "acta.pdf"], capture_output=True, text=True, check=False)
    assert "adbe.pkcs7.detached" in told.stdout
    assert "Signature is Valid" in told.stdout
    assert "Total document signed" in told.stdout


def legend(pages: int) -> bytes:
    told = {"leyenda": PRINTED_LEGEND, "nombre": f"{BASE}.pdf", "paginas": list(range(1, pages + 1)), "resumen": SUM}
    return render_pdf(templates(), "tira_leyenda.html", given({}) | {"copia": told | {"firmantes": "Ana Güemes"}}).bytes


@pytest.mark.req("R-52")
def test_the_printed_copy_shows_the_original_and_its_legend_verbatim_on_a4(tmp_path: Path) -> None:
    assert PRINTED_LEGEND == "Es copia fiel del original digital enviado por el Departamento Académico. Archivar"
    copy = with_legend(longest(), legend(1))
    said = words(copy, tmp_path)
    assert f"{PRINTED_LEGEND} Original: {BASE}.pdf" in said
    assert COURSE in said
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert [round(float(edge), 3) for edge in pdf.pages[0].mediabox] == [0, 0, *A4]
        assert "/AcroForm" not in pdf.Root
    assert copy == with_legend(longest(), legend(1))


@pytest.mark.req("R-52")
def test_a_scanned_original_of_several_pages_has_the_legend_on_each(tmp_path: Path) -> None:
    made, out = pikepdf.new(), io.BytesIO()
    for size in ((842, 595), (300, 400), (595, 842)):
        made.add_blank_page(page_size=size)
    made.save(out)
    assert pages_of(out.getvalue()) == 3
    said = words(with_legend(out.getvalue(), legend(3)), tmp_path)
    assert said.count(PRINTED_LEGEND) == 3
    assert "página 3 de 3" in said


@pytest.mark.parametrize(
    ("kind", "number", "shown"),
    [("DNI", "25174940", "25.174.940"), ("DNI", "5174940", "5.174.940"), ("CUIL", "20055361682", "20-05536168-2"), ("PAS", "AR-X 472813", "AR-X 472813")],
)  # fmt: skip
def test_documents_are_written_as_people_know_them(kind: str, number: str, shown: str) -> None:
    assert dotted(kind, number) == shown


def test_dates_are_written_as_anexo_ii_does() -> None:
    assert (short_date("2026-04-05"), short_date(None)) == ("05/04/26", "")
