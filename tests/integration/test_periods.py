"""Questions about a period: counted by hand over three years of a small shop, and read from the files that bear on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from fakes.story import STOCKHOLM, Story, at
from omtanke.engine.promises.ledger import STATUS_NAMES
from omtanke.insight.answer import Answer
from omtanke.insight.ask import ask
from omtanke.insight.bearing import bearing_on
from omtanke.insight.composing import recorded_read
from omtanke.insight.period import Period
from omtanke.insight.question import question
from omtanke.insight.relations import Seen, looking, with_everyone
from omtanke.storage.database import Database
from omtanke.vocabulary.fact import Fact, Observed
from omtanke.vocabulary.survey import SurveyAnswered, SurveySent
from omtanke.vocabulary.time import day_ends_at, day_starts_at, local_date
from unit.insight.stored import Stored
from unit.insight.years import CLOCK, person_of, years

ZONE = STOCKHOLM.key
LAST_WEEK, LONG_AGO, TWO_MONTHS = ("2026-11-09", "2026-11-15"), ("2024-06-03", "2024-06-09"), ("2026-04-20", "2026-06-14")
# Some customers of the last week come back with an order of forty weeks before.
OLDEST_ORDER = timedelta(weeks=52)
# Each question that finds something here, and each dimension that is joined from elsewhere.
ASKED = (
    *((name, None) for name in ("overview", "promises", "broken-cost", "told-first", "satisfaction", "stores")),
    *(("promises", by) for by in ("region", "carrier", "month")),
    *(("satisfaction", by) for by in ("store", "channel", "about")),
)


@pytest.fixture(name="told", scope="module")
def three_years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stored, list[Story]]:
    return years(tmp_path_factory.mktemp("years"))


def asked(folder: Path, name: str, period: tuple[str, str], by: str | None = None) -> Answer:
    return ask(folder, name, by=by, as_of=CLOCK.replace(" ", "T"), zone=ZONE, since=period[0], until=period[1])


def days(period: tuple[str, str]) -> tuple[date, date]:
    return date.fromisoformat(period[0]), date.fromisoformat(period[1])


def facts_within(stories: list[Story], period: tuple[str, str]) -> Iterator[tuple[int, Fact]]:
    """(customer, fact) of everything that senders told to have happened on the days of a period."""
    first, last = days(period)
    for number, story in enumerate(stories, start=1):
        for fact in story.facts:
            if day_starts_at(first, STOCKHOLM) <= fact.occurred_at < day_ends_at(last, STOCKHOLM) and isinstance(fact.body, Observed):
                yield number, fact


@pytest.mark.parametrize("period", [LAST_WEEK, LONG_AGO, TWO_MONTHS])
def test_promises_of_a_period_are_those_whose_first_window_ends_on_its_days(told: tuple[Stored, list[Story]], period: tuple[str, str]) -> None:
    stored, stories = told
    first, last = days(period)
    ledgers = [one for story in stories for one in story.state.promises.promises.values() if one.made_at <= at(CLOCK)]
    due = [one for one in ledgers if first <= local_date(one.first_until - 1, STOCKHOLM) <= last]
    (found,) = asked(stored.folder, "promises", period).records
    assert found["promises"] == len(due) > 20
    if period != LAST_WEEK:  # of which something happens after the clock
        states = [STATUS_NAMES[one.status] for one in due]
        assert {name: found[name] for name in ("kept", "exceeded", "broken")} == {name: states.count(name) for name in ("kept", "exceeded", "broken")}


@pytest.mark.parametrize("period", [LAST_WEEK, LONG_AGO, TWO_MONTHS])
def test_answers_of_a_period_are_those_last_given_on_its_days(told: tuple[Stored, list[Story]], period: tuple[str, str]) -> None:
    stored, stories = told
    first, last = days(period)
    every = [fact for story in stories for fact in story.facts if fact.occurred_at <= at(CLOCK)]
    answers = {fact.body.survey: fact for fact in every if isinstance(fact.body, SurveyAnswered)}
    given = [fact.body.score for fact in answers.values() if isinstance(fact.body, SurveyAnswered) and first <= local_date(fact.occurred_at, STOCKHOLM) <= last]
    sent = [fact.body.survey for _, fact in facts_within(stories, period) if isinstance(fact.body, SurveySent)]
    (found,) = asked(stored.folder, "satisfaction", period).records
    assert (found["answers"], found["mean_score"]) == (len(given), pytest.approx(sum(given) / len(given)))
    assert (found["asked"], found["coverage"]) == (len(sent), pytest.approx(sum(survey in answers for survey in sent) / len(sent)))


@pytest.mark.parametrize("period", [LAST_WEEK, LONG_AGO, TWO_MONTHS])
def test_an_overview_of_a_period_counts_what_happened_on_its_days(told: tuple[Stored, list[Story]], period: tuple[str, str]) -> None:
    stored, stories = told
    happened = [*facts_within(stories, period)]
    found = {(row["section"], row["item"]): row["number"] for row in asked(stored.folder, "overview", period).records if row["section"] != "open promises"}
    assert found["facts", "all"] == len(happened)
    assert found["customers", "all"] == len({person_of(customer) for customer, _ in happened})
    assert found["orders", "placed"] == sum(fact.type == "order_completed" for _, fact in happened) > 20


def everything(seen: Seen, log: Database, *_: object) -> Seen:
    return with_everyone(seen, log)


@pytest.mark.parametrize(("name", "by"), ASKED)
def test_what_bears_on_a_period_answers_as_everything_does(
    told: tuple[Stored, list[Story]], monkeypatch: pytest.MonkeyPatch, name: str, by: str | None
) -> None:
    found = {period: asked(told[0].folder, name, period, by) for period in (LAST_WEEK, LONG_AGO)}
    monkeypatch.setattr("omtanke.insight.ask.bearing_on", everything)
    assert found == {period: asked(told[0].folder, name, period, by) for period in found}
    assert all(answer.rows for answer in found.values())


def test_files_of_years_before_are_not_opened(told: tuple[Stored, list[Story]], tmp_path: Path) -> None:
    wanted = {name: asked(told[0].folder, name, LAST_WEEK) for name, by in ASKED if by is None}
    folder = shutil.copytree(told[0].folder, tmp_path / "later")
    before = (date.fromisoformat(LAST_WEEK[0]) - OLDEST_ORDER).isoformat()
    old = [part.path for parts in told[0].lake.manifest().parts.values() for part in parts if part.received < before]
    assert len(old) > 200
    for path in old:
        (folder / "lake" / path).unlink()
    assert {name: asked(folder, name, LAST_WEEK) for name in wanted} == wanted


@pytest.mark.parametrize(("name", "most"), [("overview", 200), ("promises", 200), ("satisfaction", 200)])
def test_who_is_who_is_read_of_those_who_occur(told: tuple[Stored, list[Story]], name: str, most: int) -> None:
    stored, stories = told
    with looking(stored.folder) as (seen, log):
        narrow = bearing_on(seen, log, question(name), Period(*days(LAST_WEEK), ZONE), at(CLOCK))
    assert (len(stories), 0 < narrow.person_of.num_rows < most) == (3744, True)


def test_a_period_before_all_years_reads_nothing(told: tuple[Stored, list[Story]]) -> None:
    with looking(told[0].folder) as (seen, log):
        narrow = bearing_on(seen, log, question("promises"), Period(date(2020, 1, 1), date(2020, 1, 7), ZONE), at(CLOCK))
    assert [narrow.files(name, name) for name in recorded_read("SELECT 1 FROM promise") if narrow.files(name, name)] == []
    assert asked(told[0].folder, "promises", ("2020-01-01", "2020-01-07")).rows == ()
