"""The map that says how the rows of any export are told as events (docs/how-to, importing an export).

A map is read in two steps: `read_map` holds it against itself and the vocabulary, `wrong_columns` against
the header of a file. Both tell all their faults together.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from omtanke.intake.importers.faults import MapRefused
from omtanke.intake.importers.values import UTC, WHO, Condition, Value, read_conditions, read_value
from omtanke.vocabulary.catalogue import OBSERVED
from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.fields import CODE, LONGEST_CODE, Field, Reading, fields_of, reference
from omtanke.vocabulary.identity import CustomerIdentified
from omtanke.vocabulary.money import read_currency
from omtanke.vocabulary.parts import Fault, Part, did_you_mean
from omtanke.vocabulary.product import Line
from omtanke.vocabulary.promise import KINDS, SUBJECTS, PromiseStated, Stated
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.survey import SCALES, Answered
from omtanke.vocabulary.time import zone_named

ISO = "iso"
TIME_OF_DAY = re.compile(r"%[HIMSpXcf]")
# Names of things beside a promise or in a line, which no field of the vocabulary declares.
NUMBERS = {f"{kind}_id" for kind in SUBJECTS if kind != "customer"} | {"line_id"}
NUMBER = reference("thing", *NUMBERS, what="a number that names something")
LINE_NAMES = ("line_id", "product_id", "sku")
PROBE = datetime(2021, 3, 4)
FAMILY = re.compile(r"[a-z0-9_]{1,20}", re.ASCII)


class Leave(Struct, frozen=True):
    """Rows that are of no interest, and why."""

    why: str
    when: tuple[Condition, ...]


class PromiseMap(Struct, frozen=True):
    """A promise stated with an event; left out where its `until` is empty."""

    until: Value
    others: tuple[Value, ...]


class AnswerMap(Struct, frozen=True):
    """One of several questions that a row answers; left out where the cell is empty, or says that it did not apply."""

    path: str
    question: str
    touchpoint: str
    scale: str
    score: Value
    not_applicable: tuple[str, ...]


class EventMap(Struct, frozen=True):
    """One event that a row may tell. `once`: only the first row of a key tells it; `numbered`: the rows of
    a key are counted, and the count is part of the message id."""

    path: str
    name: str
    family: str
    key: tuple[str, ...]
    at: Value
    once: bool
    numbered: bool
    when: tuple[Condition, ...]
    channel: str
    touchpoint: str
    who: tuple[Value, ...]
    external: tuple[tuple[str, Value], ...]
    properties: tuple[Value, ...]
    lines: tuple[tuple[Value, ...], ...]
    promises: tuple[PromiseMap, ...]
    answers: tuple[AnswerMap, ...] = ()

    @property
    def identifies(self) -> bool:
        return self.name == CustomerIdentified.name


class Map(Struct, frozen=True):
    """A map without faults."""

    file: str
    name: str
    zone: str
    currency: str
    delimiter: str
    encoding: str
    decimal: str
    dates: tuple[str, ...]
    leave: tuple[Leave, ...]
    events: tuple[EventMap, ...]


def read_map(path: Path) -> Map:
    """The map in a TOML file. Raises MapRefused with every fault."""
    try:
        return parse_map(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise MapRefused(path.name, [Fault("file", f"is not UTF-8 text: {error}")]) from error


def parse_map(text: str, name: str) -> Map:
    """Like `read_map`, from text; `name` is shown with the faults."""
    faults: list[Fault] = []
    try:
        whole = Part(tomllib.loads(text), "", faults)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise MapRefused(name, [Fault("file", f"is not TOML: {error}")]) from error
    source, file = whole.part("source"), whole.part("file")
    leave = [_leave(part) for part in whole.parts("leave")]
    events = [_event(part) for part in whole.parts("event")]
    if not events:
        whole.fault("event", 'there is none; begin with [[event]] and name = "Order Completed"')
    _told_apart(events, faults)
    read = Map(
        file=name,
        name=source.text("name", '"shop"'),
        zone=_zone(source),
        currency=_currency(source),
        delimiter=_delimiter(file),
        encoding=_encoding(file),
        decimal=_decimal(file),
        dates=_dates(file),
        leave=tuple(leave),
        events=tuple(events),
    )
    for part in (source, file, whole):
        part.nothing_else()
    if faults:
        raise MapRefused(name, faults)
    return read


def wrong_columns(mapped: Map, header: list[str]) -> list[Fault]:
    """The columns that the map names and the header has not, or has more than once."""
    faults = []
    for path, column in _columns(mapped):
        if column not in header:
            faults.append(Fault(path, f"the file has no column {column!r}{did_you_mean(column, header) or '; it has ' + ', '.join(header)}"))
        elif header.count(column) > 1:
            faults.append(Fault(path, f"the file has {header.count(column)} columns {column!r}; rename all but one"))
    return faults


def columns_of(mapped: Map) -> list[str]:
    """Every column that the map names, once."""
    return list(dict.fromkeys(column for _, column in _columns(mapped)))


def _columns(mapped: Map) -> Iterator[tuple[str, str]]:
    for leave in mapped.leave:
        yield from ((condition.path, condition.column) for condition in leave.when)
    for event in mapped.events:
        yield from ((f"{event.path}.key", column) for column in event.key)
        yield from ((condition.path, condition.column) for condition in event.when)
        for value in values_of(event):
            yield from ((value.path, column) for column in value.columns)


def values_of(event: EventMap) -> Iterator[Value]:
    """Every value of an event."""
    yield event.at
    yield from event.who
    yield from (value for _, value in event.external)
    yield from event.properties
    for line in event.lines:
        yield from line
    for promise in event.promises:
        yield promise.until
        yield from promise.others
    yield from (answer.score for answer in event.answers)


def _zone(source: Part) -> str:
    name = source.text("zone", '"Europe/Stockholm"')
    try:
        return zone_named(name).key if name else ""
    except Refused as refused:
        source.fault("zone", f"{name!r} {refused.rule}")
        return ""


def _currency(source: Part) -> str:
    code = source.text("currency", '"SEK"')
    try:
        return read_currency(code, "") if code else ""
    except Refused as refused:
        source.fault("currency", f"{code!r} {refused.rule}")
        return ""


def _delimiter(file: Part) -> str:
    delimiter = file.text("delimiter", '";"', ",")
    if len(delimiter) != 1 or delimiter in '"\r\n' or not delimiter.isascii():
        file.fault("delimiter", f'{delimiter!r} is not one character between cells; write delimiter = ";", or "\\t" for tabs')
        return ","
    return delimiter


def _encoding(file: Part) -> str:
    name = file.text("encoding", '"utf-8"', "utf-8")
    try:
        b"".decode(name)
        codecs.lookup(name)
    except (LookupError, ValueError):
        file.fault("encoding", f'{name!r} is not known; write "utf-8", "latin-1" or "cp1252"')
    return name


def _decimal(file: Part) -> str:
    sign = file.text("decimal", '","', ".")
    if sign not in (".", ","):
        file.fault("decimal", f'{sign!r} does not part decimals; write "." or ","')
    return sign


def _dates(file: Part) -> tuple[str, ...]:
    if "dates" not in file.given:
        file.asked.append("dates")
        return (ISO,)
    formats = file.texts("dates", '["%d/%m/%Y %H:%M", "iso"]')
    for form in formats:
        if form != ISO and not _is_date_form(form):
            file.fault("dates", f'{form!r} does not say year, month and day; write as in "%d/%m/%Y %H:%M", or "iso"')
    return formats


def _is_date_form(form: str) -> bool:
    try:
        return datetime.strptime(PROBE.strftime(form), form).date() == PROBE.date()
    except (ValueError, re.error):  # Python makes a pattern of it, in which nothing can be named twice
        return False


def _leave(part: Part) -> Leave:
    leave = Leave(part.text("why", '"test orders"'), read_conditions(part))
    if not leave.when:
        part.fault("when", 'is missing; write when = { STATUS = "test" }')
    part.nothing_else()
    return leave


def _told_apart(events: list[EventMap], faults: list[Fault]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for event in events:
        first = seen.setdefault((event.family, event.name), event.path)
        if event.name and first != event.path:
            says = f"{first} has the same name and family, their messages could not be told apart; give one a family of its own"
            faults.append(Fault(f"{event.path}.family", says))


def _event(part: Part) -> EventMap:
    name = part.text("name", '"Order Completed"')
    observed = OBSERVED.get(name)
    if name and observed is None:
        part.fault("name", f"event {name!r} is not known{did_you_mean(name, list(OBSERVED)) or '; known are ' + ', '.join(OBSERVED)}")
    identifies = observed is CustomerIdentified
    told, other = ("traits", "properties") if identifies else ("properties", "traits")
    if other in part.given:
        part.fault(other, f"{name} takes {told}, not {other}; write [event.{told}]")
        part.given.pop(other)
    once, numbered = part.flag("once"), part.flag("numbered")
    if once and numbered:
        part.fault("numbered", "does not go with once: either one row of a key tells it, or each")
    lines = tuple(_line(line) for line in part.parts("lines"))
    promises = tuple(_promise(promise) for promise in part.parts("promises"))
    fields = _fields(Stated) if observed is PromiseStated else _fields(observed)
    answers = tuple(_answer(answer) for answer in part.parts("answers"))
    for given, wanted, named in ((lines, "products", "lines"), (promises, "promises", "promises"), (answers, "answers", "answers")):
        if given and observed is not None and wanted not in fields:
            part.fault(named, f"{name} has no {named}; leave it out")
    event = EventMap(
        path=part.path,
        name=name,
        family=_family(part),
        key=part.texts("key", '["ORDER NUMBER"]'),
        at=read_value(part.take("at"), part, "at", None, "moment"),
        once=once,
        numbered=numbered,
        when=read_conditions(part),
        channel=_channel(part),
        touchpoint=_touchpoint(part),
        **_who(part.part("who")),
        properties=_values(part.part(told), fields, observed),
        lines=lines,
        promises=promises,
        answers=answers,
    )
    part.nothing_else()
    return event


def _line(part: Part) -> tuple[Value, ...]:
    values = _values(part, _fields(Line))
    if not any(value.name in LINE_NAMES for value in values):
        part.fault("product_id", f'is missing: a line is named by {", ".join(LINE_NAMES)}; write product_id = "COLUMN"')
    return values


def _family(part: Part) -> str:
    family = part.text("family", '"orders"', "rows")
    if not FAMILY.fullmatch(family):
        part.fault("family", f'{family!r} is not 1 to 20 small letters, figures or _; write family = "orders"')
    return family


def _channel(part: Part) -> str:
    channel = part.text("channel", '"web"', "none")
    if channel not in CHANNELS:
        part.fault("channel", f"{channel!r} is not one of {', '.join(CHANNELS)}")
    return channel


def _touchpoint(part: Part) -> str:
    touchpoint = part.take("touchpoint")
    if touchpoint is None:
        return ""
    if isinstance(touchpoint, str) and len(touchpoint) <= LONGEST_CODE and CODE.fullmatch(touchpoint):
        return touchpoint
    part.fault("touchpoint", f'{touchpoint!r} is not a short word; write touchpoint = "checkout"')
    return ""


def _fields(struct: type[Struct] | None) -> dict[str, Field]:
    """The vocabulary's fields by every name that they may be sent under."""
    return {} if struct is None else {name: field for _, field, _ in fields_of(struct) for name in field.names}


def _values(part: Part, fields: dict[str, Field], observed: type[Observed] | None = None) -> tuple[Value, ...]:
    values = []
    for name in list(part.given):
        field = fields.get(name, NUMBER if name in NUMBERS else None)
        if name == "subject":
            part.fault(name, "is an object; write what it is about as order_id, parcel_id or case_id")
        if field is not None and field.form.startswith("list of"):
            part.fault(name, f"is a list; write [[event.{name if name in ('promises', 'answers') else 'lines'}]]")
            part.take(name)
            continue
        if field is None:
            _misspelt(part, name, fields, observed)
        values.append(read_value(part.take(name), part, name, field))
    named = {value.name for value in values}
    for field in dict.fromkeys(fields.values()):
        if field.required and named.isdisjoint(field.names) and not field.form.startswith("list of"):
            part.fault(field.names[0], f'is missing: {field.what}; write {field.names[0]} = "COLUMN"')
    return tuple(values)


def _misspelt(part: Part, name: str, fields: dict[str, Field], observed: type[Observed] | None) -> None:
    """What the vocabulary does not know is kept in the personal part; a slip of the pen is a fault."""
    if observed is not None and (name in observed.personal or name in WHO):
        return
    for known in fields:
        if name.replace("_", "").lower() == known.replace("_", "").lower():
            part.fault(name, f"is not a field. Did you mean {known!r}?")


def _who(part: Part) -> dict[str, Any]:
    external = []
    for entry in part.parts("external"):
        kind = entry.text("type", '"crm_id"')
        external.append((kind, read_value(entry.given, part, f"{entry.path.rpartition('.')[2]}", None)))
    who = tuple(read_value(part.take(name), part, name, None) for name in WHO if name in part.given)
    part.asked += WHO
    part.nothing_else()
    return {"who": who, "external": tuple(external)}


def _promise(part: Part) -> PromiseMap:
    fields = _fields(Stated)
    until = read_value(part.take("until"), part, "until", fields["until"])
    kind = part.given.get("kind")
    if isinstance(kind, str) and kind in KINDS:
        part.given["kind"] = {"value": kind}
    elif not isinstance(kind, dict):
        part.fault("kind", f"{'is missing' if kind is None else repr(kind) + ' is not known'}; write one of {', '.join(KINDS)}")
        part.given["kind"] = {"value": "delivery"}
    for name in ("words", "place", "owner"):
        if isinstance(part.given.get(name), str):
            part.given[name] = {"text": part.given[name]}
    others = _values(part, {name: field for name, field in fields.items() if name != "until"})
    return PromiseMap(until, others)


def _answer(part: Part) -> AnswerMap:
    fields = _fields(Answered)
    scale = part.text("scale", '"1-5"', "1-5")
    if scale not in SCALES:
        part.fault("scale", f"{scale!r} is not one of {', '.join(SCALES)}")
        scale = "1-5"
    answer = AnswerMap(
        path=part.path,
        question=_word(part, "question", fields["question"], '"seat_comfort"'),
        touchpoint=_word(part, "touchpoint", fields["touchpoint"], '"cabin/seat"', ""),
        scale=scale,
        score=read_value(part.take("score"), part, "score", fields["score"]),
        not_applicable=part.texts("not_applicable", '"0"') if "not_applicable" in part.given else (),
    )
    part.asked.append("not_applicable")
    part.nothing_else()
    return answer


def _word(part: Part, name: str, field: Field, example: str, default: str | None = None) -> str:
    """A short word that is always the same."""
    word = part.text(name, example, default)
    if word:
        try:
            field.read(word, "", Reading(UTC, "SEK", lambda kind, number: 1))
        except Refused as refused:
            part.fault(name, f"{word!r} {refused.rule}")
    return word
