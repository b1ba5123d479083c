"""What a shop decides is checked as a whole, and every fault is shown."""

from __future__ import annotations

import tomllib

import pytest

from fakes.shop import FIRST_POLICY
from fakes.story import first_policy
from omtanke.engine.consent_policy import ORDINARY_CONSENT, ORDINARY_RECOGNITION
from omtanke.engine.policy import ORDINARY_TARGET, PolicyFaults, read_policy
from omtanke.engine.survey_policy import ORDINARY
from omtanke.vocabulary.promise import KINDS

WITHOUT_SURVEYS = FIRST_POLICY[: FIRST_POLICY.index("# Whom we ask")]


def faults(text: str) -> list[str]:
    with pytest.raises(PolicyFaults) as raised:
        read_policy(text, 1)
    return str(raised.value).splitlines()


def test_what_is_shipped_is_what_counts_without_it() -> None:
    assert first_policy().surveys == ORDINARY
    assert read_policy(WITHOUT_SURVEYS, 1).surveys == ORDINARY
    assert "surveys" in tomllib.loads(FIRST_POLICY)


def test_policy_without_consent_counts_as_the_one_that_is_shipped() -> None:
    before = read_policy(FIRST_POLICY[: FIRST_POLICY.index("# What we ask leave for")], 1)
    assert (before.consent, before.recognition) == (first_policy().consent, first_policy().recognition) == (ORDINARY_CONSENT, ORDINARY_RECOGNITION)
    assert {"consent", "recognition"} <= tomllib.loads(FIRST_POLICY).keys()


def test_purpose_of_the_shops_own_stands_beside_the_ordinary_ones() -> None:
    policy = read_policy(FIRST_POLICY + '\n[consent.purposes.club]\nbasis = "opt_in"\ncategories = ["Club", "ad_user_data"]\n', 1)
    assert policy.consent.of("club").direct_marketing
    assert policy.consent.by_category["ad_user_data"] == ("advertising", "club")
    assert set(policy.consent.purposes) == {*ORDINARY_CONSENT.purposes, "club"}


def test_every_kind_that_is_shipped_has_its_own_target() -> None:
    assert {kind for kind, table in tomllib.loads(FIRST_POLICY)["promises"].items() if "target_percent" in table} == set(KINDS)
    assert first_policy().promises["pickup"].target == 97


def test_kind_without_a_target_has_the_ordinary_one() -> None:
    lines = [line for line in FIRST_POLICY.splitlines() if not line.startswith("target_percent")]
    assert {kind.target for kind in read_policy("\n".join(lines), 1).promises.values()} == {ORDINARY_TARGET}


def test_units_name_people_by_number() -> None:
    policy = read_policy(FIRST_POLICY + '\n[units]\nservice = [3, 4]\n"store/nordstan" = []\n', 1)
    assert (policy.units, first_policy().units) == ({"service": (3, 4), "store/nordstan": ()}, {})


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("target_percent = 95 ", "target_percent = 101 ", "promises.delivery.target_percent: 101 is not a whole number from 0 to 100"),
        ("target_percent = 95 ", "target_percent = true ", "promises.delivery.target_percent: True is not a whole number from 0 to 100"),
        ("rest_days = 14", "rest_days = -1", "surveys.rest_days: -1 is not a whole number from 0 to 366"),
        ("expires_days = 30", "expires_days = 0", "surveys.expires_days: 0 is not a whole number from 1 to 366"),
        ("recommendation_percent = 20", 'recommendation_percent = "a few"', "surveys.recommendation_percent: 'a few' is not a whole number from 0 to 100"),
        ('"1-5" = 2', '"1-5" = 6', "surveys.low.1-5: 6 is not a whole number from 1 to 5"),
        ('"1-5" = 2', '"1-6" = 2', "surveys.low.1-6: is not a scale; the scales are 1-5, 0-10, 1-7, 1-3, 0-1"),
        ("after_seconds = 7200", "after_seconds = 1.5", "surveys.delivery.after_seconds: 1.5 is not a whole number from 0 to 31622400"),
        ("share_percent = 50", "share_percent = 200", "surveys.store_visit.share_percent: 200 is not a whole number from 0 to 100"),
        ('question = "satisfaction"\nshare_percent = 50', 'question = "joy"\nshare_percent = 50', "surveys.store_visit.question: 'joy' is not one of "),
        ('question = "satisfaction"\nshare_percent = 50', "question = []\nshare_percent = 50", "surveys.store_visit.question: [] is not one of "),
        ('share_percent = 50\nowner = "store"', 'share_percent = 50\nowner = ""', "surveys.store_visit.owner: '' is not the name of a unit"),
        ("[surveys.return]", "[surveys.parting]", "surveys.parting: is not known; the table has "),
        ("share_percent = 50", "shares_percent = 50", "surveys.store_visit.shares_percent: is not known; it has after_seconds, "),
        ('basis = "opt_in"', 'basis = "maybe"', "consent.purposes.marketing.basis: 'maybe' is not one of opt_in, opt_out"),
        ("direct_marketing = true", "direct_marketing = 1", "consent.purposes.marketing.direct_marketing: 1 is not true or false"),
        ("direct_marketing = true", "marketing = true", "consent.purposes.marketing.marketing: is not known; it has basis, direct_marketing, categories"),
        ("categories = []", 'categories = "Advertising"', "consent.purposes.recognition.categories: 'Advertising' is not a list of names"),
        ("[consent.purposes.recognition]", "[consent.reasons.recognition]", "consent.reasons: is not known; the table has purposes"),
        ('without_consent = "apart"', 'without_consent = "keep"', "recognition.without_consent: 'keep' is not one of apart, drop"),
        ('without_consent = "apart"', 'without = "apart"', "recognition.without: is not known; the table has without_consent"),
        ("week_limit = 2", "subjects = 1", "contact.subjects: is not a table of at most 12 subjects, as in news = { sv = 'Nyheter', en = 'News' }"),
        (
            "week_limit = 2",
            'subjects.News = { sv = "Nytt", en = "New" }',
            "contact.subjects.News: is not the name of a subject: small letters a to z, figures and _",
        ),
        ("week_limit = 2", 'subjects.news = { sv = "Nytt" }', "contact.subjects.news: {'sv': 'Nytt'} does not say what customers read; write { sv = 'Nyheter'"),
        (
            "[surveys.low]",
            "[survey.low]",
            "survey: is not known; a policy has the tables carts, promises, surveys, consent, recognition, retention, contact, quotes, units, shop, plays",
        ),
    ],
)
def test_fault_is_named_with_its_place_value_and_rule(written: str, instead: str, fault: str) -> None:
    assert written in FIRST_POLICY
    found = faults(FIRST_POLICY.replace(written, instead, 1))
    assert any(fault in line for line in found), found


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("\n[units]\nservice = 3\n", "units.service: 3 is not a list of the numbers of those who work here"),
        ("\n[units]\nservice = [0]\n", "units.service: [0] is not a list of the numbers of those who work here"),
        ("\n[units]\nservice = [true]\n", "units.service: [True] is not a list of the numbers of those who work here"),
    ],
)
def test_fault_of_units_is_named(more: str, fault: str) -> None:
    assert any(fault in line for line in faults(FIRST_POLICY + more))


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("surveys = 3", "surveys: is not a table"),
        ("units = []", "units: is not a table of units"),
        ("consent = true", "consent: is not a table"),
        ("consent = {purposes = 4}", "consent.purposes: is not a table of purposes"),
        ("consent = {purposes = {club = 4}}", "consent.purposes.club: is not a table"),
        ("recognition = []", "recognition: is not a table"),
    ],
)
def test_table_that_is_none_is_named(table: str, fault: str) -> None:
    assert any(fault in line for line in faults(f"{table}\n{WITHOUT_SURVEYS}"))


def test_all_faults_are_shown_together() -> None:
    wrong = FIRST_POLICY.replace("rest_days = 14", "rest_days = 900").replace("target_percent = 95 ", "target_percent = 900 ") + "\n[units]\na = 1\n"
    assert len(faults(wrong)) == 3
