"""Bad bundles for the rules about templates: which one is filled, and with what."""

from __future__ import annotations

from engine.definitions.rules import templates
from tests.unit.definitions.bad_diagrams import bad
from tests.unit.definitions.samples import DIAGRAM, with_table

ANSWERS = """<text>0</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c2"><text>"graduado"</text></inputEntry>
<outputEntry id="s2"><text>5</text>"""
OF_TEMPLATES = [
    bad(
        templates.templates_exist,
        "a missing template",
        (DIAGRAM, "'respuesta.html'", "'respuestas.html'"),
        element="redactar_respuesta",
    ),
    bad(
        templates.templates_exist,
        "a name that is worked out",
        (DIAGRAM, "'respuesta.html'", "asunto"),
        element="redactar_respuesta",
    ),
    bad(
        templates.templates_exist,
        "a missing template that a table answers",
        (DIAGRAM, "'respuesta.html'", "tarifa"),
        *with_table(ANSWERS, ANSWERS.replace("0", '"nada.html"', 1).replace("5", '"respuesta.html"')),
        element="s1",
    ),
    bad(
        templates.templates_use_what_they_are_given,
        "an unknown name",
        ("forms/respuesta.html", "{{ respuesta }}", "{{ respusta }}"),
        element="línea",
    ),
    bad(
        templates.templates_use_what_they_are_given,
        "an unknown field",
        ("forms/respuesta.html", "tramite.solicitante.nombre", "tramite.solicitante.apodo"),
        element="línea",
    ),
    bad(
        templates.templates_use_what_they_are_given,
        "an unknown filter",
        ("forms/respuesta.html", "{{ respuesta }}", "{{ respuesta|mayuscula }}"),
        element="línea",
    ),
    bad(
        templates.templates_use_what_they_are_given,
        "a mail with an unknown name",
        ("forms/respondida.txt", "{{ enlace }}", "{{ enlase }}"),
        element="línea",
    ),
]
