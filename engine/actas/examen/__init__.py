"""Exam actas (Resolución CSU-142/21): the only original source of a grade (R-7).

A mesa's enrolled students are split into actas of 21, numbered in a libro; a docente states the grades, an authority
signs, SGPyEC receives, loads, locks and keeps them, and every ten days what was locked is shown to its students.
docs/actas_examen.md tells the whole. Independent of any diagram.
"""

from engine.actas.examen.access import COPY_KEEPERS, Scope, require_in_scope, scope_of, sees_actas
from engine.actas.examen.acta import (
    Acta,
    Enrolment,
    Member,
    Mesa,
    Step,
    acta_by_base,
    actas_about,
    actas_of_mesa,
    get_acta,
    get_mesa,
    steps_of,
    students_of,
    students_of_all,
    tribunal_of,
)
from engine.actas.examen.calificacion import Grade, grades_of, load_grades
from engine.actas.examen.carga import (
    AlreadyAccepted,
    Fault,
    Incomplete,
    Load,
    Row,
    accept_grades,
    check_load,
    get_load,
    loads_of,
    record_load,
    stated_by,
)
from engine.actas.examen.compare import compare_with_loaded
from engine.actas.examen.completeness import Completeness, completeness
from engine.actas.examen.control import Control, Held, SentBack, control_of
from engine.actas.examen.data import LEGEND, PRINTED_LEGEND, acta_data, acta_of, actas_of, mesa_of
from engine.actas.examen.departamento import Departamento, list_departamentos, put_departamento
from engine.actas.examen.digitised import (
    JudgedBatch,
    OldActa,
    Scan,
    base_of_file,
    find_scans,
    judge_batch,
    match_scans,
    register_scan,
    scan_with,
    shelve_scan,
)
from engine.actas.examen.docente import replace_docente
from engine.actas.examen.ejemplar import (
    Copy,
    CopyQuery,
    CopyStep,
    copies_of,
    count_copies,
    inventory,
    record_copy,
)
from engine.actas.examen.enrolled import Enrolled, ListRefused, RefusedRow, judge_rows, read_enrolled
from engine.actas.examen.escala import ABSENT, ESCALAS, Escala, NotAGrade, escala, says_absent
from engine.actas.examen.exchange import schema
from engine.actas.examen.export import export_csv, export_grades, published_mesas
from engine.actas.examen.figures import OfDepartment, Waiting, by_department, waiting
from engine.actas.examen.historia import Entry, historia_of
from engine.actas.examen.later import open_reconstruction, open_rectification
from engine.actas.examen.libro import Folios, TooManyFolios, allocate, base_name, read_base
from engine.actas.examen.lineage import line_of, origin_of, rebuilt_as
from engine.actas.examen.lock import is_original, lock_acta
from engine.actas.examen.mesa import PER_ACTA, NewMesa, Professor, in_order, open_mesa, split
from engine.actas.examen.missing import Rebuilding, in_course, rebuildings_of
from engine.actas.examen.norma import NORM, Norm, Note, Office, notes, offices, offices_of, take_note
from engine.actas.examen.publication import Published, Schedule, publish, publish_due
from engine.actas.examen.returned import Returned, ReturnUnread, compare_return, read_return
from engine.actas.examen.search import HOLDERS, ActaQuery, Found, FoundPage, find_actas
from engine.actas.examen.state import ANNULLED, CIRCUIT, LOCKED, STATES, WORDS, may_move, move_acta
from engine.actas.examen.student import Student
from engine.actas.examen.withheld import is_withheld

__all__ = [
    "ABSENT",
    "ANNULLED",
    "CIRCUIT",
    "COPY_KEEPERS",
    "ESCALAS",
    "HOLDERS",
    "LEGEND",
    "LOCKED",
    "NORM",
    "PER_ACTA",
    "PRINTED_LEGEND",
    "STATES",
    "WORDS",
    "Acta",
    "ActaQuery",
    "AlreadyAccepted",
    "Completeness",
    "Control",
    "Copy",
    "CopyQuery",
    "CopyStep",
    "Departamento",
    "Enrolled",
    "Enrolment",
    "Entry",
    "Escala",
    "Fault",
    "Folios",
    "Found",
    "FoundPage",
    "Grade",
    "Held",
    "Incomplete",
    "JudgedBatch",
    "ListRefused",
    "Load",
    "Member",
    "Mesa",
    "NewMesa",
    "Norm",
    "NotAGrade",
    "Note",
    "OfDepartment",
    "Office",
    "OldActa",
    "Professor",
    "Published",
    "Rebuilding",
    "RefusedRow",
    "ReturnUnread",
    "Returned",
    "Row",
    "Scan",
    "Schedule",
    "Scope",
    "SentBack",
    "Step",
    "Student",
    "TooManyFolios",
    "Waiting",
    "accept_grades",
    "acta_by_base",
    "acta_data",
    "acta_of",
    "actas_about",
    "actas_of",
    "actas_of_mesa",
    "allocate",
    "base_name",
    "base_of_file",
    "by_department",
    "check_load",
    "compare_return",
    "compare_with_loaded",
    "completeness",
    "control_of",
    "copies_of",
    "count_copies",
    "escala",
    "export_csv",
    "export_grades",
    "find_actas",
    "find_scans",
    "get_acta",
    "get_load",
    "get_mesa",
    "grades_of",
    "historia_of",
    "in_course",
    "in_order",
    "inventory",
    "is_original",
    "is_withheld",
    "judge_batch",
    "judge_rows",
    "line_of",
    "list_departamentos",
    "load_grades",
    "loads_of",
    "lock_acta",
    "match_scans",
    "may_move",
    "mesa_of",
    "move_acta",
    "notes",
    "offices",
    "offices_of",
    "open_mesa",
    "open_reconstruction",
    "open_rectification",
    "origin_of",
    "publish",
    "publish_due",
    "published_mesas",
    "put_departamento",
    "read_base",
    "read_enrolled",
    "read_return",
    "rebuildings_of",
    "rebuilt_as",
    "record_copy",
    "record_load",
    "register_scan",
    "replace_docente",
    "require_in_scope",
    "says_absent",
    "scan_with",
    "schema",
    "scope_of",
    "sees_actas",
    "shelve_scan",
    "split",
    "stated_by",
    "steps_of",
    "students_of",
    "students_of_all",
    "take_note",
    "tribunal_of",
    "waiting",
]
