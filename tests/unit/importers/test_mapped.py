"""Any export, told as a map says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.fakes.import_inbox import MemoryImportInbox

from omtanke.intake.importers.faults import MapRefused
from omtanke.intake.importers.mapped import import_csv
from omtanke.intake.importers.mapping import parse_map, read_map
from omtanke.intake.importers.report import Report
from omtanke.vocabulary.reading import read_message
from omtanke.vocabulary.time import zone_named

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "docs" / "examples" / "online_retail.toml"
RETAIL = Path(__file__).parent / "data" / "retail.csv"
NOW = 2_000_000_000_000_000

SHOP = """
[source]
name = "shop"
zone = "Europe/Stockholm"
currency = "SEK"

[file]
delimiter = ";"
decimal = ","
dates = ["%d/%m/%Y %H:%M", "%d/%m/%Y"]

[[event]]
name = "Order Completed"
family = "orders"
key = ["ORDER"]
at = "BOUGHT"
channel = "web"
touchpoint = "checkout"

[event.who]
email = "MAIL"

[[event.who.external]]
type = "crm_id"
column = "CRM"

[event.properties]
order_id = "ORDER"
total = "SUM"

[[event.promises]]
kind = "delivery"
until = { column = "BOUGHT", days = 5, type = "date" }
words = "Hemma hos dig senast {until}, order {ORDER}"

[[event]]
name = "Shipment Delivered"
family = "orders"
key = ["ORDER"]
at = "ARRIVED"
when = { ARRIVED = { present = true } }
[event.properties]
order_id = "ORDER"
carrier = { column = "BY", values = { P = "postnord", D = "dhl" } }
"""
HEADER = "ORDER;BOUGHT;MAIL;CRM;SUM;ARRIVED;BY\n"
ROW = "17;24/11/2026 09:30;Anna@Example.se;c9;1.249,50;27/11/2026 14:00;P\n"


def run(tmp_path: Path, rows: str, inbox: MemoryImportInbox, map_text: str = SHOP) -> Report:
    file = tmp_path / "orders.csv"
    file.write_text(rows, encoding="utf-8")
    return import_csv(file, parse_map(map_text, "shop.toml"), inbox, 1, lambda: NOW)


def refusal(tmp_path: Path, rows: str) -> str:
    report = run(tmp_path, rows, MemoryImportInbox())
    assert report.files[0].rows == report.files[0].accounted
    return str(report.files[0].refusals[0])


def wires(inbox: MemoryImportInbox) -> list[Any]:
    return [msgspec.json.decode(message.wire) for message in inbox.messages]


def test_row_becomes_its_events(tmp_path: Path) -> None:
    inbox = MemoryImportInbox()
    run(tmp_path, HEADER + ROW, inbox)
    assert wires(inbox) == [
        {
            "type": "track",
            "event": "Order Completed",
            "messageId": "orders/17/order_completed",
            "timestamp": "2026-11-24T09:30:00",
            "context": {
                "channel": "web",
                "touchpoint": "checkout",
                "externalIds": [{"id": "c9", "type": "crm_id"}],
                "traits": {"email": "Anna@Example.se"},
            },
            "properties": {
                "order_id": "17",
                "total": "1249.50",
                "promises": [{"kind": "delivery", "until": "2026-11-29", "words": "Hemma hos dig senast 2026-11-29, order 17"}],
            },
        },
        {
            "type": "track",
            "event": "Shipment Delivered",
            "messageId": "orders/17/shipment_delivered",
            "timestamp": "2026-11-27T14:00:00",
            "context": {"channel": "none"},
            "properties": {"order_id": "17", "carrier": "postnord"},
        },
    ]


def test_row_without_the_condition_tells_only_the_rest(tmp_path: Path) -> None:
    report = run(tmp_path, HEADER + "17;24/11/2026 09:30;;;10,00;;\n", MemoryImportInbox())
    assert report.messages == {"Order Completed": 1}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("1.249,50", "1249.50", "column SUM: '1249.50'; expected a number as in 1,50"),
        ("24/11/2026 09:30", "2026-11-24", "column BOUGHT: '2026-11-24'; expected a moment written as %d/%m/%Y %H:%M or %d/%m/%Y"),
        ("24/11/2026 09:30", "", "column BOUGHT: ''; expected the moment of Order Completed"),
        (";P", ";X", "column BY: 'X'; expected one of P, D, as event[1].properties.carrier lists"),
        ("17;", ";", "column ORDER: ''; expected part of the key of Order Completed; it may not be empty"),
    ],
)
def test_row_with_a_wrong_cell_is_refused_as_a_whole(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert refusal(tmp_path, HEADER + ROW.replace(old, new, 1)).startswith(f"orders.csv, line 2, {says}")


def test_row_with_the_key_of_another_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, HEADER + ROW + ROW)
    assert said.startswith("orders.csv, line 3, column ORDER: '17'; expected a key of its own; line 2 has the same")


def test_wrong_rows_do_not_keep_the_others_out(tmp_path: Path) -> None:
    report = run(tmp_path, HEADER + ROW.replace("1.249,50", "?") + ROW, MemoryImportInbox())
    assert (report.refused, report.files[0].told) == (1, 1)


def test_file_without_a_column_of_the_map_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MapRefused, match=r"event\[0\].at: the file has no column 'BOUGHT'. Did you mean 'BOUGHT AT'\?"):
        run(tmp_path, HEADER.replace("BOUGHT", "BOUGHT AT") + ROW, MemoryImportInbox())


def test_promise_whose_window_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    backwards = SHOP.replace('words = "', 'from = { column = "ARRIVED", type = "date" }\nwords = "').replace("days = 5", "days = 1")
    report = run(tmp_path, HEADER + ROW, MemoryImportInbox(), backwards)
    assert report.files[0].refusals[0].expected == "a window that begins before it ends"


def test_import_twice_changes_nothing(tmp_path: Path) -> None:
    inbox = MemoryImportInbox()
    run(tmp_path, HEADER + ROW, inbox)
    assert run(tmp_path, HEADER + ROW, inbox).new == 0


def test_example_on_a_small_file() -> None:
    inbox = MemoryImportInbox()
    report = import_csv(RETAIL, read_map(EXAMPLE), inbox, 1, lambda: NOW)
    assert report.messages == {"Customer Identified": 1, "Order Completed": 2, "Order Line Recorded": 4, "Return Received": 1}
    assert report.files[0].left_aside == {"goods written off in the warehouse": 1, "adjustments of bad debt": 1}
    for message in inbox.messages:
        read_message(msgspec.json.decode(message.wire), NOW, zone_named("Europe/London"), "GBP", lambda kind, number: 1)


def test_example_numbers_the_rows_of_one_product() -> None:
    inbox = MemoryImportInbox()
    import_csv(RETAIL, read_map(EXAMPLE), inbox, 1, lambda: NOW)
    lines = [message.message_id for message in inbox.messages if message.message_id.startswith("lines/500001")]
    assert lines == [f"lines/500001/{row}/order_line_recorded" for row in ("20001/1", "20002/1", "20001/2")]


@pytest.mark.skipif(not os.environ.get("OMTANKE_SOAK"), reason="a minute: make soak")
def test_example_on_the_real_file(shared_data: Path) -> None:
    inbox = MemoryImportInbox()
    report = import_csv(shared_data / "online_retail" / "online_retail.csv.gz", read_map(EXAMPLE), inbox, 1, lambda: NOW, dry_run=True)
    assert report.messages == {"Customer Identified": 4_372, "Order Completed": 20_725, "Order Line Recorded": 531_282, "Return Received": 9_288}
    assert (report.files[0].rows, report.files[0].accounted, report.refused) == (541_909, 541_909, 0)


ANSWERS = """
[source]
name = "survey"
zone = "UTC"
currency = "SEK"

[[event]]
name = "Survey Answered"
key = ["ID"]
at = { value = "2026-06-30T12:00:00" }

[event.properties]
survey_id = "ID"

[[event.answers]]
question = "seat"
touchpoint = "cabin/seat"
score = "SEAT"
not_applicable = ["0", "-"]

[[event.answers]]
question = "nps"
scale = "0-10"
score = "NPS"
"""


def test_row_answers_several_questions_and_what_did_not_apply_is_counted(tmp_path: Path) -> None:
    inbox = MemoryImportInbox()
    report = run(tmp_path, "ID,SEAT,NPS\n1,4,0\n2,0,9\n3,-,\n4,,10\n", inbox, ANSWERS)
    assert [message["properties"]["answers"] for message in wires(inbox)] == [
        [{"question": "seat", "scale": "1-5", "touchpoint": "cabin/seat", "score": 4}, {"question": "nps", "scale": "0-10", "score": 0}],
        [{"question": "nps", "scale": "0-10", "score": 9}],
        [{"question": "nps", "scale": "0-10", "score": 10}],
    ]
    (file,) = report.files
    assert (dict(file.not_applicable), file.told, file.refused) == ({"SEAT": 1}, 3, 1)
    assert str(file.refusals[0]) == "orders.csv, line 4, column SEAT, NPS: ''; expected an answer to one of the questions at least"
    assert "1 answers left out, not applicable: SEAT" in report.to_text()


@pytest.mark.parametrize(("row", "expected"), [("1,6,", "'6'; expected a score on the scale 1-5"), ("1,good,", "'good'; expected a number as in 1.50")])
def test_score_beside_its_scale_is_refused(tmp_path: Path, row: str, expected: str) -> None:
    assert expected in str(run(tmp_path, f"ID,SEAT,NPS\n{row}\n", MemoryImportInbox(), ANSWERS).files[0].refusals[0])
