"""States saved by every release open in this one, and go on exactly as they would have then (architecture, rule 7)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import EngineFault
from engine.spiff import Execution, parse_process
from tests.support.diagrams import random_diagram
from tests.support.mid_flight import MID_FLIGHT
from tests.support.save_states import RELEASE, STATES, reopen, take, whats_open
from tests.support.walk import CASE, ZONE, Walk

FILES = sorted(STATES.glob("*/*.json"))


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _as_saved(walk: Walk) -> Any:
    return json.loads(json.dumps(whats_open(walk)))


@pytest.mark.req("R-5")
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_state_of_an_earlier_release_opens_and_goes_on_to_the_same_end(file: Path) -> None:
    saved = _read(file)
    case = reopen(saved)
    assert _as_saved(case) == saved["open"]
    for n, step in enumerate(saved["steps"]):
        take(case, step)
        assert case.last.passed == step["passed"], n
        assert _as_saved(case) == step["open"], n
    assert case.last.completed
    assert {"outcome": case.last.outcome, "data": case.execution.data()} == saved["end"]


def test_every_release_kept_a_case_of_each_kind() -> None:
    releases = {folder.name for folder in STATES.iterdir()}
    assert {"0.1.0", RELEASE} <= releases, "keep this release's states: python -m tests.support.save_states"
    for release in releases:
        kept = {file.stem for file in FILES if file.parent.name == release}
        assert len(kept) >= 30
    assert set(MID_FLIGHT) <= {file.stem for file in FILES if file.parent.name == RELEASE}


def test_what_waits_in_the_kept_states_is_of_every_kind() -> None:
    opened = [_read(file)["open"] for file in FILES]
    assert {wait[3] for one in opened for wait in one["waits"]} == {"timer", "message", "signal"}
    assert any(one["calls"] for one in opened)
    assert any(task[2] == "1" for one in opened for task in one["tasks"])
    assert any(task[3] for one in opened for task in one["tasks"])


def test_a_state_of_a_format_that_this_release_does_not_know_is_refused_and_says_so() -> None:
    saved = _read(FILES[0])
    files = {name: text.encode() for name, text in saved["files"].items()}
    newer = json.dumps({**json.loads(saved["state"]), "v": 99})
    with pytest.raises(EngineFault, match="formato 99"):
        Execution(parse_process(files, "proceso"), CASE, ZONE, newer)


@pytest.mark.parametrize("damaged", ["", "{}", "[]", '{"v": 1}', '{"v": 1, "n": 1, "top": {}, "subs": []}'])
def test_a_damaged_state_is_said_to_be(damaged: str) -> None:
    files = {name: text.encode() for name, text in _read(FILES[0])["files"].items()}
    with pytest.raises(EngineFault, match="está dañado"):
        Execution(parse_process(files, "proceso"), CASE, ZONE, damaged)


def test_a_loaded_task_has_all_that_the_library_gives_one() -> None:
    walk = Walk(parse_process({"proceso.bpmn": random_diagram(358)}, "proceso")).start({"azar": 1})
    made, loaded = walk._execution._workflow, walk.execution._workflow
    assert loaded is not made
    assert {key: set(vars(task)) for key, task in loaded.tasks.items()} == {
        key: set(vars(task)) for key, task in made.tasks.items()
    }


@pytest.mark.req("R-5")
@pytest.mark.parametrize("name", ["call_activity_half_done", "parallel_instances_half_done"])
def test_a_case_stays_in_the_format_that_it_began_in(name: str) -> None:
    """Else its events would not give the states that they recorded."""
    saved = _read(STATES / "0.1.0" / f"{name}.json")
    case = reopen(saved)
    for step in saved["steps"]:
        take(case, step)
        assert json.loads(case.last.state)["v"] == 1


def test_the_children_of_a_call_do_not_each_keep_the_whole_case() -> None:
    saved = _read(STATES / "0.1.0" / "call_activity_half_done.json")
    spec = parse_process({name: text.encode() for name, text in saved["files"].items()}, "proceso")
    large = {"azar": 1, "lista": [{"n": n, "base": "2026-L0001-F0001"} for n in range(200)]}
    text = Walk(spec).start(large).last.state
    state = json.loads(text)
    assert (state["v"], bool(state["subs"])) == (2, True)
    assert text.count("2026-L0001-F0001") == 200
