"""A survey from the delivery to the answer: asked by the engine, answered on the page by its link, and on the log once."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from msgspec import Struct

from fakes.shop import wire
from fakes.web import free_port, wait_until_ready
from omtanke.folder import Folder
from omtanke.processes.worker import open_worker
from omtanke.runtime.survey_links import survey_path
from omtanke.runtime.work import Worker
from omtanke.storage.pages import Pages
from omtanke.storage.ports import Logged
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.vocabulary.fact import Fact, Mode
from omtanke.vocabulary.survey import SurveyAnswered, SurveyAsked, SurveyCommented, SurveyWithheld
from omtanke.vocabulary.task import TaskAssigned

ORDERED = {"type": "track", "messageId": "1", "userId": "u-1", "event": "Order Completed", "properties": {"order_id": "A1"}}
DELIVERED = {"type": "track", "messageId": "2", "event": "Shipment Delivered", "properties": {"order_id": "A1"}}
NAMED = {"type": "identify", "messageId": "0", "userId": "u-1", "traits": {"name": "Signe Holm", "locale": "sv"}}


class Asked(Struct, frozen=True):
    """A running console, its folder and worker, and the link of the one question that was asked."""

    folder: Folder
    worker: Worker
    link: str

    def work(self) -> None:
        while not self.worker.work(self.folder.clock() + 10_000_000).was_idle:
            pass

    def facts(self, type_: type) -> list[Fact]:
        self.work()
        return [one.fact for one in told(self.folder) if isinstance(one.fact.body, type_)]


def told(folder: Folder) -> list[Logged]:
    return list(folder.log().facts_from(0, 1_000))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    folder = Folder(tmp_path_factory.mktemp("asked"))
    policy = folder.policy_text().replace("after_seconds = 7200", "after_seconds = 0").replace("recommendation_percent = 20", "recommendation_percent = 0")
    policy = policy.replace("rest_days = 14", "rest_days = 0")
    (folder.path / "policy" / "policy.toml").write_text(policy, encoding="utf-8")
    worker, inbox = open_worker(folder)
    inbox.append(inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source, [wire(one) for one in (NAMED, ORDERED, DELIVERED)], folder.clock())
    while not worker.work(folder.clock() + 10_000_000).was_idle:
        pass
    (fact,) = [one for one in told(folder) if isinstance(one.fact.body, SurveyAsked)]
    port = free_port()
    with subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "web", "--data", str(folder.path), "--port", str(port)]) as process:
        try:
            wait_until_ready(f"http://127.0.0.1:{port}/healthz", process)
            yield Asked(folder, worker, f"http://127.0.0.1:{port}{survey_path(folder.keys, fact.position)}")
        finally:
            process.terminate()


def read(address: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    data = None if form is None else urllib.parse.urlencode(form).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, {"Accept-Language": "en"}), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_the_page_asks_in_the_customers_language(asked: Asked) -> None:
    status, page = read(asked.link)
    assert (status, re.findall(r"<h1>(.*?)</h1>", page), page.count('name="score"')) == (200, ["Vad tyckte du om leveransen?"], 5)


def test_opening_the_link_answers_nothing_even_with_a_score_in_it(asked: Asked) -> None:
    before = len(asked.facts(SurveyAnswered))
    assert read(asked.link + "?score=2")[0] == 200
    assert len(asked.facts(SurveyAnswered)) == before


def test_one_click_is_one_answer_however_often_it_is_sent(asked: Asked) -> None:
    for _ in range(3):
        assert read(asked.link, {"score": "2"})[0] == 200
    answers = asked.facts(SurveyAnswered)
    question = asked.facts(SurveyAsked)[0]
    assert [(one.body.score, one.body.asked, one.customer, one.channel) for one in answers] == [(2, question.body.survey, question.customer, "survey")]


def test_a_low_answer_needs_a_person(asked: Asked) -> None:
    read(asked.link, {"score": "2"})
    assert [(one.body.about, one.body.unit, one.reason) for one in asked.facts(TaskAssigned)] == [("answer", "logistics", "low_answer")]


def test_words_are_kept_in_the_personal_part_only(asked: Asked) -> None:
    assert "Tack för att du berättar" in read(asked.link, {"comment": "Chauffören körde förbi."})[1]
    (fact,) = asked.facts(SurveyCommented)
    assert b"Chauff" not in repr(fact).encode()


@pytest.mark.parametrize("score", ["0", "6", "-1", "five", "²", ""])
def test_a_score_beside_the_scale_is_not_an_answer(asked: Asked, score: str) -> None:
    assert read(asked.link, {"score": score})[0] == 400


@pytest.mark.parametrize(("cut", "added"), [(1, ""), (3, "AAA"), (0, "A"), (31, "%C3%A5"), (31, "AAAA")])
def test_a_link_that_was_not_made_here_leads_nowhere(asked: Asked, cut: int, added: str) -> None:
    status, page = read(asked.link[: len(asked.link) - cut] + added)
    assert (status, 'name="score"' in page) == (404, False)


def key_on(page: str) -> str:
    (key,) = re.findall(r'name="key" value="([^"]+)"', page)
    return key


def delivered_again(asked: Asked, number: str) -> list[str]:
    """The reasons for which a question about one more delivery was left unasked."""
    inbox = asked.folder.inbox()
    source = inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source
    ordered, delivered = ({**one, "messageId": f"{number}-{n}", "properties": {"order_id": number}} for n, one in enumerate((ORDERED, DELIVERED)))
    inbox.append(source, [wire(ordered), wire(delivered)], asked.folder.clock())
    return [one.reason for one in asked.facts(SurveyWithheld)]


def test_whoever_asks_for_it_is_asked_nothing_more_and_can_change_their_mind(asked: Asked) -> None:
    key = key_on(read(asked.link)[1])
    for _ in range(2):
        status, page = read(asked.link, {"wish": "no_more", "key": key})
        assert (status, re.findall("<h1>(.*?)</h1>", page)) == (200, ["Vi frågar dig inget mer."])
    (withdrawn,) = asked.facts(ConsentWithdrawn)
    question = asked.facts(SurveyAsked)[0]
    assert (withdrawn.body.purpose, withdrawn.customer, withdrawn.channel) == ("surveys", question.customer, "survey")
    (seen,) = Pages(asked.folder.path).consent_facts(withdrawn.customer)
    assert seen.personal["properties"]["words"] == "Fråga mig inget mer"
    assert delivered_again(asked, "A2")[-1] == "no_consent"
    page = read(asked.link, {"wish": "again", "key": key_on(page)})[1]
    assert re.findall("<h1>(.*?)</h1>", page) == ["Tack. Då får vi fråga dig igen."]
    assert [one.body.purpose for one in asked.facts(ConsentGiven)] == ["surveys"]


@pytest.mark.parametrize("form", [{"wish": "no_more"}, {"wish": "no_more", "key": "a b"}, {"wish": "always", "key": "k" * 12}])
def test_a_wish_that_makes_no_sense_changes_nothing(asked: Asked, form: dict[str, str]) -> None:
    before = len(asked.facts(ConsentWithdrawn))
    assert (read(asked.link, form)[0], len(asked.facts(ConsentWithdrawn))) == (400, before)
