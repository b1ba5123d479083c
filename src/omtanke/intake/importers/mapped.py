"""The import of any export, row by row, as a map says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from omtanke.intake.importers.faults import MapRefused
from omtanke.intake.importers.mapping import ISO, LINE_NAMES, TIME_OF_DAY, AnswerMap, EventMap, Map, PromiseMap, columns_of, wrong_columns
from omtanke.intake.importers.ports import Clock, ImportInbox, Progress, silent
from omtanke.intake.importers.report import FileReport, Report, Unfit
from omtanke.intake.importers.table import Table
from omtanke.intake.importers.timeline import Timeline, hand_over, rank_of
from omtanke.intake.importers.values import TEMPLATE, WHO, Condition, Value
from omtanke.vocabulary.fact import snake
from omtanke.vocabulary.fields import Reading
from omtanke.vocabulary.reading import LONGEST_IDENTIFIER, LONGEST_MESSAGE_ID
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.survey import BOUNDS
from omtanke.vocabulary.time import LOCAL_DATE_LENGTH, datetime_of, read_date, read_end, read_moment, read_start, zone_named

MOST_REMEMBERED = 20_000
PROGRESS_EVERY = 20_000
TOLD_ALREADY = "an earlier row of the same key tells it"
NO_EVENT = "no event of the map is for it"
FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
NUMBER_FORMS = {
    ".": re.compile(r"-?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,15})(\.[0-9]{1,9})?", re.ASCII),
    ",": re.compile(r"-?([0-9]{1,3}([. \u00a0\u202f][0-9]{3})+|[0-9]{1,15})(,[0-9]{1,9})?", re.ASCII),
}

Cells = list[str]
Reader = Callable[[Cells], Any]


def import_csv(
    file: Path,
    mapped: Map,
    inbox: ImportInbox,
    source: int,
    clock: Clock,
    *,
    progress: Progress = silent,
    dry_run: bool = False,
) -> Report:
    """Read the file and append to the inbox what is new. Raises MapRefused when the map does not fit the header."""
    report = FileReport(file.name)
    zone = zone_named(mapped.zone)
    with Timeline() as timeline, Table(file, report, mapped.delimiter, mapped.encoding) as table:
        faults = wrong_columns(mapped, table.header)
        if faults and not report.refusals:
            raise MapRefused(mapped.file, faults)
        if faults:
            table.refuse_rows()
        else:
            _read_rows(table, mapped, timeline, progress)
        accepted = hand_over(timeline, inbox, source, clock, progress=progress, dry_run=dry_run)
        first, last = ("" if at is None else datetime_of(at, zone).isoformat(sep=" ") for at in (timeline.first_at, timeline.last_at))
    return Report(mapped.name, [report], accepted.new, accepted.repeated, first_at=first, last_at=last, dry_run=dry_run)


def messages_of(mapped: Map, cells: Mapping[str, str]) -> list[dict[str, Any]]:
    """The events of one row that comes by itself, by column; a column that it has not is empty. Raises Unfit."""
    header = columns_of(mapped)
    reading = _Cells(mapped, header)
    leave = [(entry.why, [reading.condition(condition) for condition in entry.when]) for entry in mapped.leave]
    told, _ = _tell_row(1, [cells.get(column, "") for column in header], leave, [_Teller(event, reading) for event in mapped.events])
    return [message for _, _, _, message, _ in told]


def _read_rows(table: Table, mapped: Map, timeline: Timeline, progress: Progress) -> None:
    report = table.report
    cells = _Cells(mapped, table.header)
    leave = [(entry.why, [cells.condition(condition) for condition in entry.when]) for entry in mapped.leave]
    tellers = [_Teller(event, cells) for event in mapped.events]
    for line, row in table.rows():
        try:
            told, why = _tell_row(line, row, leave, tellers)
        except Unfit as unfit:
            report.refuse(line, unfit.column, unfit.value, unfit.expected)
        else:
            for teller, key, moment, message, not_applicable in told:
                teller.remember(key, line)
                report.not_applicable.update(not_applicable)
                timeline.add(teller.rank, message["messageId"], moment, message)
                report.messages[teller.event.name] += 1
            if told:
                report.told += 1
            else:
                report.left_aside[why] += 1
        if report.rows % PROGRESS_EVERY == 0:
            progress(report.file, report.rows, 0)
    progress(report.file, report.rows, report.rows)


def _tell_row(line: int, row: Cells, leave: list[tuple[str, list[Reader]]], tellers: list[_Teller]) -> tuple[list[Told], str]:
    """Every event of the row, or why there is none. Raises Unfit when one of them cannot be told: then none is."""
    for why, conditions in leave:
        if all(holds(row) for holds in conditions):
            return [], why
    concerned = [(teller, teller.key_of(row)) for teller in tellers if teller.concerns(row)]
    found = [told for teller, key in concerned if (told := teller.tell(line, row, key)) is not None]
    return found, TOLD_ALREADY if concerned else NO_EVENT


class _Teller:
    """Makes one event of the map out of rows."""

    def __init__(self, event: EventMap, cells: _Cells) -> None:
        self.event = event
        self.rank = rank_of(event.name)
        self._when = [cells.condition(condition) for condition in event.when]
        self._first_lines: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._type = snake(event.name)
        self._keys = [(column, cells.place(column)) for column in event.key]
        self._zone = cells.zone
        self._at = cells.value(event.at)
        known_by = [value for value in event.properties if event.identifies and value.name in WHO]
        self._who = [(value, cells.value(value)) for value in (*event.who, *known_by)]
        self._external = [(kind, value, cells.value(value)) for kind, value in event.external]
        self._properties = [(value.name, cells.value(value)) for value in event.properties if value not in known_by]
        self._lines = [(line, [(value.name, cells.value(value)) for value in line]) for line in event.lines]
        self._answers = [cells.answer(answer) for answer in event.answers]
        self._promises = [(cells.value(promise.until), cells.promise(promise)) for promise in event.promises]

    def concerns(self, row: Cells) -> bool:
        """Whether the event's conditions hold."""
        return all(holds(row) for holds in self._when)

    def remember(self, key: str, line: int) -> None:
        """A row of this key has been told."""
        if not self.event.numbered:
            self._first_lines[key] = line

    def key_of(self, row: Cells) -> str:
        """The key of the row, counted where rows of a key are numbered: also those that are refused later,
        so that the numbers stay when they have been mended."""
        words = []
        for column, place in self._keys:
            word = row[place].strip()
            if not word:
                raise Unfit(column, row[place], f"part of the key of {self.event.name}; it may not be empty")
            words.append(word.replace("%", "%25").replace("/", "%2F"))
        key = "/".join(words)
        if self.event.numbered:
            number = self._counts[key] = self._counts.get(key, 0) + 1
            key = f"{key}/{number}"
        return key

    def tell(self, line: int, row: Cells, key: str) -> Told | None:
        """The event of the row, or None where an earlier row has told it."""
        first = self._first_lines.get(key)
        if first is not None:
            if self.event.once:
                return None
            name = ", ".join(self.event.key)
            raise Unfit(name, key, f"a key of its own; line {first} has the same (rows that may repeat: numbered = true in {self.event.path})")
        message_id = f"{self.event.family}/{key}/{self._type}"
        if len(message_id) > LONGEST_MESSAGE_ID:
            raise Unfit(", ".join(self.event.key), key, f"a shorter key: {message_id!r} may have {LONGEST_MESSAGE_ID} characters")
        written = self._at(row)
        if not written:
            column = self.event.at.column
            raise Unfit(column, "", f'the moment of {self.event.name} (rows without one: when = {{ "{column}" = {{ present = true }} }} in {self.event.path})')
        moment = read_moment(written, self.event.at.column, self._zone)
        not_applicable: list[str] = []
        return self, key, moment, self._message(message_id, written, row, not_applicable), not_applicable

    def _message(self, message_id: str, written: str, row: Cells, not_applicable: list[str]) -> dict[str, Any]:
        """The event in the wire form; columns that did not apply are added to the list."""
        event = self.event
        context: dict[str, Any] = {"channel": event.channel}
        if event.touchpoint:
            context["touchpoint"] = event.touchpoint
        said = {name: value for name, read in self._properties if (value := read(row)) is not None}
        message: dict[str, Any] = {"type": "identify" if event.identifies else "track", "messageId": message_id, "timestamp": written, "context": context}
        traits: dict[str, Any] = {}
        for value, read in self._who:
            word = _identifier(value, read(row))
            if word and value.name in ("user_id", "anonymous_id"):
                message["userId" if value.name == "user_id" else "anonymousId"] = word
            elif word:
                traits[value.name] = word
        external = [{"id": word, "type": kind} for kind, value, read in self._external if (word := _identifier(value, read(row)))]
        if external:
            context["externalIds"] = external
        if self._lines:
            said["products"] = [_line(row, values, readers) for values, readers in self._lines]
        promises = [promise for until, read in self._promises if (ends := until(row)) and (promise := read(row, ends))]
        if promises:
            said["promises"] = promises
        if self._answers:
            said["answers"] = [answer for read in self._answers if (answer := read(row, not_applicable))]
            if not said["answers"] and "score" not in said:
                raise Unfit(", ".join(answer.score.column for answer in event.answers), "", "an answer to one of the questions at least")
        if event.identifies:
            message["traits"] = {**said, **traits}
            return message
        if traits:
            context["traits"] = traits
        if "from" in said and "until" in said:
            _check_window(str(said["from"]), str(said["until"]), self._zone)
        message["event"] = event.name
        message["properties"] = said
        return message


Told = tuple[_Teller, str, int, dict[str, Any], list[str]]
"""Who told it, the key, the moment, the message, and the columns that did not apply."""


def _line(row: Cells, values: tuple[Value, ...], readers: list[tuple[str, Reader]]) -> dict[str, Any]:
    line = {name: found for name, read in readers if (found := read(row)) is not None}
    if line.keys().isdisjoint(LINE_NAMES):
        raise Unfit(", ".join(value.column for value in values if value.name in LINE_NAMES), "", "what names the line; it may not be empty")
    return line


def _check_window(start: str, end: str, zone: ZoneInfo) -> None:
    if read_start(start, "from", zone) > read_end(end, "until", zone):
        raise Unfit("", f"{start} to {end}", "a window that begins before it ends")


def _identifier(value: Value, word: Any) -> str:
    text = "" if word is None else str(word).strip()
    if len(text) > LONGEST_IDENTIFIER:
        raise Unfit(value.column, text, f"an identifier of at most {LONGEST_IDENTIFIER} characters")
    return text


class _Cells:
    """Turns what a map says of cells into functions of a row."""

    def __init__(self, mapped: Map, header: list[str]) -> None:
        self.mapped = mapped
        self.zone: ZoneInfo = zone_named(mapped.zone)
        self._places = {column: place for place, column in enumerate(header)}
        self._reading = Reading(self.zone, mapped.currency, lambda kind, number: 1)

    def place(self, column: str) -> int:
        return self._places[column]

    def condition(self, condition: Condition) -> Reader:
        """Whether it holds of a row."""
        cell = itemgetter(self.place(condition.column))
        words, number = condition.words, condition.number
        match condition.test:
            case "present":
                return lambda row: bool(cell(row).strip())
            case "empty":
                return lambda row: not cell(row).strip()
            case "is":
                return lambda row: cell(row).strip() in words
            case "not":
                return lambda row: cell(row).strip() not in words
            case "starts":
                return lambda row: cell(row).startswith(words)
            case "above":
                return lambda row: read_number(cell(row).strip(), condition.column, self.mapped.decimal) > number
            case _:
                return lambda row: read_number(cell(row).strip(), condition.column, self.mapped.decimal) < number

    def promise(self, promise: PromiseMap) -> Callable[[Cells, str], dict[str, Any]]:
        """The promise of a row, given its end."""
        others = [(value.name, self.value(value)) for value in promise.others]

        def read(row: Cells, ends: str) -> dict[str, Any]:
            said = {name: value for name, take in others if (value := take(row)) is not None}
            said["until"] = ends
            if "words" in said:
                said["words"] = str(said["words"]).replace("{until}", ends)
            if "from" in said:
                _check_window(str(said["from"]), ends, self.zone)
            return said

        return read

    def answer(self, answer: AnswerMap) -> Callable[[Cells, list[str]], dict[str, Any] | None]:
        """The answer of a row to one question; None where there is none. Columns that did not apply are added to the list."""
        score = answer.score
        cell = itemgetter(self.place(score.column)) if score.column else None
        read_score = self.value(score)
        said = {"question": answer.question, "scale": answer.scale} | ({"touchpoint": answer.touchpoint} if answer.touchpoint else {})
        least, most = BOUNDS[answer.scale]

        def read(row: Cells, not_applicable: list[str]) -> dict[str, Any] | None:
            if cell is not None and cell(row).strip() in answer.not_applicable:
                not_applicable.append(score.column)
                return None
            found = read_score(row) if cell is None or cell(row).strip() else None
            if found is None:
                return None
            if not least <= found <= most:
                raise Unfit(score.column, str(found), f"a score on the scale {answer.scale} ({answer.path})")
            return {**said, "score": found}

        return read

    def value(self, value: Value) -> Reader:
        """What is put into the event: None where the cell is empty. What was read once is remembered."""
        if value.text:
            return self._template(value)
        if not value.column:
            fixed = self._fit(value, value.fixed, "")
            return lambda row: fixed
        cell = itemgetter(self.place(value.column))
        remembered: dict[str, Any] = {}

        def read(row: Cells) -> Any:
            text = cell(row)
            if text in remembered:
                return remembered[text]
            if len(remembered) >= MOST_REMEMBERED:
                remembered.clear()
            found = remembered[text] = self._read(value, text)
            return found

        return read

    def _template(self, value: Value) -> Reader:
        places = {column: self.place(column) for column in value.columns}

        def read(row: Cells) -> str:
            text = TEMPLATE.sub(lambda found: row[places[found[1]]].strip() if found[1] in places else found[0], value.text)
            return str(self._fit(value, text, text))

        return read

    def _read(self, value: Value, cell: str) -> Any:
        text = cell.strip()
        if value.values is not None and text in value.values:
            text = value.values[text]
        elif value.values is not None and text and not value.otherwise:
            raise Unfit(value.column, cell, f"one of {', '.join(value.values)}, as {value.path} lists")
        elif (value.values is not None or not text) and value.otherwise:
            text = value.otherwise
        if not text:
            if value.field is not None and value.field.required:
                raise Unfit(value.column, cell, f"{value.field.what}; it may not be empty")
            return None
        return self._fit(value, self._typed(value, text, cell), cell)

    def _fit(self, value: Value, found: Any, cell: str) -> Any:
        """The vocabulary must take it."""
        if value.field is None or found is None:
            return found
        try:
            value.field.read(found, value.column, self._reading)
        except Refused as refused:
            raise Unfit(value.column or value.path, cell, f"{value.field.form} ({value.field.what}): it {refused.rule}") from refused
        finally:
            self._reading.numbers.clear()
        return found

    def _typed(self, value: Value, text: str, cell: str) -> Any:
        match value.type:
            case "whole":
                number = read_number(text, value.column, self.mapped.decimal)
                if number != number.to_integral_value():
                    raise Unfit(value.column, cell, "a whole number")
                return int(abs(number) if value.absolute else number)
            case "amount":
                amount = read_number(text, value.column, self.mapped.decimal)
                return f"{abs(amount) if value.absolute else amount:f}"
            case "moment" | "date" | "window":
                return self._day_or_moment(value, text, cell)
            case "flag":
                if text.lower() not in FLAGS:
                    raise Unfit(value.column, cell, f"one of {', '.join(FLAGS)}")
                return FLAGS[text.lower()]
            case _:
                return text

    def _day_or_moment(self, value: Value, text: str, cell: str) -> str:
        """As ISO 8601 writes it, without an offset where the file has none."""
        expected = f"{'a day' if value.type == 'date' else 'a moment'} written as {' or '.join(self.mapped.dates)}"
        for form in self.mapped.dates:
            when = self._parsed(text, form)
            if when is None:
                continue
            is_day = len(text) == LOCAL_DATE_LENGTH if form == ISO else not TIME_OF_DAY.search(form)
            try:
                when += timedelta(days=value.days)
                written = when.date().isoformat() if value.type == "date" or (value.type == "window" and is_day) else when.isoformat()
                self._in_range(written)
            except (OverflowError, Refused):
                raise Unfit(value.column, cell, "a day in the years 1900 to 2200") from None
            return written
        raise Unfit(value.column, cell, expected)

    def _in_range(self, written: str) -> None:
        """The end of a day counts too."""
        day: date | None = read_date(written, "")
        read_moment(written if day is None else f"{day + timedelta(days=1)}", "", self.zone)

    def _parsed(self, text: str, form: str) -> datetime | None:
        try:
            if form == ISO:
                return datetime.fromisoformat(text) if len(text) >= LOCAL_DATE_LENGTH else None
            return datetime.strptime(text, form)
        except ValueError:
            return None


def read_number(text: str, column: str, decimal: str) -> Decimal:
    """A number written with that decimal sign; thousands may be parted."""
    if not NUMBER_FORMS[decimal].fullmatch(text):
        raise Unfit(column, text, f"a number as in 1{decimal}50")
    plain = text.replace(",", "") if decimal == "." else re.sub(r"[. \u00a0\u202f]", "", text).replace(",", ".")
    return Decimal(plain)
