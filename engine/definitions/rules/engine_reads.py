"""Last: the engine itself reads the bundle."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.subject import Subject
from engine.errors import InvalidBundle
from engine.spiff import parse_process


def the_engine_reads_it(subject: Subject) -> Iterator[Finding]:
    try:
        parse_process(dict(subject.bundle.files), subject.process)
    except InvalidBundle as error:
        for told in error.findings:
            yield Finding("proceso.bpmn", None, f"El motor no puede leerlo: {told}", "Corrija lo que se indica.")
    except Exception as error:  # the library's parser trips over odd files in as many ways as there are odd files
        problem = f"El motor no puede leerlo ({type(error).__name__}: {str(error)[:200]})."
        yield Finding("proceso.bpmn", None, problem, "Ábralo y guárdelo con el editor; si sigue, deshaga lo último.")
