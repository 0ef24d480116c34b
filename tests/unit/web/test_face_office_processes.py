"""The office's own processes: seen and begun by the functions that they name, and by nobody else."""

from __future__ import annotations

from tests.support.face import House, publish_process

ADVICE = "registrar_asesoria"
ANSWERS = {
    "tipo": "asesoria",
    "tema": "Cómo se certifica una firma",
    "norma": "Ley 67",
    "a_quien": "Facultad de Educación",
    "asistentes": "3",
    "fecha": "2026-11-20",
    "resumen": "Se explicó qué prueba una firma electrónica y cómo se comprueba.",
}


def test_staff_find_what_their_functions_may_begin_and_begin_it(house: House) -> None:
    publish_process(house, ADVICE)
    rosa = house.enter("rosa")
    assert "De la oficina" in rosa.open("/servicios").text
    draft = rosa.open(f"/servicios/{ADVICE}/solicitud").location
    assert rosa.send(draft, ANSWERS).location == f"{draft}/revisar"
    number = rosa.send(f"{draft}/enviar").location.split("/")[2]
    assert number.startswith("AS-")
    assert "Asesoría: Cómo se certifica una firma" in rosa.open(f"/tramites/{number}").text
    for page in ("/servicios", "/bandeja"):  # the way back to it, later
        assert 'href="/tramites"' in rosa.open(page).text, page
    assert number in rosa.open("/tramites").text
    house.person("ana", "Ana Lucía", "Villacís", "secretaria")
    assert "Facultad de Educación" in house.enter("ana").open(f"/casos/{number}").text


def test_a_student_neither_sees_nor_begins_them(house: House) -> None:
    publish_process(house, ADVICE)
    maria = house.enter("maria")
    assert "De la oficina" not in maria.open("/servicios").text
    assert maria.open(f"/servicios/{ADVICE}/solicitud").status_code == 403
