"""Schemathesis asks everything that the document of the API promises, and much that it does not: what comes back must be
what is written there, and never a fault of ours."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS

from engine.app import build
from engine.config import Config
from tests.integration.api.conftest import Api, make
from tests.support import examen
from tests.support.face import a_pdf
from web.api import create_api

LEFT_OUT = ("positive_data_acceptance",)  # a well-formed question may still be about a case that does not exist
PEOPLE = ("maria", "rosa", "adan")


def operations() -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        api = create_api(build(Config(database_url="sqlite://", data_dir=Path(folder))))
        with api.app_context():
            paths: dict[str, Any] = api.spec["paths"]  # type: ignore[index]
    return [(method.upper(), path) for path, found in paths.items() for method in found if method != "parameters"]


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("schema")
    file = folder / "cartulario.db"
    file.write_bytes(sqlite_template.read_bytes())
    api = make(f"sqlite:///{file}", folder)
    number = api.start()
    sent = api.caller("adan")("POST", "/uploads", data={"file": (io.BytesIO(a_pdf()), "acta.pdf")})
    api.caller("adan").post("/audit/seals")
    api.known = {
        "number": number,
        "task_id": str(api.task(number)),
        "document_id": sent.json["id"],
        "process": "solicitar_certificacion",
        "n": 1,
        "base": examen.actas(api.house.app.database, examen.open_mesa(api.house.app.database, 2))[0].base,
    }
    yield api
    api.house.app.close()


@pytest.fixture(scope="module")
def document(furnished: Api) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", furnished.house.flask)


@pytest.mark.parametrize("known", [False, True], ids=["any", "known"])
@pytest.mark.parametrize(("method", "path"), operations())
def test_every_operation_keeps_its_word(method: str, path: str, known: bool, document: Any, furnished: Api) -> None:
    """``known``: asked by somebody who may do everything, about what exists; else by anybody about anything."""
    who = "adan" if known else PEOPLE[sum(map(ord, method + path)) % len(PEOPLE)]
    headers = {"Authorization": f"Bearer {furnished.caller(who).token}"}
    left_out = [CHECKS.get_one(name) for name in LEFT_OUT]
    operation = document[path][method]

    @given(case=operation.as_strategy())
    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    def ask(case: Any) -> None:
        if known:
            case.path_parameters.update({k: v for k, v in furnished.known.items() if k in case.path_parameters})
        case.call_and_validate(headers=headers, excluded_checks=left_out)

    ask()
