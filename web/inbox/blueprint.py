"""The inbox's blueprint, apart so that each module of the room can add its views."""

from __future__ import annotations

from flask import Blueprint

inbox = Blueprint("inbox", __name__)
