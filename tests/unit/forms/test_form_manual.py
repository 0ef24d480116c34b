"""What the manual of forms says is what is checked."""

from __future__ import annotations

import re
from pathlib import Path

from engine.forms.check_rules import SETTINGS
from engine.forms.components import INPUTS, SHOWN

MANUAL = (Path(__file__).parents[3] / "docs" / "forms.md").read_text(encoding="utf-8")


def test_every_kind_and_every_property_is_in_the_manual_and_no_other() -> None:
    told = set(re.findall(r"`([a-z_]+)`", MANUAL))
    assert told >= INPUTS | SHOWN | SETTINGS.keys()
    rows = re.findall(r"^\| ((?:`[a-z_]+`(?:, )?)+) \|", MANUAL.split("## Propiedades propias")[1].split("##")[0], re.M)
    assert set(re.findall(r"`([a-z_]+)`", " ".join(rows))) == SETTINGS.keys()
