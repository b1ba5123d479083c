"""A promise folded from its facts stands as the log shows it, and earlier it stood as it was known then."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from omtanke.runtime.policies import activate
from omtanke.runtime.promise_life import PromiseLife, causes, lives
from omtanke.runtime.work import Worker
from omtanke.simulate.sending import incoming_history
from omtanke.storage.databases import open_database, read_database
from omtanke.storage.keys import Keys
from omtanke.storage.lookups import Lookups
from omtanke.storage.outbox_facts import Facts
from omtanke.storage.pages import Pages
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.storage.statements import files
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import DAY, moment_of

UNTIL = datetime.fromisoformat("2026-11-21T16:30+01:00")
NOW = moment_of(UNTIL)
ALWAYS = 2**62


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small shop's last months."""
    folder = tmp_path_factory.mktemp("lives")
    keys = Keys(b"lives!" * 6)
    inbox, log = SqlInbox(open_database(folder, "inbox"), keys), SqlLog(open_database(folder, "log"))
    source = inbox.source("demo", Mode.HISTORY, "Europe/Stockholm", "SEK").source
    inbox.append(source, list(incoming_history(7, UNTIL, customers=60)), NOW)
    worker = Worker(inbox, log, keys, activate(log, (files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8"), NOW))
    while not worker.work(NOW).was_idle:
        pass
    inbox.close()
    log.close()
    return folder


def told(lookups: Lookups, person: int, as_of: int = ALWAYS) -> list[PromiseLife]:
    facts = lookups.promise_facts(person, as_of)
    return lives(facts, lookups.stating_facts(person, causes(facts)))


def test_words_of_the_quote_that_an_order_took_are_those_of_its_promise(data: Path) -> None:
    log, lookups, pages, facts = SqlLog(read_database(data, "log")), Lookups(data), Pages(data), Facts(data)
    compared = 0
    for person, _customers in log.persons():
        shown = {fact.fact_id: fact.personal["properties"]["words"] for fact in pages.of_types(person, ("quote_given",), 1_000)}
        for one in told(lookups, person):
            if one.turns[0].reason != "quote_taken":
                continue
            words = shown[one.turns[0].because[-1]]
            (promise,) = pages.promises([one.promise.promise])
            assert (one.windows[0].words, facts.stated(promise).words) == (words, words)
            assert pages.stating([promise.promise])[promise.promise][0].type == "quote_given"
            compared += 1
    assert compared == 2
    for window in (lookups, pages, facts, log):
        window.close()


def test_every_promise_stands_as_the_log_shows_it(data: Path) -> None:
    log, lookups, pages = SqlLog(read_database(data, "log")), Lookups(data), Pages(data)
    compared = 0
    for person, _customers in log.persons():
        for one in told(lookups, person):
            (shown,) = pages.promises([one.promise.promise])
            stands = one.promise
            assert (one.state, stands.made_at, stands.first_until, stands.from_at, stands.until_at, stands.met_at, stands.ended_at) == (
                shown.status,
                shown.made_at,
                shown.first_until,
                shown.from_at,
                shown.until_at,
                shown.met_at,
                shown.ended_at,
            )
            assert (one.windows[0].until_at, one.turns[0].what) == (shown.first_until, "promise_made")
            compared += 1
    assert compared == sum(row[0] for row in log.connection.execute("SELECT count(*) FROM promise")) > 100
    lookups.close()
    pages.close()
    log.close()


def test_promise_stood_then_as_it_was_known_then(data: Path) -> None:
    log, lookups = SqlLog(read_database(data, "log")), Lookups(data)
    person, kept = next(
        (person, one) for person, _ in log.persons() for one in told(lookups, person) if one.state == "kept" and one.promise.made_at < NOW - DAY
    )
    before = next(one for one in told(lookups, person, kept.promise.ended_at - 1) if one.promise.promise == kept.promise.promise)
    assert before.state in ("made", "at_risk", "due")
    assert before.turns == kept.turns[: len(before.turns)] != kept.turns
    assert told(lookups, person, 0) == []
    lookups.close()
    log.close()
