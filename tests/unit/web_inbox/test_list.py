"""The list: its tabs and counts, its filters in the address, its words, what a person keeps of it."""

import re

import pytest


def shown(answer):
    return re.findall(r'class="num-case">([^<]+)<', answer.text)


def test_the_list_has_the_open_tasks_of_my_roles_with_counts(staff):
    answer = staff.rosa.open("/bandeja?bandeja=grupos")
    assert sorted(shown(answer)) == staff.numbers
    assert re.search(r'De mis grupos <span class="count">2<', answer.text)
    assert f">{staff.row(staff.task()).name}</a>" in answer.text


def test_my_own_list_begins_empty_and_says_what_to_do(staff):
    answer = staff.rosa.open("/bandeja")
    assert "No tiene nada pendiente" in answer.text
    assert "bandeja=grupos" in answer.text


def test_somebody_without_a_role_has_no_inbox(office, maria):
    assert maria.open("/bandeja").status_code == 404
    assert maria.open("/casos").status_code == 404


def test_a_stranger_is_asked_to_sign_in_and_comes_back(office, visitor):
    assert visitor.open("/bandeja?bandeja=grupos").location.startswith("/ingresar?volver=")


@pytest.mark.parametrize(
    "query", ["q=ñañez", "q=NANEZ", "q={number}", "proceso=solicitar_certificacion", "vence=semana"]
)
def test_filters_live_in_the_address(staff, query):
    answer = staff.rosa.open(f"/bandeja?bandeja=grupos&{query.format(number=staff.numbers[0])}")
    assert staff.numbers[0] in shown(answer)


def test_a_search_without_result_offers_to_take_the_filters_off(staff):
    answer = staff.rosa.open("/bandeja?bandeja=grupos&q=nadie")
    assert "Nada coincide" in answer.text
    assert "Quitar filtros" in answer.text


@pytest.mark.parametrize("query", ["bandeja=otra&orden=x&vence=y&desde=zz", "dato.x=%00&q=%00%ff", "q=" + "a" * 5000])
def test_an_odd_address_still_opens(staff, query):
    assert staff.rosa.open(f"/bandeja?{query}").status_code == 200


def test_a_view_is_saved_used_and_dropped(staff):
    staff.rosa.send("/bandeja/vistas?bandeja=grupos&vence=hoy", {"name": "Lo de hoy"})
    page = staff.rosa.open("/bandeja")
    assert "Lo de hoy" in page.text
    assert "vence=hoy" in page.text
    drop = re.search(r"/bandeja/vistas/[0-9a-f-]+/quitar", page.text)[0]
    staff.rosa.send(drop)
    assert "Lo de hoy" not in staff.rosa.open("/bandeja").text.replace("La vista se quitó", "")


def test_a_view_without_a_name_is_refused_in_words(staff):
    staff.rosa.send("/bandeja/vistas", {"name": " "})
    assert "Póngale un nombre" in staff.rosa.open("/bandeja").text


def test_keys_can_be_turned_off_and_on(staff):
    assert 'data-keys="on"' in staff.rosa.open("/bandeja").text
    staff.rosa.send("/bandeja/atajos")
    assert 'data-keys="off"' in staff.rosa.open("/bandeja").text
    staff.rosa.send("/bandeja/atajos")
    assert 'data-keys="on"' in staff.rosa.open("/bandeja").text


def test_counts_are_asked_for_alone_and_say_when_something_changed(staff):
    assert "Hay cambios" not in staff.rosa.open("/bandeja/cuentas?bandeja=grupos&n=2").text
    answer = staff.rosa.open("/bandeja/cuentas?bandeja=grupos&n=1")
    assert "Hay cambios" in answer.text
    assert "<html" not in answer.text


def test_the_pane_alone_is_given_when_only_that_is_asked_for(staff):
    answer = staff.rosa.open(f"/bandeja/{staff.task()}", headers={"HX-Request": "true", "HX-Target": "detalle"})
    assert answer.text.strip().startswith("<article")
    assert 'class="rows"' not in answer.text
