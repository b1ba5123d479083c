"""Facts in words: what customers, staff and the engine do, in both languages."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from fakes.story import at
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary import survey, task
from omtanke.vocabulary.browsing import CheckoutStepViewed, ContentViewed, CouponDenied, ProductListViewed, ProductsSearched
from omtanke.vocabulary.caring import ConsentGiven, ConsentOverruled, ConsentWithdrawn, InterestDeclared, LifeEventNoted, PreferenceChanged, ReviewPublished
from omtanke.vocabulary.case import ConversationNoted
from omtanke.vocabulary.fact import Body
from omtanke.vocabulary.form import FormAbandoned, FormFieldCompleted
from omtanke.vocabulary.identity import CustomerGrouped, LinkConfirmed, LinkRefused, SplitRequested
from omtanke.vocabulary.store import CapacityChanged, TouchpointUsed
from omtanke.vocabulary.survey import Answered, SurveyAnswered, SurveyAsked, SurveyCommented, SurveyWithheld
from omtanke.vocabulary.task import (
    CustomerTold,
    NoteAdded,
    PromiseRenegotiationRequested,
    TaskAssigned,
    TaskClosed,
    TaskDone,
    TaskTaken,
)
from omtanke.web.shop import Shop
from omtanke.web.words.voice import Voice

NOW = at("2026-11-21 16:30")
NAMES = {7: "Astrid Berg"}

pytestmark = pytest.mark.usefixtures("here")


def seen(body: Body, **personal: Any) -> FactSeen:
    told = {"properties": personal} if personal else {}
    return FactSeen(
        position=1,
        fact_id=b"f",
        is_decided=False,
        is_history=False,
        source=1,
        customer=1,
        type=body.type,
        version=body.version,
        occurred_at=NOW,
        received_at=NOW,
        now=NOW,
        channel="web",
        touchpoint="",
        body=body,
        cause=b"",
        because=(),
        reason="",
        policy_version=1,
        engine_version=2,
        personal=told,
    )


def told(body: Body, language: str = "sv", **personal: Any) -> tuple[str, str, tuple[str, ...], str]:
    """What, quote, details and mood."""
    from omtanke.web.words.telling import tell

    voice = Voice(language, ZoneInfo("Europe/Stockholm"), NOW, staff_name=lambda number: NAMES.get(number, ""))
    with translation.override(language):
        said = tell(seen(body, **personal), voice)
    return said.what, said.quote, said.details, said.mood


@pytest.mark.parametrize(
    ("body", "personal", "said"),
    [
        (ProductsSearched(results=3), {"query": "löparskor"}, ("Sökte efter ”löparskor”", "", ("3 träffar",), "")),
        (ProductListViewed(category="löparskor"), {}, ("Bläddrade bland löparskor", "", (), "")),
        (ContentViewed(content="forsta-leden", subject="klättring"), {}, ("Läste om klättring", "", (), "")),
        (CouponDenied(), {}, ("Rabattkoden gällde inte", "", (), "bad")),
        (CheckoutStepViewed(step=2), {}, ("Kom till steg 2 i kassan", "", (), "")),
        (
            FormFieldCompleted(form="checkout", field="postal_code", milliseconds=4200, changes=2),
            {},
            ("Fyllde i postnumret", "", ("4 sekunder", "ändrat 2 gånger"), ""),
        ),
        (FormAbandoned(form="checkout", field="card_number"), {}, ("Gav upp formuläret: kassan", "", ("vid kortnumret",), "bad")),
        (ConversationNoted(topic="size"), {"text": "Vill ha 38"}, ("Pratade med oss om storlek", "”Vill ha 38”", (), "")),
        (InterestDeclared(interest="klättring"), {"goal": "Leda 6b"}, ("Berättade om ett intresse: klättring", "”Leda 6b”", (), "")),
        (LifeEventNoted(event="dog_died", mood="sad", subject="hund"), {}, ("Något sorgligt har hänt", "", ("hunden har dött", "hund"), "")),
        (ConsentGiven(purpose="marketing", for_channel="mail"), {"words": "Ja, skriv"}, ("Sa ja till nyheter och erbjudanden", "”Ja, skriv”", ("e-post",), "")),
        (ConsentGiven(purpose="advertising", banner=3), {}, ("Sa ja till våra annonser hos andra", "", ("i samtyckesrutan",), "")),
        (
            ConsentGiven(purpose="marketing", for_channel="sms", lifts_objection=True, staff=7),
            {"words": "Ja, gärna igen"},
            (
                "Sa ja till nyheter och erbjudanden",
                "”Ja, gärna igen”",
                ("sms", "tar tillbaka invändningen mot direkt marknadsföring", "antecknat av Astrid Berg"),
                "",
            ),
        ),
        (ConsentWithdrawn(purpose="surveys", staff=8), {}, ("Sa nej till frågor från oss", "", ("antecknat av en kollega",), "")),
        (ConsentWithdrawn(purpose="marketing", is_objection=True), {}, ("Invände mot direkt marknadsföring", "", (), "")),
        (
            ConsentOverruled(purpose="marketing"),
            {},
            ("Ett ja till nyheter och erbjudanden ändrar inget: invändningen mot direkt marknadsföring står fast", "", (), ""),
        ),
        (PreferenceChanged(preference="channel", chosen="sms"), {}, ("Valde hur vi hör av oss: sms", "", (), "")),
        (ReviewPublished(rating=2, place="kartan"), {"text": "Trångt"}, ("Skrev offentligt vad de tycker: 2 av 5", "”Trångt”", ("kartan",), "bad")),
        (TouchpointUsed(tool="tablet", used_by="staff", seconds=90), {}, ("En kollega använde surfplattan", "", ("90 sekunder",), "")),
        (CapacityChanged(store=1, pace=70), {}, ("Hinner 70\xa0% av det vanliga", "", (), "")),
        (
            SurveyAnswered(survey=1, about="delivery", question="satisfaction", score=2),
            {"comment": "Sent"},
            ("Svarade 2 av 5", "”Sent”", ("leveransen",), "bad"),
        ),
        (
            SurveyAnswered(survey=1, about="case", question="effort", scale="1-7", score=7),
            {},
            ("Svarade 7 av 7", "", ("vår hjälp", "hur lätt vi gjorde det"), "good"),
        ),
        (SurveyAnswered(survey=1, scale="0-1", score=0), {}, ("Svarade nej", "", (), "bad")),
        (
            SurveyAnswered(survey=1, answers=(Answered(question="satisfaction", score=4), Answered(question="staff", scale="0-10", score=9))),
            {},
            ("Svarade på 2 frågor", "", ("hur det var: 4 av 5", "staff: 9 av 10"), ""),
        ),
        (SurveyCommented(survey=1), {"comment": "Tack ändå"}, ("La till några ord till svaret", "”Tack ändå”", (), "")),
        (
            SurveyAsked(survey=1, about="store_visit", question="recommendation", scale="0-10", expires_at=0),
            {},
            ("Vi frågade hur det var", "", ("butiksbesöket", "om de skulle rekommendera oss"), ""),
        ),
        (SurveyWithheld(survey=1, about="case"), {}, ("Vi lät bli att fråga", "", ("vår hjälp",), "")),
        (TaskAssigned(task=1, about="promise", unit="logistics", assignee=7), {}, ("Väntar på Astrid Berg, logistik", "", (), "")),
        (TaskAssigned(task=1, about="answer", unit="store/nordstan"), {}, ("Väntar på någon: Nordstan", "", (), "")),
        (TaskTaken(staff=7, task=1), {}, ("Astrid Berg tog hand om det", "", (), "")),
        (TaskTaken(staff=8, task=1), {}, ("En kollega tog hand om det", "", (), "")),
        (CustomerTold(staff=7, task=1), {"words": "Hej Maja!"}, ("Astrid Berg berättade för kunden", "”Hej Maja!”", (), "good")),
        (
            TaskClosed(staff=7, task=1, outcome="not_reached"),
            {"note": "Ringt två gånger"},
            ("Astrid Berg avslutade: vi fick inte tag på kunden", "”Ringt två gånger”", (), ""),
        ),
        (NoteAdded(staff=7), {"note": "Ring efter fem"}, ("Astrid Berg antecknade", "”Ring efter fem”", (), "")),
        (
            PromiseRenegotiationRequested(staff=7, promise=1, until_at=at("2026-11-25 00:00")),
            {"words": "Den kommer tisdag"},
            ("Astrid Berg gav en ny tid: senast tisdag", "”Den kommer tisdag”", (), ""),
        ),
        (LinkConfirmed(staff=7, other=2), {}, ("Astrid Berg såg att två kunder är samma person", "", (), "")),
        (LinkRefused(staff=8, other=2), {}, ("En kollega såg att det är någon annan", "", (), "")),
        (SplitRequested(staff=7, one=1, two=2), {}, ("Astrid Berg skilde på två personer", "", (), "")),
        (TaskDone(task=1, outcome="met"), {}, ("Behöver ingen längre: det som lovades har kommit till slut", "", (), "")),
    ],
)
def test_fact_is_told_in_swedish(body: Body, personal: dict[str, Any], said: tuple[str, str, tuple[str, ...], str]) -> None:
    assert told(body, **personal) == said


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (TaskAssigned(task=1, about="promise", unit="logistics", assignee=7), "Waits for Astrid Berg, logistics"),
        (TaskClosed(staff=7, task=1, outcome="put_right"), "Astrid Berg closed it: put right"),
        (SurveyAnswered(survey=1, scale="0-1", score=1), "Answered yes"),
        (LifeEventNoted(event="something_of_our_own"), "Something has happened in their life"),
    ],
)
def test_fact_is_told_in_english(body: Body, what: str) -> None:
    assert told(body, "en")[0] == what


def test_group_is_called_by_its_name() -> None:
    from omtanke.web.words.telling import tell

    fact = seen(CustomerGrouped(group=1))
    named = {**{name: getattr(fact, name) for name in fact.__struct_fields__}, "personal": {"traits": {"name": "Klubben"}}}
    with translation.override("sv"):
        voice = Voice("sv", ZoneInfo("Europe/Stockholm"), NOW)
        assert (tell(FactSeen(**named), voice).what, tell(fact, voice).what) == ("Hör till Klubben", "Hör till ett hushåll, ett företag eller en klubb")


def test_every_code_of_tasks_and_surveys_has_a_word() -> None:
    from omtanke.engine import survey_policy
    from omtanke.web.words import common, names

    assert (set(names.OUTCOMES), set(names.ABOUT), set(common.MOODS)) == (set(task.OUTCOMES), set(survey.ABOUT), {"glad", "sad", "neither"})
    assert set(survey_policy.QUESTIONS) <= set(names.QUESTIONS)


def test_staff_are_called_by_their_names(here: Shop) -> None:
    from omtanke.web.accounts.models import Role, Staff
    from omtanke.web.shop import voice

    Staff.objects.filter(email__endswith="@names.example").delete()
    one = Staff.objects.create_staff("astrid@names.example", "Astrid Berg", Role.SERVICE)
    assert (voice().staff_name(one.id), voice().staff_name(10**6)) == ("Astrid Berg", "")
    Staff.objects.filter(id=one.id).delete()
