"""The board behind the console: promises and answers as they stand, held in memory and renewed behind the reader's back.

Its figures come from the same statements as the questions, over the promises that a filter leaves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
from msgspec import Struct

from omtanke.insight.answer import Answer
from omtanke.insight.answering import ALL, answered, parameters_of, read_as_of
from omtanke.insight.board_made import Made, Making, moment_text
from omtanke.insight.composing import quoted, with_steps
from omtanke.insight.drift import Drift, drift_of, dues_of, rows_text
from omtanke.insight.duck import MEMORY
from omtanke.insight.log import last_position
from omtanke.insight.question import UnknownDimension, question
from omtanke.insight.statistics import Interval, Sample, mean_interval

DIMENSIONS = ("kind", "month", "week", "region", "carrier", "warehouse", "touchpoint", "owner")
CHOSEN = ("kind", "region", "carrier", "warehouse", "touchpoint", "owner")
OPEN = ("made", "at_risk", "due")
REFRESH_SECONDS = 5.0
LEAST_REST = 9  # of its own time: renewing never takes more than a tenth of a machine that has other work
PAGE = 50
MOST_ANSWERS = 500
MOST_WARMED = 24

# What `satisfaction` counts: answers of 1 to 5.
STARS = "scale = '1-5' AND score BETWEEN 1 AND 5"
# Columns of answers by which they are chosen.
OF_ANSWERS = {"question": "question", "touchpoint": "touchpoint", "channel": "channel", "store": "store_name", "about": "about"}
BROKEN_FATES = ("never_arrived", "arrived_early", "late_waiting", "late_after")
MEASURES = ("satisfaction", "recommendation", "effort", "feeling")

# The figures that can be opened, and which promises stand behind each.
GROUPS = {
    "promises": "TRUE",
    "kept": "state = 'kept'",
    "exceeded": "state = 'exceeded'",
    "broken": "state = 'broken'",
    "withdrawn": "state = 'withdrawn'",
    "open": "state IN ('made', 'at_risk', 'due')",
    "came_due": "first_until <= CAST($as_of AS TIMESTAMPTZ) AND first_outcome IN ('kept', 'exceeded', 'broken')",
    "held": "first_until <= CAST($as_of AS TIMESTAMPTZ) AND first_outcome IN ('kept', 'exceeded')",
    "missed": "first_until <= CAST($as_of AS TIMESTAMPTZ) AND first_outcome = 'broken'",
    "sure_came_due": "NOT sure_permille IS NULL AND first_until <= CAST($as_of AS TIMESTAMPTZ) AND first_outcome IN ('kept', 'exceeded', 'broken')",
    "sure_held": "NOT sure_permille IS NULL AND first_until <= CAST($as_of AS TIMESTAMPTZ) AND first_outcome IN ('kept', 'exceeded')",
    "put_right": "NOT put_right_at IS NULL",
    "still_waiting": "state = 'broken' AND met_at IS NULL AND put_right_at IS NULL",
    "answered_kept": "fate = 'kept'",
    "answered_broken": "fate IN ('never_arrived', 'arrived_early', 'late_waiting', 'late_after')",
    "answered_never_arrived": "fate = 'never_arrived'",
    "answered_late": "fate IN ('late_waiting', 'late_after')",
    "answered_late_waiting": "fate = 'late_waiting'",
    "answered_late_after": "fate = 'late_after'",
    "answered_withdrawn": "fate = 'withdrawn'",
}


class UnknownGroup(ValueError):
    """There is no such figure to open."""


class Filters(Struct, frozen=True, kw_only=True):
    """Which promises: None for all, "" for those of which it is not known. `status` is a state, or open.

    The first window ends on a local day from `due_from` (included) to `due_before` (not included).
    """

    kind: str | None = None
    status: str | None = None
    region: str | None = None
    carrier: str | None = None
    warehouse: str | None = None
    touchpoint: str | None = None
    owner: str | None = None
    due_from: date | None = None
    due_before: date | None = None


EVERY = Filters()


class Page(Struct, frozen=True):
    """Promises behind a figure, those due last first: (promise, person). `next` continues after them; None at the end."""

    promises: tuple[tuple[int, int], ...]
    total: int
    next: str | None


class Period(Struct, frozen=True):
    """What happened in a span of time: promises made; kept, exceeded, broken; broken ones put right."""

    promised: int
    kept: int
    exceeded: int
    broken: int
    put_right: int


class Satisfied(Struct, frozen=True):
    """Answers of 1 to 5 to one question at one touchpoint (both empty: all together): their count and sums, mean and t interval."""

    question: str
    touchpoint: str
    sample: Sample

    @property
    def n(self) -> int:
        return self.sample.n

    @property
    def mean(self) -> float:
        """Only where somebody has answered."""
        return self.sample.mean

    @property
    def interval(self) -> Interval | None:
        """None for fewer than two answers."""
        return mean_interval(self.sample)


class Satisfaction(Struct, frozen=True):
    """What was answered in a span of time: all together, by question and touchpoint (most answers first), and answers by position, latest first."""

    all: Satisfied
    parts: tuple[Satisfied, ...]
    answers: tuple[int, ...]


class Chosen(Struct, frozen=True, kw_only=True):
    """Which answers: None for all, "" for those of which it is not known. `level`: low or high; `fate` as in `answer`, or broken for all that are."""

    question: str | None = None
    touchpoint: str | None = None
    channel: str | None = None
    store: str | None = None
    about: str | None = None
    fate: str | None = None
    level: str | None = None


class Given(Struct, frozen=True):
    """An answer in a list: where it stands in the log, and where the words are that were added to it later (0: nowhere)."""

    position: int
    comment_position: int


class GivenPage(Struct, frozen=True):
    """Answers in a list, latest first, and how many there are."""

    answers: tuple[Given, ...]
    total: int


Sought = tuple[str, str, Hashable]
"""A question, its dimension, and which promises or answers it is asked of."""


class Generation(Struct, frozen=True):
    """One state of the board: its database, the position it has seen, the moment it is held against, and what was asked of it and how."""

    connection: duckdb.DuckDBPyConnection
    position: int
    as_of: int
    answers: dict[Sought, Answer]
    chosen: dict[Sought, Mapping[str, str]]
    drifts: list[Drift | None]


class Board:
    """Figures of a data folder. Safe to use from many threads; only the very first call waits for the figures to be made.

    `making`: how its tables are made (`board_made.made_by_another`, `board_making.made`).
    """

    def __init__(
        self,
        data: Path,
        as_of: int | str | None = None,
        *,
        making: Making,
        zone: str = "UTC",
        refresh_seconds: float = REFRESH_SECONDS,
        memory: str = MEMORY,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._data = data
        self._fixed = read_as_of(as_of, zone)
        self._refresh_seconds = refresh_seconds
        self._memory = memory
        self._made = making
        self._monotonic = monotonic
        self._making = threading.Lock()
        self._current: Generation | None = None
        self._look_at = 0.0
        self._failure: Exception | None = None

    @property
    def as_of(self) -> int:
        """The moment that the figures are held against."""
        return self._generation().as_of

    @property
    def position(self) -> int:
        """How much of the log the figures have seen."""
        return self._generation().position

    @property
    def failure(self) -> Exception | None:
        """Why the last renewal did not succeed; the figures are then those of before."""
        return self._failure

    def kept_by(self, dimension: str, filters: Filters = EVERY) -> Answer:
        """The question `promises` by a dimension (or `all`)."""
        return self._of_promises("promises", dimension, filters)

    def calibration(self, dimension: str = ALL, filters: Filters = EVERY) -> Answer:
        """The question `calibration` by a dimension (or `all`)."""
        return self._of_promises("calibration", dimension, filters)

    def drift(self) -> Drift | None:
        """Whether windows are kept less often than was said; looked at once for each state of the board."""
        generation = self._generation()
        if not generation.drifts:
            rows = generation.connection.cursor().execute(rows_text("promise_now", moment_text(generation.as_of))).fetchall()
            generation.drifts.append(drift_of(dues_of(rows)))
        return generation.drifts[0]

    def _of_promises(self, name: str, dimension: str, filters: Filters) -> Answer:
        if dimension not in (*DIMENSIONS, ALL):
            raise UnknownDimension(f"{dimension!r} is not a dimension; the dimensions are {', '.join(DIMENSIONS)}")
        chosen = {"promise": f"SELECT * FROM promise_now WHERE {condition(filters)}"}
        return self._asked(name, chosen, dimension, filters)

    def kept_by_week(self, filters: Filters = EVERY) -> Answer:
        """The question `promises` by the week in which the first window ends, named by its Monday."""
        return self.kept_by("week", filters)

    def broken_cost(self, filters: Filters = EVERY) -> Answer:
        """The question `broken-cost`."""
        return self._asked("broken-cost", about(filters), ALL, filters)

    def became(self, name: str, since: int = 0, until: int = 0) -> Answer:
        """`broken-cost` or `told-first` over what was answered from `since` (included) to `until` (not included; 0: no end), in microseconds."""
        chosen = {"promise": "SELECT * FROM promise_now", "answer": f"SELECT * FROM answer_now WHERE {within('answered_at', since, until)}"}
        return self._asked(name, chosen, ALL, (since, until))

    def measure(self, name: str, dimension: str = ALL, since: int = 0, until: int = 0) -> Answer:
        """One of the MEASURES, or `stores`, over what was answered from `since` (included) to `until` (not included; 0: no end), in microseconds."""
        asked = question(name)
        if dimension not in (*asked.dimensions, ALL):
            raise UnknownDimension(f"{dimension!r} is not a dimension of {name}; its dimensions are {', '.join(asked.dimensions)}")
        chosen = {
            "answer": f"SELECT * FROM answer_now WHERE {within('answered_at', since, until)}",
            "survey": f"SELECT * FROM survey_now WHERE {within('asked_at', since, until)}",
        }
        return self._asked(name, chosen, dimension, (since, until))

    def play_effects(self) -> Answer:
        """The question `plays`: of each play, those told against those held out."""
        generation = self._generation()
        result = generation.connection.cursor().execute("SELECT * FROM play_effect")
        names = [described[0] for described in result.description]
        return answered(question("plays"), [dict(zip(names, row, strict=True)) for row in result.fetchall()], {}, generation.as_of)

    def people(self, filters: Filters = EVERY, group: str = "promises", after: str | None = None, limit: int = PAGE) -> Page:
        """The promises behind a figure, a page at a time. Raises UnknownGroup."""
        if group not in GROUPS:
            raise UnknownGroup(f"{group!r} is not a figure; the figures are {', '.join(GROUPS)}")
        generation = self._generation()
        chosen = f"{condition(filters)} AND {GROUPS[group]}".replace("$as_of", moment_text(generation.as_of))
        cursor = generation.connection.cursor()
        found = cursor.execute(f"SELECT COUNT(*) FROM promise_now WHERE {chosen}").fetchone()
        place = ""
        if after is not None:
            due, promise = map(int, after.split("."))
            place = f" AND (first_until, promise) < ({moment_text(due)}::TIMESTAMPTZ, {promise})"
        rows = cursor.execute(
            f"SELECT promise, person, epoch_us(first_until) FROM promise_now WHERE {chosen}{place} ORDER BY first_until DESC, promise DESC LIMIT {limit + 1:d}"
        ).fetchall()
        page = rows[:limit]
        following = f"{page[-1][2]}.{page[-1][0]}" if len(rows) > limit else None
        return Page(tuple((promise, person) for promise, person, _ in page), found[0] if found else 0, following)

    def period(self, since: int, until: int, filters: Filters = EVERY) -> Period:
        """What happened from `since` (included) to `until` (not included), in microseconds."""
        span = f"BETWEEN {moment_text(since)}::TIMESTAMPTZ AND {moment_text(until - 1)}::TIMESTAMPTZ"
        counts = [f"made_at {span}", *(f"happened_at {span} AND state = '{state}'" for state in ("kept", "exceeded", "broken")), f"put_right_at {span}"]
        columns = ", ".join(f"COUNT(CASE WHEN {one} THEN 1 END)" for one in counts)
        row = self._generation().connection.cursor().execute(f"SELECT {columns} FROM promise_now WHERE {condition(filters)}").fetchone()
        return Period(*(row or (0,) * len(counts)))

    def satisfaction(self, since: int, until: int, part: tuple[str, str] | None = None, skip: int = 0, most: int = 0) -> Satisfaction:
        """Answers of 1 to 5 given from `since` (included) to `until` (not included), in microseconds; each survey with its last answer.

        The answers behind them are of one `part` (question, touchpoint) or of all; `most` of them, after `skip`.
        """
        cursor = self._generation().connection.cursor()
        span = f"{STARS} AND {within('answered_at', since, until)}"
        rows = cursor.execute(
            "SELECT question, COALESCE(touchpoint, '') AS place, COUNT(*), SUM(score)::BIGINT, SUM(score * score)::BIGINT "
            f"FROM answer_now WHERE {span} GROUP BY question, place ORDER BY COUNT(*) DESC, question, place"
        ).fetchall()
        parts = tuple(Satisfied(question, touchpoint, Sample(n, total, squares)) for question, touchpoint, n, total, squares in rows)
        every = Sample(*(sum(getattr(one.sample, name) for one in parts) for name in Sample.__struct_fields__))
        chosen = span if part is None else f"{span} AND question = {quoted(part[0])} AND COALESCE(touchpoint, '') = {quoted(part[1])}"
        behind = (
            f"SELECT position FROM answer_now WHERE {chosen} GROUP BY position ORDER BY MAX(answered_at) DESC, position DESC LIMIT {most:d} OFFSET {skip:d}"
        )
        return Satisfaction(Satisfied("", "", every), parts, tuple(row[0] for row in cursor.execute(behind).fetchall()) if most else ())

    def given(self, chosen: Chosen, since: int, until: int, skip: int = 0, most: int = PAGE, among: Sequence[int] | None = None) -> GivenPage:
        """Answers given in a span of time; with `among`, only those whose own words, or words added later, stand at one of these positions."""
        where = [within("answered_at", since, until), *answers_where(chosen)]
        if among is not None:
            listed = ", ".join(map(str, among)) or "NULL"
            where.append(f"(position IN ({listed}) OR comment_position IN ({listed}))")
        cursor = self._generation().connection.cursor()
        grouped = f"SELECT position, MAX(comment_position) AS later, MAX(answered_at) AS given_at FROM answer_now WHERE {' AND '.join(where)} GROUP BY position"
        found = cursor.execute(f"SELECT COUNT(*) FROM ({grouped}) AS every").fetchone()
        rows = cursor.execute(
            f"SELECT position, later FROM ({grouped}) AS every ORDER BY given_at DESC, position DESC LIMIT {most:d} OFFSET {skip:d}"
        ).fetchall()
        return GivenPage(tuple(Given(position, later or 0) for position, later in rows), found[0] if found else 0)

    def answered_choices(self, dimension: str) -> list[str]:
        """The values of a column of answers that occur, the most frequent first; for filters."""
        if dimension not in OF_ANSWERS:
            raise UnknownDimension(f"{dimension!r} has no choices; {', '.join(OF_ANSWERS)} have")
        column = OF_ANSWERS[dimension]
        statement = f"SELECT {column} FROM answer_now WHERE COALESCE({column}, '') <> '' GROUP BY {column} ORDER BY COUNT(*) DESC, {column}"
        return [row[0] for row in self._generation().connection.cursor().execute(statement).fetchall()]

    def choices(self, dimension: str) -> list[str]:
        """The values of a dimension that occur, the most frequent first; for filters."""
        if dimension not in CHOSEN:
            raise UnknownDimension(f"{dimension!r} has no choices; {', '.join(CHOSEN)} have")
        rows = (
            self._generation()
            .connection.cursor()
            .execute(f"SELECT {dimension} FROM promise_now WHERE NOT {dimension} IS NULL GROUP BY {dimension} ORDER BY COUNT(*) DESC, {dimension}")
        )
        return [row[0] for row in rows.fetchall()]

    def refresh(self) -> bool:
        """See what is new, now. Whether there was anything; False also while another thread is at it."""
        if not self._making.acquire(blocking=False):
            return False
        try:
            return self._renew()
        finally:
            self._making.release()

    def _asked(self, name: str, chosen: Mapping[str, str], dimension: str, among: Hashable) -> Answer:
        """A question over what was chosen of each relation; `among` tells choices apart."""
        return asked_of(self._generation(), (name, dimension, among), chosen)

    def _generation(self) -> Generation:
        """The newest figures; looks in the background whether there are newer ones when that is long ago."""
        current = self._current
        if current is None:
            with self._making:
                if self._current is None:
                    self._renew()
            current = self._current
            assert current is not None
        elif self._monotonic() >= self._look_at and not self._making.locked():
            threading.Thread(target=self._refresh_quietly, name="board", daemon=True).start()
        return current

    def _refresh_quietly(self) -> None:
        try:
            self.refresh()
        except Exception as error:  # the reader keeps the figures of before; Health shows why
            self._failure = error

    def _renew(self) -> bool:
        began = self._monotonic()
        self._look_at = began + self._refresh_seconds
        current = self._current
        is_new = current is None or current.position != last_position(self._data)
        if is_new:
            self._current = warmed(generation(self._made(self._data, self._fixed, self._memory)), current)
        self._failure = None
        if not is_new:
            return False
        took = self._monotonic() - began
        self._look_at = began + took + max(self._refresh_seconds, took * LEAST_REST)
        return True


def generation(made: Made) -> Generation:
    """Figures of which nothing has been asked yet."""
    return Generation(made.connection, made.seen.position, made.seen.as_of, {}, {}, [])


def warmed(new: Generation, former: Generation | None) -> Generation:
    """The new figures, asked before anyone sees them what was asked of the former ones last."""
    for sought in list(former.chosen)[-MOST_WARMED:] if former else ():
        asked_of(new, sought, former.chosen[sought] if former else {})
    return new


def asked_of(generation: Generation, sought: Sought, chosen: Mapping[str, str]) -> Answer:
    """The answer to a question; what was asked once is remembered."""
    known = generation.answers.get(sought)
    if known is not None:
        return known
    name, dimension, _among = sought
    asked = question(name)
    parameters = parameters_of(asked, generation.as_of, dimension, "UTC")
    text = with_steps(asked.text, chosen)
    result = generation.connection.cursor().execute(text, {key: value for key, value in parameters.items() if f"${key}" in text})
    names = [described[0] for described in result.description]
    answer = answered(asked, [dict(zip(names, row, strict=True)) for row in result.fetchall()], parameters, generation.as_of)
    if len(generation.answers) < MOST_ANSWERS:
        generation.answers[sought] = answer
        generation.chosen[sought] = chosen
    return answer


def condition(filters: Filters) -> str:
    """The filters as a condition of SQL."""
    chosen = {name: getattr(filters, name) for name in CHOSEN}
    said = [f"{name} IS NULL" if value == "" else f"{name} = {quoted(value)}" for name, value in chosen.items() if value is not None]
    if filters.status is not None:
        states = OPEN if filters.status == "open" else (filters.status,)
        said.append(f"state IN ({', '.join(map(quoted, states))})")
    if filters.due_from is not None:
        said.append(f"due_on >= DATE '{filters.due_from.isoformat()}'")
    if filters.due_before is not None:
        said.append(f"due_on < DATE '{filters.due_before.isoformat()}'")
    return " AND ".join(said) or "TRUE"


def about(filters: Filters) -> dict[str, str]:
    """The answers about the promises that a filter leaves, and those promises."""
    chosen = condition(filters)
    of_promises = "TRUE" if filters == EVERY else f"promise IN (SELECT promise FROM promise_now WHERE {chosen})"
    return {"promise": "SELECT * FROM promise_now", "answer": f"SELECT * FROM answer_now WHERE {of_promises}"}


def answers_where(chosen: Chosen) -> list[str]:
    """A choice of answers as conditions of SQL."""
    said = []
    for name, column in OF_ANSWERS.items():
        value = getattr(chosen, name)
        if value is not None:
            said.append(f"COALESCE({column}, '') = {quoted(value)}")
    if chosen.fate is not None:
        fates = BROKEN_FATES if chosen.fate == "broken" else (chosen.fate,)
        said.append(f"fate IN ({', '.join(map(quoted, fates))})")
    if chosen.level is not None:
        said.append("is_low = 1" if chosen.level == "low" else "is_high = 1")
    return said


def within(column: str, since: int, until: int) -> str:
    """A span of time as a condition of SQL, from `since` (included) to `until` (not included; 0: no end)."""
    begins = f"{column} >= {moment_text(since)}::TIMESTAMPTZ"
    return f"{begins} AND {column} < {moment_text(until)}::TIMESTAMPTZ" if until else begins


def span_of(month_or_week: str) -> tuple[date, date]:
    """First day, and the day after the last, of a month (2026-11) or an ISO week (2026-W47). Raises ValueError."""
    year, _, rest = month_or_week.partition("-")
    if rest.startswith("W"):
        monday = date.fromisocalendar(int(year), int(rest[1:]), 1)
        return monday, monday + timedelta(days=7)
    first = date(int(year), int(rest), 1)
    return first, (first + timedelta(days=31)).replace(day=1)
