"""The Brazilian E-Commerce Public Dataset by Olist, as its publisher's files (kaggle.com/olistbr/brazilian-ecommerce).

One order is one `customer_id`; `customer_unique_id` is the person. All times are local in São Paulo.
Rows of customers, items and payments have no moment of their own: they happen when their order was
placed, and wait until it is known. A line also waits for its product, which says its category, in the
publisher's own words: a translation that comes later must not make another fact of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.intake.importers.cells import read_amount, read_code, read_id, read_moment, read_whole
from omtanke.intake.importers.header import wrong_header
from omtanke.intake.importers.ports import Clock, ImportInbox, Progress, silent
from omtanke.intake.importers.report import FileReport, Report, Unfit
from omtanke.intake.importers.table import Table
from omtanke.intake.importers.timeline import RANKS, Timeline, encode, hand_over
from omtanke.storage.ports import Waiting
from omtanke.vocabulary.fact import snake
from omtanke.vocabulary.time import datetime_of, day_ends_at, zone_named

NAME = "olist"
ZONE_NAME = "America/Sao_Paulo"
CURRENCY = "BRL"
ZONE = zone_named(ZONE_NAME)

STATUSES = ("approved", "canceled", "created", "delivered", "invoiced", "processing", "shipped", "unavailable")
CALLED_OFF = ("canceled", "unavailable")
SCALE = "1-5"
MOST_INSTALMENTS = 1000
MOST_LINES = 100_000
PROGRESS_EVERY = 5_000

Message = dict[str, Any]
Told = tuple[str, int, Message]


class Sheet(Struct, frozen=True):
    """One of the publisher's files. The key columns tell its rows apart."""

    family: str
    file: str
    columns: tuple[str, ...]
    keys: int = 1


ORDERS = Sheet(
    "orders",
    "olist_orders_dataset.csv",
    (
        "order_id",
        "customer_id",
        "order_status",
        "order_purchase_timestamp",
        "order_approved_at",
        "order_delivered_carrier_date",
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
    ),
)
CUSTOMERS = Sheet(
    "customers",
    "olist_customers_dataset.csv",
    ("customer_id", "customer_unique_id", "customer_zip_code_prefix", "customer_city", "customer_state"),
)
ITEMS = Sheet(
    "items",
    "olist_order_items_dataset.csv",
    ("order_id", "order_item_id", "product_id", "seller_id", "shipping_limit_date", "price", "freight_value"),
    keys=2,
)
PAYMENTS = Sheet(
    "payments",
    "olist_order_payments_dataset.csv",
    ("order_id", "payment_sequential", "payment_type", "payment_installments", "payment_value"),
    keys=2,
)
REVIEWS = Sheet(
    "reviews",
    "olist_order_reviews_dataset.csv",
    (
        "review_id",
        "order_id",
        "review_score",
        "review_comment_title",
        "review_comment_message",
        "review_creation_date",
        "review_answer_timestamp",
    ),
    keys=2,
)
PRODUCTS = Sheet("products", "olist_products_dataset.csv", ("product_id", "product_category_name"))
SELLERS = Sheet("sellers", "olist_sellers_dataset.csv", ("seller_id", "seller_zip_code_prefix", "seller_city", "seller_state"))
TRANSLATION = Sheet("translation", "product_category_name_translation.csv", ("product_category_name", "product_category_name_english"))


class Dependent(Struct, frozen=True, gc=False):
    """A row that was understood and lacks its moment: `dated_by` is the key that knows it; `described_by`, where
    it is not empty, the key that knows the category. `message` is complete but for those."""

    row: str
    name: str
    dated_by: str
    described_by: str
    message: Message


def import_olist(
    folder: Path,
    inbox: ImportInbox,
    source: int,
    clock: Clock,
    *,
    progress: Progress = silent,
    dry_run: bool = False,
    ended: bool = False,
) -> Report:
    """Read the folder and append to the inbox what is new. Files that are not there are noted in the report.

    `ended` says that nothing more will come: lines whose product is still unknown are told without a category.
    """
    with Timeline() as timeline:
        reading = _Import(folder, timeline, progress)
        reading.read_files()
        resolved = _resolve_waiting(reading, inbox, source, dry_run, ended)
        accepted = hand_over(timeline, inbox, source, clock, progress=progress, dry_run=dry_run)
        if not dry_run:
            inbox.release(source, resolved)
        report = reading.report
        report.new, report.repeated, report.dry_run = accepted.new, accepted.repeated, dry_run
        report.first_at, report.last_at = _written(timeline.first_at), _written(timeline.last_at)
        return report


class _Import:
    """One reading of a folder: what is known from it, what hangs on what has not come, and the report."""

    def __init__(self, folder: Path, timeline: Timeline, progress: Progress) -> None:
        self.folder = folder
        self.timeline = timeline
        self.progress = progress
        self.report = Report(NAME, [])
        self.known: dict[str, str] = {}
        self.later: list[tuple[FileReport, str, Dependent]] = []
        self.told_here: set[tuple[str, str]] = set()

    def read_files(self) -> None:
        """Orders and products first: the rest is dated and described by them."""
        self._read(ORDERS, self._order)
        self._read(PRODUCTS, self._product)
        self._read(SELLERS, self._seller)
        self._read(TRANSLATION, self._translation)
        self._read(CUSTOMERS, self._dependent("customers", customer_of))
        self._read(ITEMS, self._dependent("items", line_of))
        self._read(PAYMENTS, self._dependent("payments", payment_of))
        self._read(REVIEWS, self._review)

    def tell(self, report: FileReport, told: Told) -> None:
        """An event into the timeline."""
        name, moment, message = told
        self.timeline.add(RANKS[name], message["messageId"], moment, message)
        report.messages[name] += 1

    def _read(self, sheet: Sheet, take: Callable[[FileReport, list[str]], None]) -> None:
        report = FileReport(sheet.file)
        self.report.files.append(report)
        for line, cells in _rows_of(self.folder, sheet, report, self.progress):
            try:
                take(report, cells)
            except Unfit as unfit:
                report.refuse(line, unfit.column, unfit.value, unfit.expected)

    def _order(self, report: FileReport, cells: list[str]) -> None:
        for told in events_of_order(cells):
            self.tell(report, told)
        self.known.setdefault(f"order/{cells[0].strip()}", cells[3])
        self.known.setdefault(f"customer/{cells[1].strip()}", cells[3])
        report.told += 1

    def _review(self, report: FileReport, cells: list[str]) -> None:
        for told in events_of_review(cells):
            self.tell(report, told)
        report.told += 1

    def _product(self, report: FileReport, cells: list[str]) -> None:
        self.known[f"product/{read_id(cells[0], 'product_id')}"] = read_code(cells[1], "product_category_name").strip()
        report.reference += 1

    def _seller(self, report: FileReport, cells: list[str]) -> None:
        read_id(cells[0], "seller_id")
        read_code(cells[3], "seller_state")
        report.reference += 1

    def _translation(self, report: FileReport, cells: list[str]) -> None:
        for column, cell in zip(TRANSLATION.columns, cells, strict=True):
            if not read_code(cell, column):
                raise Unfit(column, cell, "the name of a category")
        report.reference += 1

    def _dependent(self, family: str, read: Callable[[list[str]], Dependent]) -> Callable[[FileReport, list[str]], None]:
        known, later, told_here = self.known, self.later, self.told_here

        def take(report: FileReport, cells: list[str]) -> None:
            row = read(cells)
            if row.dated_by in known and (not row.described_by or row.described_by in known):
                self.tell(report, dated(row, known[row.dated_by], known.get(row.described_by, "")))
                told_here.add((family, row.row))
                report.told += 1
            else:
                later.append((report, family, row))
                report.waiting += 1

        return take


def _resolve_waiting(reading: _Import, inbox: ImportInbox, source: int, dry_run: bool, ended: bool) -> list[tuple[str, str]]:
    """Tell the rows that wait, of this import and earlier ones, where what they hang on is known by now.

    Learning and waiting come first and reading back second, so that of two imports at once the later one
    sees what the earlier has left. Returns the rows that need wait no longer.
    """
    here = {(family, row.row): report for report, family, row in reading.later}
    rows = [Waiting(family, row.row, _missing(row, reading.known), encode(row)) for _, family, row in reading.later]
    if not dry_run:
        inbox.learn(source, reading.known)
        inbox.wait(source, rows)
    waiting = [*inbox.waiting(source), *(rows if dry_run else ())]
    every = {(entry.family, entry.row): msgspec.json.decode(entry.payload, type=Dependent) for entry in waiting}
    keys = {key for row in every.values() for key in (row.dated_by, row.described_by) if key and key not in reading.known}
    known = {**reading.known, **inbox.known(source, sorted(keys))}
    by_family = {sheet.family: report for sheet, report in zip(READ_IN_ORDER, reading.report.files, strict=True)}
    resolved = []
    for (family, name), row in every.items():
        if (family, name) in reading.told_here:
            resolved.append((family, name))
            continue
        if row.dated_by not in known or (row.described_by and row.described_by not in known and not ended):
            reading.report.still_waiting[_missing(row, known).partition("/")[0]] += 1
            continue
        reading.tell(by_family[family], dated(row, known[row.dated_by], known.get(row.described_by, "")))
        resolved.append((family, name))
        if (family, name) in here:
            here[family, name].waiting -= 1
            here[family, name].told += 1
        else:
            reading.report.released += 1
    return resolved


READ_IN_ORDER = (ORDERS, PRODUCTS, SELLERS, TRANSLATION, CUSTOMERS, ITEMS, PAYMENTS, REVIEWS)


def _missing(row: Dependent, known: dict[str, str]) -> str:
    return row.described_by if row.dated_by in known else row.dated_by


def _rows_of(folder: Path, sheet: Sheet, report: FileReport, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    """(line, the sheet's cells in its own order) of each row whose key no earlier row has."""
    path = folder / sheet.file
    if not path.is_file():
        report.notes.append("is not in the folder")
        return
    with Table(path, report) as table:
        columns = wrong_header(table, sheet.columns)
        if columns is None:
            return
        take = itemgetter(*columns)
        seen: dict[tuple[str, ...], int] = {}
        for line, row in table.rows():
            cells = take(row)
            key = tuple(map(str.strip, cells[: sheet.keys]))
            first = seen.setdefault(key, line)
            if first != line:
                report.refuse(line, ", ".join(sheet.columns[: sheet.keys]), ", ".join(key), f"a key of its own; line {first} has the same")
                continue
            yield line, cells
            if report.rows % PROGRESS_EVERY == 0:
                progress(sheet.file, report.rows, 0)
        progress(sheet.file, report.rows, report.rows)


def events_of_order(cells: list[str]) -> list[Told]:
    """What happened to an order, as far as its row tells."""
    order, customer, status, bought, approved, handed, delivered, estimated = cells
    order, customer = read_id(order, "order_id"), read_id(customer, "customer_id")
    if status not in STATUSES:
        raise Unfit("order_status", status, f"one of {', '.join(STATUSES)}")
    until, words = read_estimate(estimated)
    bought_at = read_moment(bought, "order_purchase_timestamp", ZONE)
    completed = _track("Order Completed", f"orders/{order}", bought, "web", {"order_id": order, "promises": [_promise(until, words)]})
    completed["context"].update(touchpoint="checkout", externalIds=[{"id": customer, "type": "olist_customer_id"}])
    told: list[Told] = [("Order Completed", bought_at, completed)]
    last_at, last = bought_at, bought
    for name, column, written, channel in (
        ("Payment Approved", "order_approved_at", approved, "none"),
        ("Order Shipped", "order_delivered_carrier_date", handed, "warehouse"),
        ("Shipment Delivered", "order_delivered_customer_date", delivered, "delivery"),
    ):
        if written:
            at = read_moment(written, column, ZONE)
            told.append((name, at, _track(name, f"orders/{order}", written, channel, {"order_id": order})))
            last_at, last = max((last_at, last), (at, written))
    if status in CALLED_OFF and not delivered:
        ends_at, ends = _day_end(until)
        at, written = min((last_at, last), (ends_at, ends))
        told.append(("Order Cancelled", at, _track("Order Cancelled", f"orders/{order}", written, "none", {"order_id": order, "reason": status})))
    return told


def events_of_review(cells: list[str]) -> list[Told]:
    """A question that was sent, and the answer."""
    review, order, score, title, comment, sent, answered = cells
    review, order = read_id(review, "review_id"), read_id(order, "order_id")
    row = f"{review}/{order}"
    asked = {"survey_id": row, "order_id": order, "scale": SCALE}
    answer = {**asked, "score": read_whole(score, "review_score", 1, 5), "comment": comment, "comment_title": title}
    sent_at = read_moment(sent, "review_creation_date", ZONE)
    told: list[Told] = [("Survey Sent", sent_at, _track("Survey Sent", f"reviews/{row}", sent, "survey", asked))]
    if answered:
        at = read_moment(answered, "review_answer_timestamp", ZONE)
        given = {name: value for name, value in answer.items() if value != ""}
        told.append(("Survey Answered", at, _track("Survey Answered", f"reviews/{row}", answered, "survey", given)))
    return told


def customer_of(cells: list[str]) -> Dependent:
    """Who placed an order."""
    customer, person, postal_code, city, state = cells
    customer, person = read_id(customer, "customer_id"), read_id(person, "customer_unique_id")
    message = {
        "type": "identify",
        "messageId": f"customers/{customer}/customer_identified",
        "context": {"externalIds": [{"id": customer, "type": "olist_customer_id"}, {"id": person, "type": "olist_customer_unique_id"}]},
        "traits": {"region": read_code(state, "customer_state"), "country": "BR", "city": city, "postal_code": postal_code, "locale": "pt-BR"},
    }
    return Dependent(customer, "Customer Identified", f"customer/{customer}", "", message)


def line_of(cells: list[str]) -> Dependent:
    """A line of an order."""
    order, line, product, seller, ship_until, price, freight = cells
    order, product = read_id(order, "order_id"), read_id(product, "product_id")
    read_moment(ship_until, "shipping_limit_date", ZONE)
    row = f"{order}/{read_whole(line, 'order_item_id', 1, MOST_LINES)}"
    properties = {
        "order_id": order,
        "line_id": line,
        "product_id": product,
        "seller_id": read_id(seller, "seller_id"),
        "ship_until": ship_until,
        "price": read_amount(price, "price"),
        "shipping": read_amount(freight, "freight_value"),
        "currency": CURRENCY,
    }
    message = _track("Order Line Recorded", f"items/{row}", "", "web", properties)
    return Dependent(row, "Order Line Recorded", f"order/{order}", f"product/{product}", message)


def payment_of(cells: list[str]) -> Dependent:
    """A payment, or a part of one."""
    order, number, method, instalments, value = cells
    order = read_id(order, "order_id")
    row = f"{order}/{read_whole(number, 'payment_sequential', 1, MOST_LINES)}"
    properties = {
        "order_id": order,
        "method": read_code(method, "payment_type"),
        "amount": read_amount(value, "payment_value"),
        "instalments": read_whole(instalments, "payment_installments", 0, MOST_INSTALMENTS),
        "currency": CURRENCY,
    }
    return Dependent(row, "Payment Recorded", f"order/{order}", "", _track("Payment Recorded", f"payments/{row}", "", "web", properties))


def dated(row: Dependent, written: str, category: str) -> Told:
    """A row whose moment, and description, are known."""
    message = row.message
    if category:
        message["properties"]["category"] = category
    message["timestamp"] = written
    return row.name, read_moment(written, "order_purchase_timestamp", ZONE), message


def _track(name: str, row: str, timestamp: str, channel: str, properties: dict[str, Any]) -> Message:
    message = {"type": "track", "event": name, "messageId": f"{row}/{snake(name)}", "context": {"channel": channel}, "properties": properties}
    if timestamp:
        message["timestamp"] = timestamp
    return message


@lru_cache(maxsize=4096)
def read_estimate(written: str) -> tuple[date, str]:
    """The day until which delivery was promised, and the words shown. The publisher writes it as that day's midnight."""
    read_moment(written, "order_estimated_delivery_date", ZONE)
    day = date.fromisoformat(written[:10])
    return day, f"Entrega até {day:%d/%m/%Y}"


def _promise(until: date, words: str) -> dict[str, str]:
    return {"kind": "delivery", "until": until.isoformat(), "words": words, "place": "checkout"}


def _day_end(day: date) -> tuple[int, str]:
    ends_at = day_ends_at(day, ZONE)
    return ends_at, f"{date.fromordinal(day.toordinal() + 1).isoformat()} 00:00:00"


def _written(moment: int | None) -> str:
    return "" if moment is None else datetime_of(moment, ZONE).isoformat(sep=" ")
