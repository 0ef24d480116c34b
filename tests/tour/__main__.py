"""Parses the command line, sets the stage, plays, writes ``summary.json`` and ``informe.html``. Exit code 1 on any deviation."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from engine.app import build
from tests.support.dovecot import Dovecot
from tests.tour import story, told
from tests.tour.client import Deviation
from tests.tour.post import Post
from tests.tour.tour import Tour, scenarios_of
from web.demo.office import ACCOUNTS
from web.demo.stage import Stage

BY_MAIL = {"acta_examen", "acta_rectificativa"}  # their docentes answer by mail, through a real IMAP server


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run tour", description=__doc__)
    parser.add_argument("process")
    parser.add_argument("--out", type=Path, required=True, help="folder for the documents and summary.json")
    parser.add_argument("--database", help="URL; SQLite in a temporary folder if not given")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--only", help="play only the scenarios whose name holds this text")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with ExitStack() as opened:
        folder = opened.enter_context(
            tempfile.TemporaryDirectory(prefix="cartulario-tour-", ignore_cleanup_errors=True)
        )
        post = Post(opened.enter_context(Dovecot())) if arguments.process in BY_MAIL else None
        accounts = post.accounts(ACCOUNTS) if post else ACCOUNTS
        stage = Stage(Path(folder), database_url=arguments.database, workers=arguments.workers, accounts=accounts)
        opened.enter_context(stage)
        summary, deviations = _play(stage, arguments.process, arguments.out, arguments.only or "", post)
    summary["seconds"] = round(time.monotonic() - began, 1)
    (arguments.out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")
    for deviation in deviations:
        print(f"DEVIATION {deviation}", file=sys.stderr)
    print(
        f"{len(summary['cases'])} cases, {len(deviations)} deviations, {summary['seconds']} s: "
        f"{arguments.out}/summary.json, {arguments.out}/informe.html"
    )
    return 1 if deviations or not summary["cases"] else 0


def _play(stage: Stage, process: str, out: Path, only: str, post: Post | None) -> tuple[dict[str, object], list[str]]:
    app = build(stage.config)
    definition, tour = app.definitions.current(process), Tour(stage, app, out, post)
    for scenario in scenarios_of(definition):
        if only not in scenario.name:
            continue
        player = tour.play(definition, scenario)
        if player is not None and process == story.PROCESS and scenario.name.startswith(story.BEGINS):
            try:
                story.go_on(tour, player)
            except Deviation as deviation:
                tour.fail(str(deviation))
    told.write(tour.players, tour.cases, tour.notes, out)
    app.close()
    broken = any("chain" in deviation for deviation in tour.deviations)
    return {
        "process": process,
        "version": definition.number,
        "cases": tour.cases,
        "chain": "broken" if broken else "intact",
    }, tour.deviations


if __name__ == "__main__":
    sys.exit(main())
