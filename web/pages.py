"""Every page of the face, once: a blueprint for each audience. A new one is added here and nowhere else."""

from __future__ import annotations

from flask import Flask

from web.actas import ACTA_PAGES
from web.audit import audit
from web.batches import batches
from web.calendar import calendar_pages
from web.carta import carta
from web.cases.closing import closing
from web.cases.views import cases
from web.demo import demo
from web.desk import DESK_PAGES
from web.diagram.views import diagram
from web.examen import EXAM_PAGES
from web.help import help_pages
from web.inbox import inbox
from web.indicators import indicators
from web.matriz import matriz
from web.people import PEOPLE_PAGES
from web.requests import REQUEST_PAGES
from web.sign_in.account import account
from web.sign_in.door import door
from web.verify import verify

PAGES = [
    help_pages,
    door,
    account,
    *REQUEST_PAGES,
    *DESK_PAGES,
    *PEOPLE_PAGES,
    *ACTA_PAGES,
    *EXAM_PAGES,
    carta,
    calendar_pages,
    indicators,
    matriz,
    verify,
    inbox,
    batches,
    cases,
    closing,
    diagram,
    audit,
    demo,
]


def register_pages(app: Flask) -> None:
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
