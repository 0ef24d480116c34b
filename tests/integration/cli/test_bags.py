"""The archive is handed over in a bag that the Library of Congress's own tool finds whole, and damaged when it is."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import bagit
import pytest

from engine.documents import store_document
from engine.errors import Conflict, NotFound, Unavailable
from engine.inbound.sign_task import SignTask, sign_and_complete
from engine.storage.tables import received_mail
from engine.upkeep import export_bag, renew
from tests.integration.signing.test_renewal import CENTURY
from tests.support.batch_office import PROCESS, BatchOffice, open_batch_office
from tests.support.pki import PIN, Authority, authority  # noqa: F401 - a fixture

EARLIER = datetime(2020, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def office(database_url: str, tmp_path: Path, authority: Authority) -> Iterator[BatchOffice]:  # noqa: F811
    with open_batch_office(database_url, tmp_path / "data", authority.pki, level="B-LT") as opened:
        opened.start(2)
        task_id, _ = opened.open_tasks("firmar")
        answers = {"decision": "firmar"}
        sign_and_complete(SignTask(task_id, opened.people["general"], PIN, answers, request_id=uuid4()), opened.app)
        yield opened


@pytest.mark.req("R-51", "R-53")
def test_a_bag_holds_what_was_issued_with_its_history_and_names_it(office: BatchOffice, tmp_path: Path) -> None:
    renew(office.app, CENTURY)
    made = export_bag(office.app, tmp_path / "bolsa", process=PROCESS)
    assert (made.cases, made.documents) == (1, 2)
    bag = bagit.Bag(str(made.folder))
    bag.validate()
    (folder,) = [path for path in (made.folder / "data").iterdir() if path.is_dir()]
    assert {path.name for path in folder.iterdir()} == {"constancia.pdf", "constancia-2.pdf", "historia.json"}
    assert json.loads((folder / "historia.json").read_text())["case"]["number"] == folder.name
    with (made.folder / "data" / "indice.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["archivo"] for line in lines] == [f"{folder.name}/constancia.pdf", f"{folder.name}/constancia-2.pdf"]
    assert {line["sha256"] for line in lines} == {row.sha256 for row in office.issued()}
    (folder / "constancia.pdf").write_bytes(b"otra cosa")
    with pytest.raises(bagit.BagValidationError):
        bag.validate()


@pytest.mark.req("R-34", "R-46", "R-51", "R-53")
def test_in_a_bag_the_original_has_the_name_and_its_letters_are_beside_it(office: BatchOffice, tmp_path: Path) -> None:
    (signed,) = office.issued()
    raw, app = b"From: docente\r\n\r\nVa el acta.", office.app
    with app.database.write() as conn:
        how = {"case_id": signed.case_id, "kind": "issued", "title": "Para cargar", "media_type": "application/pdf"}
        store_document(conn, app.archive, name=signed.name, data=b"%PDF en blanco", at=EARLIER, **how)
        kept = store_document(conn, app.archive, case_id=None, kind="attachment", name="x.eml", title="x",
                              media_type="message/rfc822", data=raw, at=EARLIER)  # fmt: skip
        row = {"id": uuid4(), "account": "actas", "identity": "1" * 64, "message_id": "", "sender": "a@b.example",
               "sender_name": "", "recipients": {}, "subject": "Acta", "received_at": EARLIER, "size": len(raw),
               "raw_sha256": kept.sha256, "whole": True, "attachments": [], "auth": {}, "at": EARLIER,
               "status": "filed", "case_id": signed.case_id}  # fmt: skip
        conn.execute(received_mail.insert().values(row))
    made = export_bag(app, tmp_path / "bolsa", process=PROCESS)
    (folder,) = [path for path in (made.folder / "data").iterdir() if path.is_dir()]
    assert (folder / signed.name).read_bytes() == app.archive.get(signed.sha256)
    assert (folder / "constancia-sin-firma.pdf").read_bytes() == b"%PDF en blanco"
    assert [one.read_bytes() for one in (folder / "correos").iterdir()] == [raw]
    bagit.Bag(str(made.folder)).validate()


def test_what_cannot_be_handed_over_whole_is_not_handed_over(office: BatchOffice, tmp_path: Path) -> None:
    (tmp_path / "ocupada").mkdir()
    with pytest.raises(Conflict, match="ya existe"):
        export_bag(office.app, tmp_path / "ocupada")
    with pytest.raises(NotFound, match="No hay un trámite CO-1999-000001"):
        export_bag(office.app, tmp_path / "bolsa", numbers=["CO-1999-000001"])
    with pytest.raises(NotFound, match="No hay documentos emitidos"):
        export_bag(office.app, tmp_path / "bolsa", process="otro")
    (row,) = office.issued()
    path = office.app.archive.path(row.sha256)
    path.chmod(0o644)
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(Unavailable, match="dañado"):
        export_bag(office.app, tmp_path / "bolsa")
    assert sorted(p.name for p in tmp_path.iterdir() if "bolsa" in p.name) == []
