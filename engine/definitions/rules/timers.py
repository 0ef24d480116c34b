"""Timers: a date or a duration that can be worked out, never a cron line, and nothing that fires without end."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import datetime

from engine.definitions.diagram import HUMAN, NS, Container, Node, local
from engine.definitions.finding import Finding
from engine.definitions.schedule import parse_schedule
from engine.definitions.subject import Subject
from engine.errors import UnsafeExpression
from engine.spiff import check_expression

_DURATION = re.compile(r"P(?=.)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?)")
_CYCLE = re.compile(rf"R\d{{1,3}}/(.+/)?{_DURATION.pattern}")


def timers_parse(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if node.event == "timer" and not _starts_the_process(subject, node):
            for problem, mend in _problems(node):
                yield Finding(diagram.file, node.label, problem, mend)


def _starts_the_process(subject: Subject, node: Node) -> bool:
    return any(c.is_process and c.nodes.get(node.id) is node for _d, c in subject.containers()) and (
        node.kind == "startEvent"
    )


def scheduled_starts_can_be_kept(subject: Subject) -> Iterator[Finding]:
    """A timer start has a cycle with its first day, and leads where the plain start leads."""
    for diagram, container in subject.containers():
        if not container.is_process:
            continue
        starts = [node for node in container.nodes.values() if node.kind == "startEvent"]
        plain = {link.target for node in starts if node.event is None for link in container.outgoing(node.id)}
        for node in starts:
            if node.event != "timer":
                continue
            cycle = next((x.text or "" for x in node.definitions[0] if local(x) == "timeCycle"), "")
            try:
                parse_schedule(node.id, cycle)
            except ValueError as error:
                yield Finding(diagram.file, node.label, "No se sabe cuándo empieza.", str(error))
            if {link.target for link in container.outgoing(node.id)} != plain:
                problem = "El inicio con reloj no lleva al mismo elemento que el inicio simple."
                yield Finding(diagram.file, node.label, problem, "Únalos al mismo elemento, y decida después.")


def _problems(node: Node) -> Iterator[tuple[str, str]]:
    values = [x for x in node.definitions[0] if local(x) in ("timeDate", "timeDuration", "timeCycle")]
    if len(values) != 1 or not (values[0].text or "").strip():
        yield "El reloj no dice cuándo.", 'Escriba una fecha, como dias_habiles(10), o una duración, como "P5D".'
        return
    kind, text = local(values[0]), values[0].text.strip()
    try:
        check_expression(text)
    except UnsafeExpression as error:
        yield f"El reloj no se entiende: {error.message}", 'Las fechas y duraciones fijas van entre comillas: "P5D".'
        return
    if _DURATION.fullmatch(text) or _CYCLE.fullmatch(text):
        yield f"«{text}» se leería como el nombre de un dato.", f'Escríbalo entre comillas: "{text}".'
        return
    fixed = _constant(text)
    if kind == "timeCycle":
        if fixed is None or not _CYCLE.fullmatch(fixed):
            yield "El ciclo no se entiende.", 'Escriba cuántas veces y cada cuánto, como "R3/PT1H"; no se admite cron.'
    elif fixed is not None:
        yield from _fixed(kind, fixed)
    elif kind == "timeDuration" and _calls(text) & {"plazo", "dias_habiles"}:
        yield f"«{text}» es una fecha, no una duración.", "Cambie el tipo del reloj a fecha (timeDate)."
    elif kind == "timeDate" and "(" not in text and text.replace(".", "").isdigit():
        yield "Un número no es una fecha.", "Use dias_habiles(10) o plazo(80)."


def _fixed(kind: str, value: str) -> Iterator[tuple[str, str]]:
    if kind == "timeDuration" and not _DURATION.fullmatch(value):
        yield f"«{value}» no es una duración.", 'Escríbala como "P5D" (5 días) o "PT2H" (2 horas).'
    if kind == "timeDate":
        try:
            aware = datetime.fromisoformat(value).tzinfo is not None
        except ValueError:
            yield f"«{value}» no es una fecha.", 'Escríbala como "2026-03-01T08:00:00-05:00".'
            return
        if not aware:
            yield f"«{value}» no dice su zona horaria.", "Termínela en -05:00, o en la de la institución."


def _constant(text: str) -> str | None:
    body = ast.parse(text, mode="eval").body
    return body.value if isinstance(body, ast.Constant) and isinstance(body.value, str) else None


def _calls(text: str) -> set[str]:
    return {n.func.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def timers_of_the_term_follow_its_start(subject: Subject) -> Iterator[Finding]:
    """``plazo(…)`` asks for a term; somebody must have started one with ``iniciar_plazo``."""
    texts = [(diagram, node, "".join(x.itertext())) for diagram, node in subject.nodes() for x in node.definitions]
    starts = any(re.search(r"\biniciar_plazos?\(", "".join(d.root.itertext())) for d in subject.diagrams)
    for diagram, node, text in texts:
        if re.search(r"\bplazo\(", text) and not starts:
            problem = "El reloj mide el plazo del trámite, y nada lo inicia."
            yield Finding(diagram.file, node.label, problem, "Añada antes una tarea de script con iniciar_plazo(…).")


def what_a_timer_tells_is_of_a_persons_task(subject: Subject) -> Iterator[Finding]:
    """The inbox says when the person of a task is reminded: of the task it stands on, or of the one it names."""
    for diagram, container in subject.containers():
        for node in container.nodes.values():
            for problem, mend in _told(container, node):
                yield Finding(diagram.file, node.label, problem, mend)


def _told(container: Container, node: Node) -> Iterator[tuple[str, str]]:
    told, named = node.properties.get("aviso"), node.properties.get("vigila")
    if told is None:
        if named is not None:
            yield "Dice qué tarea vigila, pero no qué hace.", "Añada «aviso» con «recuerda» o «demora», o quítela."
        return
    if told not in _NOTICES:
        yield f"No hay un aviso «{told}».", f"Los que hay: {', '.join(_NOTICES)}."
    if node.event != "timer":
        yield "Dice un aviso y no es un reloj.", "Quite «aviso»: solo un reloj tiene fecha."
    about = container.nodes.get(node.attached_to or named or "")
    if about is None or about.kind not in HUMAN:
        mend = "Póngalo en el borde de la tarea de usuario, o nómbrela en «vigila»: una del mismo proceso."
        yield "El aviso no es de la tarea de una persona.", mend
    elif node.attached_to and node.is_interrupting:
        yield "Cierra su tarea: ya se le dice a quien la tiene.", "Quite «aviso»."


_NOTICES = ("recuerda", "demora")
_AT_ONCE = frozenset({"startEvent", "scriptTask", "businessRuleTask", "intermediateThrowEvent"})
_BEGINS = re.compile(r"\biniciar_plazos?\(")


def the_term_of_the_admission_waits_for_it(subject: Subject) -> Iterator[Finding]:
    """With ``inicio_plazo = "admision"`` the term begins at its script: at the filing, when nothing comes before it."""
    if subject.manifest.service.clock_starts != "admision":
        return
    for diagram, container in subject.containers():
        if container.id != subject.process:
            continue
        for node in (container.nodes[name] for name in _passed_at_once(container)):
            if node.kind == "scriptTask" and _BEGINS.search(node.xml.findtext("b:script", "", NS)):
                problem = 'Con inicio_plazo = "admision", los plazos se inician aquí antes de que alguien admita.'
                mend = "Dibuje esta tarea después de la tarea de usuario que admite, o quite «inicio_plazo»."
                yield Finding(diagram.file, node.label, problem, mend)


def _passed_at_once(container: Container) -> list[str]:
    """What every request passes as soon as it is filed, whatever it says: up to the first choice, wait or errand."""
    reached = [node.id for node in container.nodes.values() if node.kind == "startEvent"]
    for name in reached:
        node, ways = container.nodes[name], container.outgoing(name)
        splits = node.kind == "parallelGateway" and len(container.incoming(name)) == 1
        merges = node.kind == "exclusiveGateway" and len(ways) == 1
        if node.kind in _AT_ONCE or splits or merges:
            reached += [w.target for w in ways if w.target in container.nodes and w.target not in reached]
    return reached
