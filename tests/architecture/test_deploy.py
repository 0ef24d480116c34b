"""What docs/deploy.md and deploy/ tell an operator to type exists."""

import re
from pathlib import Path

from engine.config import Config
from web.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
UNITS = "\n".join(path.read_text() for path in (ROOT / "deploy" / "systemd").iterdir())
LATER = {"demo"}  # a verb of ./run and a command of its own, listed when it is there


def test_every_setting_of_the_example_is_one_that_is_read():
    example = (ROOT / "deploy" / "environment.example").read_text()
    named = {name.lower() for name in re.findall(r"^CARTULARIO_(\w+)=", example, re.MULTILINE)}
    assert named - set(Config.model_fields) == set()


def test_every_command_that_the_guides_and_units_type_exists():
    typed = set(re.findall(r"(?:^|bin/|run )cartulario ([a-z][a-z-]+)", "\n".join(_code(GUIDE)) + UNITS, re.MULTILINE))
    assert typed - set(COMMANDS) - LATER == set()


def test_every_file_that_the_documents_point_to_is_there():
    for document, text in ((ROOT / "README.md", README), (ROOT / "docs" / "deploy.md", GUIDE)):
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_file_of_deploy_that_the_guide_names_is_there():
    named = {name.rstrip(".*") for name in re.findall(r"deploy/([\w./-]+)", GUIDE)} - {"environment"}
    assert [name for name in named if not (ROOT / "deploy" / name).exists()] == []


def _code(text: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
