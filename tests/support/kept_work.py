"""Work that every test would do again and that always gives the same, kept for the life of a pytest process.

Called by ``tests/conftest.py``. What is kept is found again by its whole content only: a template that changed is
compiled anew, and a process of other content, or with other operations, is checked anew.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from engine.definitions import Bundle, Finding, check


class Compiled(BytecodeCache):
    """Templates as bytecode, for the face that each test builds. Jinja compares the checksum of their source."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


class Checked:
    """The check that publishing makes."""

    def __init__(self) -> None:
        self.kept: dict[Any, tuple[Finding, ...]] = {}

    def __call__(self, bundle: Bundle, operations: Mapping[str, Any]) -> list[Finding]:
        key = (bundle.hash, frozenset(operations.items()))
        if key not in self.kept:
            self.kept[key] = tuple(check(bundle, operations))
        return list(self.kept[key])


def keep_work(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": Compiled()})
    patch.setattr(sys.modules["engine.definitions.publish"], "check", Checked())
