"""What leaves can be checked by others, and opens safely in a spreadsheet."""

import csv
import io
import json

from engine.history.export import export_csv, export_json
from engine.storage.events import GENESIS


def test_json_carries_the_exact_hashed_text(office):
    case_id = office.open_case("SG-1", events=2)
    body = json.loads(export_json(office.conn, case_id))
    assert body["case"]["number"] == "SG-1"
    assert [e["data"] for e in body["events"]] == ['{"n":0,"state":"s"}', '{"n":1,"state":"s"}']
    assert body["events"][0]["previous"] == GENESIS
    assert body["events"][1]["previous"] == body["events"][0]["hash"]


def test_csv_opens_with_its_accents_and_without_running_formulas(office):
    case_id = office.open_case("SG-1")
    office.append(case_id, "comment_added", {"text": "á"}, element="=HYPERLINK(1)", actor=office.maria)
    text = export_csv(office.conn, case_id)
    assert text.startswith("\ufeff")
    [row] = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["actor_name"] == "Ñáñez de la Cruz, María José"
    assert row["element"] == "'=HYPERLINK(1)"
