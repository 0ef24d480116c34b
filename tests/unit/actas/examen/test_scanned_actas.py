"""Old actas brought in as scans: what arts. 2 and 3 admit, which file is whose, and the register (R-16 … R-21)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.actas.examen import (
    Indexed,
    OldActa,
    ScanQuery,
    Scope,
    find_scans,
    judge_batch,
    match_scans,
    register_scan,
    scan_with,
    shelve_scan,
)
from engine.config import Config
from engine.errors import InvalidAnswers, NotFound
from engine.storage.tables import acta_digitalizada, case, definition_version
from tests.support.examen import AT, actas, open_mesa, signed_document

BOUNDS = Config()
KEEPER = Scope(uuid4(), True, frozenset())


@dataclass
class Scanned:
    name: str


@pytest.fixture
def backend():
    return "sqlite"


def new_cases(database, count):
    version, ids = uuid4(), [uuid4() for _ in range(count)]
    published = {
        "id": version,
        "number": 1,
        "hash": version.hex * 2,
        "bundle": b"",
        "at": AT,
        "library_version": "1",
    }
    opened = {"version_id": version, "title": "Tanda", "facts": {}, "search": "", "revision": 1, "status": "open"}
    of = {"process": "digitalizar_actas"}
    with database.write() as conn:
        conn.execute(
            definition_version.insert().values(published | of | {"title": "Digitalizar", "state": "published"})
        )
        for n, case_id in enumerate(ids, 1):
            row = {"id": case_id, "number": f"DA-2026-{n:06d}", "state": "{}", "opened_at": AT}
            conn.execute(case.insert().values(row | of | opened))
    return ids


def old(**changed):
    signed = f"{changed.pop('docente', 'escaneada')}+{changed.pop('autoridad', 'digital')}"
    row = {"acta": "2020-L0001-F0007", "curso": "Bioestadística", "fecha": "2020-08-03", "firmas": signed}
    return row | {"texto": False} | changed


def judge(database, article, *rows, case_id=None):
    with database.read() as conn:
        return judge_batch(conn, article, rows, BOUNDS, case_id)


def refused(database, article, **changed):
    return " ".join(judge(database, article, old(**changed)).refused)


@pytest.mark.parametrize(
    ("docente", "autoridad", "texto"),
    [
        pytest.param("olografa", "digital", False, marks=pytest.mark.req("R-17")),
        pytest.param("escaneada", "olografa", False, marks=pytest.mark.req("R-18")),
        pytest.param("escaneada", "digital", False, marks=pytest.mark.req("R-18")),
        pytest.param("escaneada_dni", "olografa", False, marks=pytest.mark.req("R-19")),
        pytest.param("escaneada_dni", "digital", True, marks=pytest.mark.req("R-19", "R-20")),
        pytest.param("olografa", "olografa", True, marks=pytest.mark.req("R-20")),
    ],
)
def test_the_forms_of_article_2_are_admitted(database, docente, autoridad, texto):
    judged = judge(database, 2, old(docente=docente, autoridad=autoridad, texto=texto))
    assert judged.refused == ()
    assert judged.actas[0].base == "2020-L0001-F0007"


@pytest.mark.req("R-16")
@pytest.mark.parametrize(
    ("docente", "autoridad"),
    [("olografa", "olografa"), ("digital", "digital"), ("", ""), ("escaneada", "escaneada"), ("otra", "digital")],
)
def test_no_other_form_is_admitted_and_the_article_is_named(database, docente, autoridad):
    said = refused(database, 2, docente=docente, autoridad=autoridad)
    assert said == (
        "Fila 1, 2020-L0001-F0007: la forma de sus firmas no es ninguna de las que el artículo 2 declara válidas."
    )


@pytest.mark.req("R-16")
@pytest.mark.parametrize(("day", "admitted"), [
    ("2019-12-31", False), ("2020-01-01", True), ("2021-04-15", True), ("2021-04-16", False),
])  # fmt: skip
def test_article_2_is_bounded_by_the_day_of_issue(database, day, admitted):
    said = refused(database, 2, fecha=day)
    assert (not said) is admitted, said
    assert admitted or "el artículo 2 alcanza a las emitidas entre el 01/01/2020 y el 15/04/2021" in said


@pytest.mark.req("R-16", "R-21")
def test_the_bounds_are_the_office_s_to_set(database):
    bounds = Config(alternative_forms_until="2021-12-31", digitised_before="2010-01-01")
    with database.read() as conn:
        assert judge_batch(conn, 2, [old(fecha="2021-11-30")], bounds).refused == ()
        assert judge_batch(conn, 3, [old(fecha="2015-01-01")], bounds).refused


@pytest.mark.req("R-21")
def test_article_3_takes_what_was_issued_before_2020_whatever_its_signatures(database):
    judged = judge(database, 3, old(fecha="2019-12-31", docente=None, autoridad=None))
    assert judged.refused == ()
    assert judged.actas[0].forma == "Original en papel"
    assert "el artículo 3 alcanza a las emitidas antes del 01/01/2020" in refused(database, 3, fecha="2020-01-01")


@pytest.mark.parametrize(
    "changed",
    [
        {"acta": "L3 F7"},
        {"acta": "2015-L0000-F0012"},
        {"acta": None},
        {"fecha": "ayer"},
        {"fecha": None},
        {"curso": " "},
    ],
    ids=str,
)
def test_a_row_that_cannot_be_read_is_refused_and_the_others_are_still_judged(database, changed):
    judged = judge(database, 3, old(**changed), old(acta="2020-l0001-f0008 ", fecha="2021-01-01"))
    assert judged.refused[0].startswith(("Fila 1: escriba", "Fila 1: diga"))
    assert judged.refused[1].startswith("Fila 2, 2020-L0001-F0008: se emitió")


def test_an_acta_twice_or_one_of_this_system_is_refused(database):
    (issued,) = actas(database, open_mesa(database, 1))
    rows = [old(), old(), old(acta=issued.base)]
    said = judge(database, 2, *rows).refused
    assert [one.split(": ")[1] for one in said] == [
        "está dos veces en la tanda.",
        "es un acta de este sistema, no una antigua.",
    ]


def test_no_batch_is_empty_or_of_another_article(database):
    assert judge(database, 3).refused
    assert judge(database, 1, old()).refused


@pytest.mark.req("R-34")
def test_each_scan_is_found_by_its_name_whatever_the_extension():
    bases = ["2015-L0003-F0012", "2015-L0003-F0013", "2015-L0003-F0014"]
    names = ["2015-l0003-f0012.PDF", "2015-L0003-F0013.jpg", "2015-L0003-F0013.pdf", "escaneo.pdf"]
    found, faults = match_scans(bases, [Scanned(name) for name in names])
    assert {base: file.name for base, file in found.items()} == {bases[0]: names[0], bases[1]: names[1]}
    assert faults == [
        "«2015-L0003-F0013» vino en dos archivos: una todas sus páginas en uno.",
        "«escaneo.pdf» no lleva el nombre de un acta de la tanda, como «2015-L0003-F0012.pdf».",
        "Falta escanear «2015-L0003-F0014».",
    ]


def registered(database, one: OldActa, case_id, students="", content="", papel="bueno"):
    """→ the SHA-256 of its scan."""
    content = content or one.base
    with database.write() as conn:
        scan = signed_document(conn, one.base, content)
        sha256 = content.encode().hex().ljust(64, "0")[:64]
        how = {"document_id": scan, "sha256": sha256, "certificate_id": scan, "case_id": case_id, "by": None, "at": AT}
        register_scan(conn, one, indexed=Indexed(students, "Íñiguez", papel), **how)
    return sha256


@pytest.mark.req("R-21", "R-51", "R-53")
def test_a_registered_scan_is_found_kept_for_ever_and_its_paper_has_a_place(database):
    (case_id,) = new_cases(database, 1)
    (one,) = judge(database, 3, old(fecha="2015-06-18")).actas
    sha256 = registered(database, one, case_id, "Ñáñez, Güemes")
    with database.write() as conn:
        shelve_scan(conn, one.base, " Sala 2,  caja 31 ", case_id, AT)
        (found,) = find_scans(conn, ScanQuery("nanez iniguez"), KEEPER).scans
        assert (found.base, found.place, scan_with(conn, sha256)) == (one.base, "Sala 2, caja 31", (one.base, True))
        assert (found.estudiantes, found.docentes, found.papel) == ("Ñáñez, Güemes", "Íñiguez", "bueno")
        assert find_scans(conn, ScanQuery("redes"), KEEPER).scans == ()
    with pytest.raises(IntegrityError), database.write() as conn:
        conn.execute(acta_digitalizada.update().values(sha256="0" * 64))
    with pytest.raises(IntegrityError), database.write() as conn:
        conn.execute(acta_digitalizada.delete())


def test_what_a_case_registered_is_no_obstacle_to_it_but_to_any_other(database):
    mine, other = new_cases(database, 2)
    (one,) = judge(database, 2, old()).actas
    registered(database, one, mine)
    assert judge(database, 2, old(), case_id=mine).refused == ()
    (said,) = judge(database, 2, old(), case_id=other).refused
    assert said.startswith("Fila 1, 2020-L0001-F0007: ya está digitalizada y certificada.")
    registered_again = {"document_id": uuid4(), "sha256": "a" * 64, "certificate_id": uuid4(), "by": None, "at": AT}
    with database.write() as conn:
        register_scan(conn, one, case_id=mine, indexed=Indexed(), **registered_again)  # the same job, once more
        with pytest.raises(InvalidAnswers):
            register_scan(conn, one, case_id=other, indexed=Indexed(), **registered_again)
        with pytest.raises(NotFound):
            shelve_scan(conn, one.base, "Caja 1", other, AT)
        assert conn.scalar(sa.select(sa.func.count()).select_from(acta_digitalizada)) == 1
