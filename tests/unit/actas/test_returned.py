"""What a docente returns is read as it was written, whoever saved it; what is not that acta, or is hostile, is told."""

import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import docx
import pikepdf
import pytest
from docx.oxml import OxmlElement

from engine.actas.examen.package import MAX_PART, Unopened
from engine.actas.examen.printed import printed
from engine.actas.examen.returned import (
    LARGEST,
    Returned,
    ReturnedRow,
    ReturnUnread,
    base_of,
    compare_return,
    own_bases,
    read_count,
    read_day,
    read_return,
)
from engine.actas.examen.returned_apart import answer, read_here
from engine.actas.examen.word import word_acta
from engine.apart import TooHard
from engine.documents import render_form, render_pdf
from engine.errors import Unavailable
from engine.operations.make_acta_files import form_fields
from tests.support.acta_papel import BASE, acta, given, templates
from tests.support.packages import with_part
from tests.support.word_print import word_print

ACTA = acta(3, loaded=False)
OLDER = "2020-L0001-F0009"  # the one that a later acta is about
GRADES = (("8", "ocho", ""), ("7,50", "siete con cincuenta", "16/04/26"), ("", "AUSENTE", ""))


@cache
def word(base: str = BASE) -> bytes:
    return word_acta(printed(ACTA | {"base": base}))


def filled_word(change: Callable[[Any], None] = lambda document: None, base: str = BASE) -> bytes:
    document = docx.Document(io.BytesIO(word(base)))
    heading, _tribunal, grades, totals = document.tables[:4]
    heading.cell(3, 2).paragraphs[0].add_run("15/04/26")
    for row, said in zip(grades.rows[2:], GRADES, strict=False):
        for cell, text in zip(row.cells[4:], said, strict=True):
            cell.paragraphs[0].add_run(text)
    totals.cell(0, 1).paragraphs[0].add_run("3")
    totals.cell(0, 3).paragraphs[0].add_run("2 (dos)")
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@cache
def form(base: str = BASE) -> bytes:
    shown = printed(ACTA | {"base": base})
    return render_form(templates(), "acta_cargar.html", given(shown), form_fields(shown)).bytes


def filled_form(change: Callable[[dict[str, str]], None] = lambda values: None, base: str = BASE) -> bytes:
    values = {"fecha": "15/04/26", "inscriptos": "3", "examinados": "2"}
    for n, (mark, letters, day) in enumerate(GRADES, 1):
        values |= {f"nota_{n}": mark, f"letras_{n}": letters, f"fecha_{n}": day}
    change(values)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(form(base))) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if str(field.T) in values:
                field.V = pikepdf.String(values[str(field.T)])
        pdf.save(out)
    return out.getvalue()


def expected(found: Returned) -> None:
    assert (found.base, str(found.fecha), found.inscriptos, found.examinados) == (BASE, "2026-04-15", 3, 2)
    assert [(one["n"], one["nota"], one["letras"], one["ausente"], str(one["fecha"])) for one in found.stated] == [
        (1, "8", "ocho", False, "None"),
        (2, "7,50", "siete con cincuenta", False, "2026-04-16"),
        (3, "", "AUSENTE", True, "None"),
    ]
    assert compare_return(found, f"{BASE}.docx", ACTA) == []


@pytest.mark.req("R-31", "R-37", "R-38")
def test_a_word_file_that_comes_back_is_read_as_it_was_written():
    expected(read_return(filled_word()))


@pytest.mark.req("R-37", "R-39")
def test_a_form_that_comes_back_is_read_as_it_was_written():
    expected(read_return(filled_form()))


def flat(data: bytes) -> bytes:
    """As a viewer prints a form to another PDF: what was written is drawn, and no field is left."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.Root.AcroForm.NeedAppearances = True
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("all")
        pdf.save(out)
    return out.getvalue()


@pytest.mark.req("R-7", "R-31")
@pytest.mark.parametrize(
    "later", [{"tipo": "rectificativa", "rectifica": OLDER}, {"tipo": "reconstruida", "reconstruye": OLDER}]
)
def test_the_acta_that_a_later_one_is_about_is_not_taken_for_it(later: dict[str, str]):
    sent = word_acta(printed(ACTA | later))
    assert OLDER in " ".join(
        paragraph.text
        for table in docx.Document(io.BytesIO(sent)).tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
    )
    assert read_here(sent).base == BASE
    assert own_bases(f"Acta de Examen. Rectifica el acta {OLDER} {BASE}") == {BASE}


@pytest.mark.req("R-39")
def test_a_copy_that_was_converted_to_pdf_is_read_where_its_letters_stand():
    expected(read_here(word_print(filled_word())))
    expected(read_here(flat(filled_form())))


@pytest.mark.req("R-39")
@pytest.mark.parametrize("long", [False, True])
def test_a_converted_copy_of_twenty_one_students_is_read_whole(long: bool):
    data = acta(21, long=long)
    shown = printed(data)
    filled = render_form(templates(), "acta_cargar.html", given(shown), form_fields(shown)).bytes
    for converted in (word_print(word_acta(shown)), flat(filled)):
        found = read_here(converted)
        assert compare_return(found, f"{BASE}.pdf", data) == []
        assert (found.inscriptos, found.examinados) == (21, 18)
        assert [(one.nota, one.letras.lower(), one.fecha) for one in found.rows] == [
            (row["calificacion"], row["letras"], row["fecha"]) for row in shown["filas"]
        ]


@pytest.mark.req("R-39")
def test_words_of_one_line_that_do_not_stand_equally_high_are_read_in_their_order():
    """LibreOffice: the box of «Julián» begins a little above that of «Andrés»."""
    data = acta(21, long=True)
    for raised in (0.4, 0.8):
        found = read_here(word_print(word_acta(printed(data)), raised))
        assert compare_return(found, f"{BASE}.pdf", data) == []


def written_over(document: Any) -> None:
    """A student more, below the table of the copy that the office made."""
    row = document.tables[2].add_row()
    row.cells[1].text = "Paz, Ana"


def without_letters(document: Any) -> None:
    document.tables[2].rows[3].cells[5].paragraphs[0].runs[-1].text = ""


@pytest.mark.parametrize("change", [written_over, without_letters])
def test_a_converted_copy_that_leaves_a_doubt_goes_to_a_person(change: Callable[[Any], None]):
    with pytest.raises(Unopened) as told:
        read_here(word_print(filled_word(change)))
    assert told.value.cause == "flattened"


def test_the_signed_acta_is_no_copy_that_was_filled_in():
    shown = printed(acta(3))
    with pytest.raises(Unopened) as told:
        read_here(render_pdf(templates(), "acta.html", given(shown)).bytes)
    assert told.value.cause == "flattened"


def test_what_was_struck_out_with_tracked_changes_is_not_read():
    def strike(document: Any) -> None:
        paragraph = document.tables[2].rows[2].cells[4].paragraphs[0]
        removed = OxmlElement("w:del")
        old = OxmlElement("w:r")
        text = OxmlElement("w:delText")
        text.text = "3"
        old.append(text)
        removed.append(old)
        paragraph._p.insert(1, removed)

    expected(read_here(filled_word(strike)))


def test_a_program_may_wrap_rows_and_cells_in_content_controls():
    def wrap(document: Any) -> None:
        row = document.tables[2].rows[3]._tr
        control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        row.addprevious(control)
        control.append(content)
        content.append(row)

    expected(read_here(filled_word(wrap)))


@pytest.mark.req("R-34")
@pytest.mark.parametrize("name", ["acta.docx", f"{BASE} (1).docx", f"{BASE.lower()}.docx", "2026-L0012-F0035.docx", ""])
def test_a_file_that_lost_its_name_is_refused(name: str):
    (fault,) = compare_return(read_here(filled_word()), name, ACTA)
    assert f"debe conservar su nombre, «{BASE}»" in fault


@pytest.mark.req("R-34")
@pytest.mark.parametrize("name", [f"{BASE}.docx", f"{BASE}.PDF", f"C:\\actas\\{BASE}.doc", f"/tmp/{BASE}.pdf"])
def test_the_extension_and_the_folder_are_no_part_of_the_name(name: str):
    assert base_of(name) == BASE


def test_the_file_of_another_acta_under_our_name_is_refused():
    for data in (filled_word(base="2026-L0012-F0035"), filled_form(base="2026-L0012-F0035")):
        assert compare_return(read_here(data), f"{BASE}.pdf", ACTA) == [
            f"El archivo es el del acta 2026-L0012-F0035, no el de {BASE}."
        ]


@pytest.mark.req("R-7")
def test_other_students_and_changed_names_are_told():
    def change(document: Any) -> None:
        rows = document.tables[2].rows
        rows[2].cells[0].paragraphs[0].runs[0].text = "PG-1/99"
        rows[3].cells[1].paragraphs[0].runs[0].text = "Cañumir Painemal, Sofía"
        rows[4].cells[3].paragraphs[0].runs[0].text = "1.111.111"

    found = compare_return(read_here(filled_word(change)), f"{BASE}.docx", ACTA)
    assert found == [
        "Fila 1: Bermúdez Lavalle, Yésica Daniela no está en esta acta.",
        "Fila 2: dice «Cañumir Painemal, Sofía» y es Cañumir Painemal, Sofía Ailén.",
        "Fila 3: el documento dice «1.111.111» y es 26140011.",
        "Falta Bermúdez Lavalle, Yésica Daniela, de la fila 1.",
    ]


def test_rows_in_another_order_and_a_student_twice_are_told():
    rows = read_here(filled_word()).rows
    first, second, third = rows
    moved = Returned(BASE, "", 3, 2, tuple(
        ReturnedRow(n, one.expediente, one.nombre, one.documento, "", "", "") for n, one in enumerate((second, first, third, first), 1)
    ))  # fmt: skip
    found = compare_return(moved, f"{BASE}.docx", ACTA)
    assert [one for one in found if "es de la fila" in one] != []
    assert "Fila 4: Bermúdez Lavalle, Yésica Daniela está dos veces." in found


def test_of_many_differences_the_first_are_told():
    found = compare_return(Returned(BASE, "", None, None, ()), f"{BASE}.docx", acta(21))
    assert len(found) == 9
    assert found[-1] == "Y 13 diferencias más con los inscriptos."


def test_a_day_that_is_none_is_told():
    def change(values: dict[str, str]) -> None:
        values.update(fecha="31/02/26", fecha_1="ayer")

    found = compare_return(read_here(filled_form(change)), f"{BASE}.pdf", ACTA)
    assert found == [
        "La fecha «31/02/26» no es un día: se escribe DD/MM/AA.",
        "Fila 1: la fecha «ayer» no es un día: se escribe DD/MM/AA.",
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("15/04/26", "2026-04-15"),
        ("5-4-2026", "2026-04-05"),
        ("2026-04-15", "2026-04-15"),
        ("15.04.2026", "2026-04-15"),
    ],
)
def test_days_are_read_in_the_ways_people_write_them(written: str, read: str):
    assert str(read_day(written)) == read


@pytest.mark.parametrize(
    ("written", "read"), [("21", 21), ("21 (veintiuno)", 21), ("", None), ("x", None), ("99999", None)]
)
def test_totals_are_read_when_they_are_numbers(written: str, read: int | None):
    assert read_count(written) == read


def encrypted_form() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(form())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="x", user="y"))
    return out.getvalue()


def scan() -> bytes:
    """A page without a letter."""
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.save(out)
    return out.getvalue()


def twice_named_form() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(form())) as pdf:
        pdf.Root.AcroForm.Fields.append(
            pdf.make_indirect(pikepdf.Dictionary(T=pikepdf.String("base"), V=pikepdf.String("x")))
        )
        pdf.save(out)
    return out.getvalue()


def encrypted_zip() -> bytes:
    """The mark of a password on every part, as a ZIP carries it."""
    data = bytearray(word())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


ENTITIES = b'<!DOCTYPE d [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><w:document>&b;</w:document>'
HOSTILE: list[tuple[str, Callable[[], bytes]]] = [
    ("macros", lambda: with_part(word(), "word/vbaProject.bin", b"\xd0\xcf\x11\xe0")),
    ("macros", lambda: with_part(word(), "[Content_Types].xml", b"<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>")),
    ("encrypted", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096),
    ("encrypted", encrypted_zip),
    ("encrypted", encrypted_form),
    ("too_large", lambda: with_part(word(), "word/document.xml", b" " * (MAX_PART + 1))),
    ("too_large", lambda: with_part(word(), "word/media/a.png", b"\0" * (41 * 1024 * 1024))),
    ("damaged", lambda: with_part(word(), "word/document.xml", ENTITIES)),
    ("damaged", lambda: with_part(word(), "word/document.xml", ENTITIES.decode().encode("utf-16"))),
    ("damaged", lambda: with_part(word(), "word/document.xml", b"<a>" * 100_000)),
    ("damaged", lambda: word()[:-200]),
    ("damaged", lambda: b"PK\x03\x04" + b"\xff" * 500),
    ("damaged", lambda: b"%PDF-1.7\n" + b"\xff" * 500),
    ("damaged", lambda: b"hola"),
    ("damaged", lambda: b""),
    ("damaged", twice_named_form),
    ("not_acta", lambda: with_part(word(), "word/document.xml", b"<document/>")),
    ("not_acta", lambda: filled_word(lambda document: document.tables[2]._tbl.getparent().remove(document.tables[2]._tbl))),
    ("flattened", lambda: flat(form())),
    ("flattened", scan),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "made"), HOSTILE, ids=lambda one: one if isinstance(one, str) else "")
def test_a_file_that_cannot_be_read_says_why_and_what_to_send(cause: str, made: Callable[[], bytes]):
    with pytest.raises(Unopened) as told:
        read_here(made())
    assert told.value.cause == cause
    assert str(told.value).endswith(".")


def test_a_part_that_lies_about_its_size_is_measured_as_it_is_unpacked():
    """The directory says that ten bytes come of a part that swells to sixty megabytes."""
    data = bytearray(with_part(word(), "word/document.xml", b"\0" * 60_000_000))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/document.xml"))
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(Unopened):
        read_here(bytes(data))


def test_a_relation_that_points_outside_is_never_followed(monkeypatch: pytest.MonkeyPatch):
    def no_network(*_given: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", no_network)
    outside = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
        b'Target="http://198.51.100.7/a.dotm" TargetMode="External"/></Relationships>'
    )
    expected(read_here(with_part(filled_word(), "word/_rels/document.xml.rels", outside)))


def test_the_reading_process_tells_what_it_found_and_survives_what_it_cannot_read():
    assert answer(b"hola")["cause"] == "damaged"
    with pytest.raises(ReturnUnread, match="contraseña") as told:
        read_return(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert told.value.cause == "encrypted"
    with pytest.raises(ReturnUnread, match="10 MB"):
        read_return(b"x" * (LARGEST + 1))


@pytest.mark.parametrize(("ended", "told"), [(TooHard("time"), ReturnUnread), (Unavailable(), Unavailable)])
def test_a_reading_process_that_ends_badly_is_told(
    ended: Exception, told: type[Exception], monkeypatch: pytest.MonkeyPatch
):
    def ask(*_given: object) -> bytes:
        raise ended

    monkeypatch.setattr("engine.actas.examen.returned.ask", ask)
    with pytest.raises(told):
        read_return(b"%PDF-1.7")


def test_expedientes_that_differ_by_where_their_bar_stands_are_two_students() -> None:
    rows = [{**row, "expediente": said} for row, said in zip(ACTA["filas"], ("12/3", "1/23", "9"), strict=True)]
    came = tuple(
        ReturnedRow(n=row["n"], expediente=said, nombre=row["nombre"], documento="", nota="8", letras="ocho", fecha="")
        for row, said in zip(rows, ("12 / 3", "1/23", "9"), strict=True)
    )
    returned = Returned(base=BASE, written_day="15/04/26", inscriptos=3, examinados=3, rows=came)
    assert compare_return(returned, f"{BASE}.docx", ACTA | {"filas": rows}) == []
    unclear = Returned(**{**returned.to_json(), "rows": (replace(came[0], expediente="123"), *came[1:])})
    assert "no está en esta acta" in compare_return(unclear, f"{BASE}.docx", ACTA | {"filas": rows})[0]
