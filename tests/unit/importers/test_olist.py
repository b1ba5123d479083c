"""Olist's files as events: what each row says, when, and what is refused."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.fakes.import_inbox import MemoryImportInbox

from omtanke.intake.importers.olist import CURRENCY, ZONE, events_of_order, import_olist
from omtanke.intake.importers.report import Report, Unfit
from omtanke.vocabulary.reading import read_message
from omtanke.vocabulary.time import moment_of

SOURCE = 1
NOW = moment_of(datetime.fromisoformat("2018-11-01T12:00:00+01:00"))

CANCELLED_BEFORE_HANDED = ["o9", "c9", "canceled", "2017-10-03 09:00:00", "2017-10-03 09:10:00", "", "", "2017-10-20 00:00:00"]


def run(folder: Path, inbox: MemoryImportInbox, **settings: bool) -> Report:
    return import_olist(folder, inbox, SOURCE, lambda: NOW, **settings)


def wires(inbox: MemoryImportInbox) -> dict[str, Any]:
    return {message.message_id: msgspec.json.decode(message.wire) for message in inbox.messages}


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_import_whole_folder_in_order_of_life(olist_folder: Path) -> None:
    inbox = MemoryImportInbox()
    run(olist_folder, inbox)
    assert [message.message_id for message in inbox.messages] == [
        "customers/c1/customer_identified",
        "orders/o1/order_completed",
        "items/o1/1/order_line_recorded",
        "payments/o1/1/payment_recorded",
        "payments/o1/2/payment_recorded",
        "orders/o1/payment_approved",
        "customers/c2/customer_identified",
        "orders/o2/order_completed",
        "orders/o2/payment_approved",
        "orders/o2/order_cancelled",
        "orders/o1/order_shipped",
        "orders/o1/shipment_delivered",
        "reviews/r1/o1/survey_sent",
        "reviews/r1/o1/survey_answered",
    ]


def test_order_completed_states_the_promise_shown(olist_folder: Path) -> None:
    inbox = MemoryImportInbox()
    run(olist_folder, inbox)
    assert wires(inbox)["orders/o1/order_completed"] == {
        "type": "track",
        "event": "Order Completed",
        "messageId": "orders/o1/order_completed",
        "timestamp": "2017-10-02 10:56:33",
        "context": {"channel": "web", "touchpoint": "checkout", "externalIds": [{"id": "c1", "type": "olist_customer_id"}]},
        "properties": {
            "order_id": "o1",
            "promises": [{"kind": "delivery", "until": "2017-10-18", "words": "Entrega até 18/10/2017", "place": "checkout"}],
        },
    }


def test_order_line_is_dated_and_described(olist_folder: Path) -> None:
    inbox = MemoryImportInbox()
    run(olist_folder, inbox)
    line = wires(inbox)["items/o1/1/order_line_recorded"]
    assert (line["timestamp"], line["properties"]["category"]) == ("2017-10-02 10:56:33", "utilidades_domesticas")


def test_review_keeps_the_comment_over_lines(olist_folder: Path) -> None:
    inbox = MemoryImportInbox()
    run(olist_folder, inbox)
    answer = wires(inbox)["reviews/r1/o1/survey_answered"]["properties"]
    assert answer["comment"] == "Não testei o produto ainda,\nmas chegou bem"
    assert (answer["survey_id"], answer["score"], answer["scale"]) == ("r1/o1", 4, "1-5")


def test_every_message_is_understood_by_the_vocabulary(olist_folder: Path) -> None:
    inbox = MemoryImportInbox()
    run(olist_folder, inbox)
    for message in inbox.messages:
        understood = read_message(msgspec.json.decode(message.wire), NOW, ZONE, CURRENCY, lambda kind, number: 1)
        assert understood.occurred_at == message.stamped_at


def test_cancelled_order_at_its_last_known_moment() -> None:
    told = events_of_order(CANCELLED_BEFORE_HANDED)
    assert [(name, message["timestamp"]) for name, _, message in told][-1] == ("Order Cancelled", "2017-10-03 09:10:00")


def test_cancelled_order_at_the_promise_end_when_last_known_is_later() -> None:
    late = [*CANCELLED_BEFORE_HANDED[:4], "2017-11-05 08:00:00", *CANCELLED_BEFORE_HANDED[5:]]
    name, at, message = events_of_order(late)[-1]
    assert (name, message["timestamp"]) == ("Order Cancelled", "2017-10-21 00:00:00")
    assert at == moment_of(datetime.fromisoformat("2017-10-21T00:00:00-02:00"))


def test_cancelled_order_that_was_delivered_is_not_cancelled() -> None:
    delivered = [*CANCELLED_BEFORE_HANDED[:6], "2017-10-09 10:00:00", CANCELLED_BEFORE_HANDED[7]]
    assert [name for name, _, _ in events_of_order(delivered)] == ["Order Completed", "Payment Approved", "Shipment Delivered"]


@pytest.mark.parametrize(
    ("cell", "value", "column"),
    [
        (0, "", "order_id"),
        (1, "a/b", "customer_id"),
        (2, "sent", "order_status"),
        (3, "2017-02-30 10:00:00", "order_purchase_timestamp"),
        (4, "02/10/2017", "order_approved_at"),
        (7, "", "order_estimated_delivery_date"),
    ],
)
def test_order_with_a_wrong_cell_names_its_column(cell: int, value: str, column: str) -> None:
    cells = [*CANCELLED_BEFORE_HANDED[:cell], value, *CANCELLED_BEFORE_HANDED[cell + 1 :]]
    with pytest.raises(Unfit) as refused:
        events_of_order(cells)
    assert (refused.value.column, refused.value.value) == (column, value)


def test_import_with_wrong_amount_refuses_that_row_only(olist_folder: Path) -> None:
    change(olist_folder, "olist_order_payments_dataset.csv", "20.59", "20,59 R$")
    inbox = MemoryImportInbox()
    report = run(olist_folder, inbox)
    assert report.refused == 1
    assert report.messages["Payment Recorded"] == 1


def test_refusal_names_file_line_column_value_and_what_was_expected(olist_folder: Path) -> None:
    change(olist_folder, "olist_order_payments_dataset.csv", "20.59", "20;59")
    report = run(olist_folder, MemoryImportInbox())
    [refusal] = [refusal for file in report.files for refusal in file.refusals]
    assert str(refusal) == "olist_order_payments_dataset.csv, line 3, column payment_value: '20;59'; expected an amount as in 149.50"


def test_header_with_another_name_refuses_the_file_and_asks(olist_folder: Path) -> None:
    change(olist_folder, "olist_order_payments_dataset.csv", "payment_value", "payment_values")
    report = run(olist_folder, MemoryImportInbox())
    payments = next(file for file in report.files if file.file == "olist_order_payments_dataset.csv")
    assert (payments.rows, payments.refused, payments.told) == (2, 2, 0)
    assert payments.refusals[0].expected == "a column 'payment_value' in the header. Did you mean 'payment_values'?"


def test_duplicated_key_is_refused_with_the_line_of_the_first(olist_folder: Path) -> None:
    change(olist_folder, "olist_order_payments_dataset.csv", "o1,2,", "o1,1,")
    report = run(olist_folder, MemoryImportInbox())
    [refusal] = [refusal for file in report.files for refusal in file.refusals]
    assert (refusal.line, refusal.value, refusal.expected) == (3, "o1, 1", "a key of its own; line 2 has the same")


def test_file_that_is_not_there_is_noted(olist_folder: Path) -> None:
    (olist_folder / "olist_order_reviews_dataset.csv").unlink()
    report = run(olist_folder, MemoryImportInbox())
    assert report.files[-1].notes == ["is not in the folder"]
    assert report.messages["Survey Answered"] == 0


def test_import_twice_changes_nothing(olist_folder: Path) -> None:
    inbox = MemoryImportInbox()
    run(olist_folder, inbox)
    again = run(olist_folder, inbox)
    assert (again.new, again.repeated) == (0, 14)


def test_newer_export_adds_only_the_delivery_since(olist_folder: Path) -> None:
    change(olist_folder, "olist_orders_dataset.csv", "2017-10-10 21:25:13", "")
    inbox = MemoryImportInbox()
    run(olist_folder, inbox)
    change(olist_folder, "olist_orders_dataset.csv", "19:55:00,,", "19:55:00,2017-10-10 21:25:13,")
    assert run(olist_folder, inbox).new == 1
    assert inbox.messages[-1].message_id == "orders/o1/shipment_delivered"


def test_dry_run_writes_nothing_and_says_what_would_be_new(olist_folder: Path) -> None:
    inbox = MemoryImportInbox()
    report = run(olist_folder, inbox, dry_run=True)
    assert (report.new, inbox.messages, inbox.values, inbox.rows) == (14, [], {}, {})


def test_rows_without_their_order_wait_and_are_told_when_it_comes(olist_folder: Path) -> None:
    orders = olist_folder / "olist_orders_dataset.csv"
    kept = orders.read_text(encoding="utf-8")
    orders.write_text("\n".join(kept.splitlines()[:1]), encoding="utf-8")
    inbox = MemoryImportInbox()
    first = run(olist_folder, inbox)
    assert first.still_waiting == {"customer": 2, "order": 3}
    orders.write_text(kept, encoding="utf-8")
    for name in ("olist_customers_dataset.csv", "olist_order_items_dataset.csv", "olist_order_payments_dataset.csv"):
        (olist_folder / name).unlink()
    second = run(olist_folder, inbox)
    assert (second.released, second.still_waiting.total(), len(inbox.messages), inbox.rows) == (5, 0, 14, {})


def test_line_waits_for_its_product_until_the_source_has_ended(olist_folder: Path) -> None:
    change(olist_folder, "olist_products_dataset.csv", "p1", "p2")
    inbox = MemoryImportInbox()
    assert run(olist_folder, inbox).still_waiting == {"product": 1}
    assert run(olist_folder, inbox, ended=True).new == 1
    assert "category" not in wires(inbox)["items/o1/1/order_line_recorded"]["properties"]


@pytest.mark.parametrize("stops_after", [0, 1, 5])
def test_import_interrupted_and_run_again_tells_everything_once(olist_folder: Path, stops_after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omtanke.intake.importers.timeline.BATCH", 2)
    inbox = MemoryImportInbox(stops_after)
    with pytest.raises(KeyboardInterrupt):
        run(olist_folder, inbox)
    inbox.stops_after = None
    run(olist_folder, inbox)
    assert len(wires(inbox)) == len(inbox.messages) == 14


def test_report_as_text_accounts_for_every_file(olist_folder: Path) -> None:
    text = run(olist_folder, MemoryImportInbox()).to_text()
    assert text.startswith("olist: 14 events new, 0 known before\nfrom 2017-10-02 10:56:33-03:00 to 2017-10-12 03:43:48-03:00\n")
    assert "olist_order_payments_dataset.csv                    2          2" in text
