"""The list of enrolled students: what is read, what is refused, and that each refusal says its line and its mend."""

import io
import json
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.actas.examen.enrolled import LARGEST, ListRefused, judge_rows, read_enrolled
from engine.spreadsheet import Sheet, xlsx
from tests.support.packages import with_part

HEADING = ["Expediente", "Apellidos", "Nombres", "Tipo", "Documento"]
ROWS = [
    ["PG-908/19", "Ñáñez de la Cruz", "María José", "DNI", "25.174.940"],
    ["PG-792/19", "D'Angelo", "Güemes", "CUIL", "20-05536168-2"],
    ["PG-776/19", "Sagñay", "", "PAS", "AR-X 472813"],
]


def as_csv(rows: list[list[str]] = ROWS, *, separator: str = ";", heading: list[str] = HEADING) -> str:
    return "\r\n".join(separator.join(row) for row in [heading, *rows])


def as_xlsx(rows: list[list[str]] = ROWS) -> bytes:
    return xlsx([Sheet("Inscriptos", HEADING, rows)])


@pytest.mark.req("R-28", "R-31")
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_is_read_whatever_its_separator_and_encoding(separator: str, encoding: str):
    found = read_enrolled("lista.csv", as_csv(separator=separator).encode(encoding))
    assert [(one.name, one.tipo, one.documento) for one in found.students] == [
        ("Ñáñez de la Cruz, María José", "DNI", "25174940"),
        ("D'Angelo, Güemes", "CUIL", "20055361682"),
        ("Sagñay", "PAS", "ARX472813"),
    ]
    assert found.complete


@pytest.mark.req("R-28")
def test_a_spreadsheet_is_read_and_its_numbers_are_not_rounded():
    found = read_enrolled("lista.xlsx", xlsx([Sheet("Hoja", HEADING, [["PG-1/20", "Paz", "Ana", "DNI", 25174940]])]))
    assert [one.documento for one in found.students] == ["25174940"]
    assert next(one.name for one in read_enrolled("l.xlsx", as_xlsx()).students) == "Ñáñez de la Cruz, María José"


def workbook(fill: Callable[[Workbook], None]) -> bytes:
    """As a spreadsheet program writes it: its texts apart, its numbers with decimals."""
    made, out = Workbook(), io.BytesIO()
    fill(made)
    made.save(out)
    return out.getvalue()


def test_the_first_sheet_that_is_seen_and_has_a_heading_counts():
    def fill(book: Workbook) -> None:
        hidden = book.active
        assert hidden is not None
        hidden.sheet_state = "hidden"
        hidden.append([*HEADING])
        hidden.append(["PG-9/99", "Oculto", "No", "DNI", 11111111])
        book.create_sheet("Portada").append(["Lista de inscriptos"])
        listed = book.create_sheet("Lista")
        listed.append([])
        listed.append([*HEADING, None, "Nota"])
        listed.append([2026, "Paz", None, "dni", 25174940.0, None, date(2026, 4, 15)])
        listed.append([None] * 5)
        listed.append(["PG-2/20", "Ruiz", "=1+1", "DNI", 30111222])

    found = read_enrolled("lista.xlsx", workbook(fill))
    assert [(one.expediente, one.apellidos, one.documento) for one in found.students] == [
        ("2026", "Paz", "25174940"),
        ("PG-2/20", "Ruiz", "30111222"),  # a formula that nobody computed says nothing
    ]
    assert found.ignored == ["Nota"]


def test_a_row_is_told_by_its_line_in_the_sheet():
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet["A3"], sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"] = HEADING
        sheet["B7"] = "Paz"

    (refused,) = read_enrolled("lista.xlsx", workbook(fill)).refused
    assert refused.line == 7


def test_the_heading_may_stand_below_a_title_and_have_other_columns_and_names():
    text = "Listado de inscriptos;;;;;\n;;;;;\nN°;Legajo;Apellido y Nombre;Tipo de Doc.;Nro. Documento;Correo\n"
    found = read_enrolled("lista.csv", (text + "1;PG-908/19;Ñáñez, Ana;DNI;25174940;a@b.example\n").encode())
    assert [(one.apellidos, one.nombres) for one in found.students] == [("Ñáñez", "Ana")]
    assert found.ignored == ["N°", "Correo"]


def test_what_looks_alike_is_kept_composed():
    rows = [["PG-1/20", unicodedata.normalize("NFD", "Ñáñez"), "José   Luis", "dni", "25174940"]]
    (one,) = read_enrolled("lista.csv", as_csv(rows).encode()).students
    assert (one.apellidos, one.nombres, one.tipo) == ("Ñáñez", "José Luis", "DNI")
    assert unicodedata.is_normalized("NFC", one.apellidos)


@pytest.mark.parametrize(
    ("column", "value", "mend"),
    [
        ("Documento", "2517494", None),
        ("Documento", "251749", "son 7 u 8 cifras"),
        ("Documento", "", "Falta el documento"),
        ("Tipo", "XX", "use DNI, CUIL"),
        ("Expediente", "", "Falta el expediente"),
        ("Expediente", "=1+1", "no se admite"),
        ("Apellidos", "", "Falta el apellido"),
        ("Apellidos", "Пушкин", "letras latinas"),
        ("Apellidos", "Mu¤oz", "letras latinas"),
        ("Apellidos", "Nu\u00c3\u00b1ez", "CSV UTF-8"),
        ("Apellidos", "Pa\u200bz", "no se ven"),
        ("Apellidos", "Pa\u202ez", "no se ven"),
        ("Nombres", "Ana\u0007", "no se ven"),
        ("Nombres", "n" * 130, "130 letras"),
        ("Nombres", "12", "letras latinas"),
        ("Apellidos", "Ƙofa", "«Ƙ» (U+0198), que el acta no puede escribir"),
        ("Nombres", "ᴀna", "«ᴀ» (U+1D00), que el acta no puede escribir"),
        ("Nombres", "A\u0300ẹ\u0300", "«ẹ\u0300» (U+0300), que el acta no puede escribir"),
        ("Nombres", "\u0303", "no puede escribir"),
        ("Apellidos", "Nguyễn", None),
        ("Apellidos", "Ọlábísí", None),
        ("Nombres", "G̃uahẽ Ñẽ'ẽ Porỹ", None),
    ],
)
def test_each_fault_of_a_row_is_told_with_its_line_and_its_mend(column: str, value: str, mend: str | None):
    row = ["PG-1/20", "Paz", "Ana", "DNI", "25174940"]
    row[HEADING.index(column)] = value
    found = read_enrolled("lista.csv", as_csv([[*ROWS[0][:4], "30111222"], row]).encode())
    if mend is None:
        assert found.complete
        return
    (refused,) = found.refused
    assert refused.line == 3
    assert any(mend in fault for fault in refused.faults), refused.faults
    assert not found.complete


@pytest.mark.parametrize(
    ("kind", "number", "country", "good"),
    [
        ("CUIL", "20-05536168-2", "AR", True),
        ("CUIL", "20-05536168-3", "AR", False),
        ("CUIL", "30-50001091-2", "AR", False),
        ("CI", "0912345675", "EC", True),
        ("CI", "0912345674", "EC", False),
        ("CI", "0912345674", "AR", True),
        ("PASAPORTE", "AAB123456", "AR", True),
        ("PAS", "SIN NUMERO", "AR", False),
        ("L.E.", "4.123.456", "AR", True),
    ],
)
def test_a_document_is_checked_by_its_own_rule(kind: str, number: str, country: str, good: bool):
    rows = [{"expediente": "PG-1/20", "apellidos": "Paz", "nombres": "Ana", "tipo": kind, "documento": number}]
    assert judge_rows(rows, country=country).complete is good


def test_a_student_enrolled_twice_is_refused_also_when_one_row_gives_the_cuil():
    rows = [
        ROWS[1],
        ["PG-5/20", "D'Angelo", "Güemes", "DNI", "5536168"],
        ["PG-792/19", "Otra", "Ana", "DNI", "30111222"],
    ]
    found = read_enrolled("lista.csv", as_csv(rows).encode())
    assert [(one.line, one.faults[0][:18]) for one in found.refused] == [
        (3, "El mismo documento"),
        (4, "El mismo expedient"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("l.csv", b"", "vacío"),
        ("l.csv", b"uno,dos\n1,2\n", "fila de títulos"),
        ("l.csv", as_csv([]).encode(), "ningún alumno"),
        ("l.csv", b"\x00\x01\x02\x03\x81", "codificación"),
        ("l.csv", (as_csv() + '\n"PG-1;sin cerrar').encode(), "comillas"),
        ("l.csv", as_csv(heading=["Expediente", "Apellidos", "Nombres", "Tipo doc", "Documento", "Tipo"]).encode(), "lo mismo"),
        ("l.csv", as_csv(heading=["Expediente", "Apellidos", "Nombres", "Clase", "Documento"]).encode(), "«tipo»"),
        ("l.csv", ("x" * (LARGEST + 1)).encode(), "MB"),
        ("l.csv", (as_csv([["PG-1/20", "P" * 1001, "Ana", "DNI", "25174940"]])).encode(), "1000 letras"),
        ("l.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "contraseña o es de un formato viejo"),
        ("l.xlsx", as_xlsx()[:400], "dañado"),
        ("l.xlsx", with_part(as_xlsx(), "xl/vbaProject.bin", b"x"), "macros"),
        ("l.xlsx", with_part(as_xlsx(), "xl/worksheets/sheet1.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "declaraciones"),
        ("l.xlsx", with_part(as_xlsx(), "xl/worksheets/sheet1.xml", b"<a>" + b" " * 20_000_000 + b"</a>"), "se agranda"),
        ("l.json", b"{", "JSON"),
        ("l.json", b"[" * 100_000, "JSON"),
        ("l.json", b'{"contenido": "calificaciones"}', "se espera el de inscriptos"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_is_refused_whole(name: str, data: bytes, said: str):
    with pytest.raises(ListRefused, match=said):
        read_enrolled(name, data)


def test_too_many_rows_are_no_mesa():
    rows = [["PG-1/20", "Paz", "Ana", "DNI", "25174940"]] * 3_001
    with pytest.raises(ListRefused, match="3000 filas"):
        read_enrolled("lista.csv", as_csv(rows).encode())


EXCHANGE = {
    "formato": "cartulario-siu-guarani",
    "version": 1,
    "contenido": "inscriptos",
    "mesa": {
        "id": "MESA-2026-0117",
        "actividad": {"codigo": "P-4127", "nombre": "Métodos numéricos", "horas": 60},
        "fecha": "2026-04-15",
        "departamento": "quimica",
        "docente": {"nombre": "María Ñáñez", "correo": "mnanez@uns.example"},
        "tribunal": [{"nombre": "María Ñáñez", "correo": "mnanez@uns.example"}, {"nombre": "Juan Etchegoyen"}],
    },
    "alumnos": [
        dict(zip(("expediente", "apellidos", "nombres", "tipo", "documento"), row, strict=True)) for row in ROWS
    ],
}


@pytest.mark.req("R-8", "R-28")
def test_an_exchange_file_of_siu_guarani_brings_its_mesa_and_its_students():
    found = read_enrolled("mesa.json", json.dumps(EXCHANGE).encode())
    assert found.complete
    assert len(found.students) == 3
    assert found.mesa is not None
    assert (found.mesa.codigo, found.mesa.fecha.isoformat()) == ("P-4127", "2026-04-15")
    assert found.mesa.tribunal[1] == ("Juan Etchegoyen", None)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["mesa", "fecha"], "15/04/2026", "en «mesa.fecha» «15/04/2026» no tiene la forma"),
        (["mesa", "fecha"], "2026-02-31", "en «mesa.fecha»"),
        (["mesa", "actividad"], {"codigo": "P-1"}, "falta «nombre»"),
        (["alumnos"], [], "en «alumnos» no puede ir vacío"),
        (["alumnos"], [3], "en «alumnos.1» va un objeto"),
        (["otro"], 1, "sobra «otro»"),
        (["version"], 2, "en «version» va «1»"),
        (["mesa", "actividad", "nombre"], "\n", "en «mesa.actividad.nombre»"),
    ],
)
def test_an_exchange_file_that_strays_from_the_schema_is_told_where(path: list[str], value: object, said: str):
    given = json.loads(json.dumps(EXCHANGE))
    inner = given
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with pytest.raises(ListRefused, match=said.replace("(", r"\(")):
        read_enrolled("mesa.json", json.dumps(given).encode())


def test_the_example_of_the_manual_is_what_is_read():
    text = (Path(__file__).resolve().parents[3] / "docs" / "siu_guarani.md").read_text(encoding="utf-8")
    example = text.split("```json")[1].split("```")[0]
    assert read_enrolled("ejemplo.json", example.encode()).complete


@pytest.mark.req("R-29", "R-31")
@pytest.mark.parametrize("again", ["AB-123456", "ab 123456", "AB.123.456", "AB123456"])
def test_a_passport_is_one_document_however_its_signs_are_joined(again: str):
    rows = [["PG-1/20", "Paz", "Ana", "PAS", "AB123456"], ["PG-2/20", "Ruiz", "Eva", "PAS", again]]
    found = read_enrolled("lista.csv", as_csv(rows).encode())
    assert [one.documento for one in found.students] == ["AB123456"]
    assert "El mismo documento está en la línea 2" in found.refused[0].faults[0]


@pytest.mark.req("R-29", "R-50")
def test_a_dni_is_kept_without_the_zero_before_it():
    rows = [["PG-1/20", "Paz", "Ana", "DNI", "05.123.456"], ["PG-2/20", "Ruiz", "Eva", "DNI", "5123456"]]
    found = read_enrolled("lista.csv", as_csv(rows).encode())
    assert [one.documento for one in found.students] == ["5123456"]
    assert len(found.refused) == 1


@pytest.mark.req("R-29")
@pytest.mark.parametrize(
    ("second", "said"),
    [
        (["PG-2/20", "PAZ", "María Ana", "DNI", "30111222"], "Se llama igual que el de la línea 2"),
        (["PG-2/20", "Ana Paz", "Maria", "DNI", "30111222"], "Se llama igual que el de la línea 2"),
        (["PG-2/20", "Ruiz", "Eva", "LC", "25174940"], "La línea 2 tiene el mismo número, como DNI"),
    ],
)
def test_who_may_be_the_same_person_is_told_and_not_refused(second: list[str], said: str):
    rows = [["PG-1/20", "Paz", "Ana María", "DNI", "25174940"], second, ["PG-3/20", "Sosa", "Luz", "DNI", "31222333"]]
    found = read_enrolled("lista.csv", as_csv(rows).encode())
    assert found.complete
    assert [(one.line, said in one.said) for one in found.notices] == [(3, True)]


@pytest.mark.req("R-28")
def test_students_on_two_sheets_are_refused_and_an_empty_second_one_is_not():
    def two(rows: int) -> Callable[[Workbook], None]:
        def fill(book: Workbook) -> None:
            for n, sheet in enumerate((book.active, book.create_sheet("Parte 2"))):
                assert sheet is not None
                sheet.append([*HEADING])
                for row in range(3 if n == 0 else rows):
                    sheet.append([f"PG-{n}{row}/20", "Paz", chr(65 + row) * 2, "DNI", 30_000_000 + 10 * n + row])

        return fill

    with pytest.raises(ListRefused, match="más de una hoja"):
        read_enrolled("lista.xlsx", workbook(two(5)))
    assert len(read_enrolled("lista.xlsx", workbook(two(0))).students) == 3
