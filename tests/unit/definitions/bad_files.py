"""One bad bundle for every rule about operations, properties, tables, forms, texts, the manifest and the scenarios."""

from __future__ import annotations

from engine.definitions.rules import files, manifest, operations, properties, scenarios, tables
from tests.unit.definitions.bad_diagrams import PARAMETER, bad
from tests.unit.definitions.samples import DIAGRAM, with_element, with_property, with_table

FIRST_CONDITION = '<text>"estudiante"</text></inputEntry>'
SECOND_CONDITION = '<text>"graduado"</text></inputEntry>'
NUMBERS = '<inputExpression id="e" typeRef="number"><text>tramite.solicitante.perfil</text></inputExpression>\n'


def with_numbers(first: str, second: str) -> tuple[tuple[str, str, str], ...]:
    """A table over numbers instead of words."""
    made, task = with_table()
    _file, _old, dmn = made
    start, end = dmn.index("<inputExpression"), dmn.index("</input>")
    dmn = dmn[:start] + NUMBERS + dmn[end:]
    dmn = dmn.replace(FIRST_CONDITION, f"<text>{first}</text></inputEntry>")
    dmn = dmn.replace(SECOND_CONDITION, f"<text>{second}</text></inputEntry>")
    return ("tarifa.dmn", "", dmn), task


OPERATIONS = [
    bad(
        operations.service_tasks_have_an_operation,
        "none",
        with_element('<bpmn:serviceTask id="nada"/>'),
        element="nada",
    ),
    bad(
        operations.service_tasks_have_an_operation,
        "an operation on a manual task",
        (DIAGRAM, '<bpmn:serviceTask id="sellar_respuesta"', '<bpmn:manualTask id="sellar_respuesta"'),
        (
            DIAGRAM,
            '</bpmn:serviceTask>\n    <bpmn:serviceTask id="entregar',
            '</bpmn:manualTask>\n    <bpmn:serviceTask id="entregar',
        ),
        element="sellar_respuesta",
    ),
    bad(
        operations.operations_exist,
        "an unknown operation",
        (DIAGRAM, 'id="seal_document"', 'id="seal_documents"'),
        element="sellar_respuesta",
    ),
    bad(
        operations.parameters_are_those_of_the_operation,
        "an unknown parameter",
        (DIAGRAM, PARAMETER, PARAMETER + '/><spiffworkflow:parameter id="nivel" type="any" value="1"'),
        element="sellar_respuesta",
    ),
    bad(
        operations.parameters_are_those_of_the_operation,
        "a missing one",
        (DIAGRAM, f"<spiffworkflow:parameter {PARAMETER}/>", ""),
        element="sellar_respuesta",
    ),
    bad(
        operations.results_have_a_plain_name,
        "the system's own name",
        (DIAGRAM, 'resultVariable="documento_sellado"', 'resultVariable="tramite"'),
        element="sellar_respuesta",
    ),
]

PROPERTIES = [
    bad(
        properties.properties_are_known,
        "a misspelt one",
        with_property("resolver_solicitud", "estadoDetale", "x"),
        element="resolver_solicitud",
    ),
    bad(
        properties.properties_are_known,
        "one in the wrong place",
        with_property("redactar_respuesta", "pausaPlazo", "true"),
        element="redactar_respuesta",
    ),
    bad(
        properties.values_mean_something,
        "pausaPlazo = sí",
        with_property("resolver_solicitud", "pausaPlazo", "sí"),
        element="resolver_solicitud",
    ),
    bad(
        properties.values_mean_something,
        "esDevolucion = no",
        with_property("resolver_solicitud", "esDevolucion", "no"),
        element="resolver_solicitud",
    ),
    bad(
        properties.values_mean_something,
        "a return that stops nothing",
        with_property("resolver_solicitud", "esDevolucion", "false"),
        element="resolver_solicitud",
    ),
    bad(
        properties.values_mean_something,
        "an unknown level",
        with_property("resolver_solicitud", "nivel", "B-X"),
        element="resolver_solicitud",
    ),
    bad(
        properties.values_mean_something,
        "a level of nothing",
        with_property("resolver_solicitud", "nivel", "B-LT"),
        element="resolver_solicitud",
    ),
    bad(
        properties.values_mean_something,
        "an outcome in words",
        (DIAGRAM, '"desenlace" value="respondida"', '"desenlace" value="Muy bien"'),
        element="respondida",
    ),
    bad(
        properties.values_mean_something,
        "an empty status",
        (DIAGRAM, 'value="Estamos revisando su solicitud"', 'value=" "'),
        element="resolver_solicitud",
    ),
    bad(
        properties.values_mean_something,
        "a status too long",
        (DIAGRAM, 'value="Estamos revisando su solicitud"', f'value="{"Estamos " * 20}"'),
        element="resolver_solicitud",
    ),
    bad(
        properties.only_the_requester_stops_the_clock,
        "the office stops its clock",
        with_property("resolver_solicitud", "pausaPlazo", "true"),
        element="resolver_solicitud",
    ),
    bad(
        properties.values_mean_something,
        "a queue that nobody empties",
        with_property("resolver_solicitud", "cola", "fotocopias"),
        element="resolver_solicitud",
    ),
    bad(
        properties.values_mean_something,
        "a sheet that nobody draws",
        with_property("resolver_solicitud", "planilla", "asistencia"),
        element="resolver_solicitud",
    ),
    bad(
        properties.what_is_signed_was_made,
        "a document to print that nobody makes",
        with_property("resolver_solicitud", "imprime", "documneto"),
        element="resolver_solicitud",
    ),
    bad(
        properties.what_is_signed_was_made,
        "a document that nobody makes",
        with_property("resolver_solicitud", "firma", "documneto"),
        element="resolver_solicitud",
    ),
    bad(
        properties.ends_say_how_it_went,
        "no outcome",
        (DIAGRAM, '<spiffworkflow:property name="desenlace" value="respondida"/>', ""),
        (DIAGRAM, '<spiffworkflow:property name="desenlace" value="rechazada"/>', ""),
    ),
]

TABLES = [
    bad(tables.decisions_exist, "a table that is not there", with_table()[1], element="fijar_tarifa"),
    bad(
        tables.decisions_are_tables,
        "an expression",
        (
            "tarifa.dmn",
            "",
            '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="x"/></definitions>',
        ),
    ),
    bad(tables.hit_policy_is_one_that_runs, "FIRST", *with_table('"UNIQUE"', '"FIRST"'), element="tarifa"),
    bad(
        tables.cells_are_safe,
        "an input that runs code",
        *with_table("<text>tramite.solicitante.perfil</text>", "<text>open('x')</text>"),
        element="i",
    ),
    bad(
        tables.cells_are_safe,
        "an output that runs code",
        *with_table("<text>5</text>", "<text>eval('5')</text>"),
        element="s2",
    ),
    bad(
        tables.cells_are_safe,
        "a list that is compared as a whole",
        *with_table(FIRST_CONDITION, '<text>"estudiante", "docente"</text></inputEntry>'),
        element="c1",
    ),
    bad(tables.cells_are_safe, "a range of FEEL", *with_numbers("[1..5]", "&gt; 5"), element="c1"),
    bad(tables.cells_are_safe, "an empty output", *with_table("<text>5</text>", "<text></text>"), element="s2"),
    bad(
        tables.outputs_have_a_name,
        "no name",
        *with_table('name="tarifa" typeRef', 'name="la tarifa" typeRef'),
        element="o",
    ),
    bad(
        tables.exactly_one_rule_answers,
        "a value without rule",
        *with_table('"estudiante","graduado"', '"estudiante","graduado","docente"'),
        element="tarifa",
    ),
    bad(
        tables.exactly_one_rule_answers,
        "two rules for a value",
        *with_table(SECOND_CONDITION, "<text>-</text></inputEntry>"),
        element="tarifa",
    ),
    bad(tables.exactly_one_rule_answers, "a gap between numbers", *with_numbers("&lt; 5", "&gt; 5"), element="tarifa"),
    bad(tables.exactly_one_rule_answers, "numbers that overlap", *with_numbers("&lt;= 5", "&gt;= 5"), element="tarifa"),
]

FILES = [
    bad(
        files.user_tasks_have_a_form,
        "no form",
        (DIAGRAM, '<spiffworkflow:property name="formJsonSchemaFilename" value="resolver.json"/>', ""),
        element="resolver_solicitud",
    ),
    bad(
        files.user_tasks_have_a_form,
        "a missing form",
        (DIAGRAM, 'value="resolver.json"', 'value="resolve.json"'),
        element="resolver_solicitud",
    ),
    bad(
        files.forms_are_supported, "an HTML component", ("forms/resolver.json", '"type": "textarea"', '"type": "html"')
    ),
    bad(files.forms_are_supported, "broken JSON", ("forms/resolver.json", '"type": "default",', '"type": default,')),
    bad(
        files.answers_do_not_cover_what_is_the_systems,
        "the key tramite",
        ("forms/resolver.json", '"key": "respuesta"', '"key": "tramite"'),
        element="tramite",
    ),
    bad(
        files.documents_have_their_template,
        "a missing template",
        ("proceso.toml", 'plantilla = "respuesta.html"', 'plantilla = "repuesta.html"'),
        element="documentos.respuesta",
    ),
    bad(files.templates_read_well, "open braces", ("forms/respondida.txt", "{{ asunto }}", "{{ asunto")),
    bad(
        files.templates_read_well,
        "an include of another place",
        ("forms/respuesta.html", '"_base/oficio.html"', '"/etc/passwd"'),
    ),
    bad(
        files.templates_read_well,
        "an include that is worked out",
        ("forms/respuesta.html", '"_base/oficio.html"', "asunto"),
    ),
]

MANIFEST = [
    bad(
        manifest.withdrawal_ends_at_an_element,
        "an unknown element",
        ("proceso.toml", 'retiro_hasta = "resolver_solicitud"', 'retiro_hasta = "resolver"'),
    ),
    bad(
        manifest.withdrawal_ends_when_a_person_decides,
        "what the system does",
        ("proceso.toml", 'retiro_hasta = "resolver_solicitud"', 'retiro_hasta = "redactar_respuesta"'),
    ),
    bad(
        manifest.readers_work_in_it,
        "readers who work in no lane",
        ("proceso.toml", "retiro_hasta =", 'lectores = ["secretariado"]\nretiro_hasta ='),
    ),
    bad(
        manifest.products_are_told_apart,
        "a code twice",
        (
            "proceso.toml",
            "[documentos.respuesta]",
            '[[producto]]\ncodigo = "respuesta"\nnombre = "Otra"\ndias = 1\n[documentos.respuesta]',
        ),
    ),
    bad(
        manifest.a_service_can_be_asked_for,
        "no request form",
        ("proceso.toml", '# servicio = "B9"', 'servicio = "B9"'),
        (DIAGRAM, '<spiffworkflow:property name="formJsonSchemaFilename" value="solicitud.json"/>', ""),
    ),
    bad(
        manifest.a_service_can_be_asked_for,
        "for nobody",
        ("proceso.toml", '# servicio = "B9"', 'servicio = "B9"'),
        ("proceso.toml", 'perfiles = ["estudiante", "graduado", "administrativo", "externo"]', "perfiles = []"),
    ),
]

SCENARIOS = [
    bad(
        scenarios.scenarios_name_existing_elements,
        "an unknown task",
        ("escenarios.toml", 'tarea = "resolver_solicitud"', 'tarea = "resolver"'),
    ),
    bad(
        scenarios.scenarios_expect_outcomes_of_the_diagram,
        "an unknown outcome",
        ("escenarios.toml", 'desenlace = "respondida"', 'desenlace = "respondido"'),
    ),
    bad(
        scenarios.scenarios_have_a_name_of_their_own,
        "a name twice",
        ("escenarios.toml", 'nombre = "No procede"', 'nombre = "Se responde"'),
    ),
]

OF_FILES = [*OPERATIONS, *PROPERTIES, *TABLES, *FILES, *MANIFEST, *SCENARIOS]
