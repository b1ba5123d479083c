"""Surveys: whom the shop asks by itself, who answers a link, and when. What is answered depends on what happened.

The shop's own tool asks after 80 % of the deliveries, 45 % of the store visits and 60 % of cases and returns, at most
one a week to a customer; of those 45 % answer, somewhat more of those whom we failed (52 %), somewhat more or less by
person, and nobody more or less for the score itself. A link is answered by the same shares, nine hours later on average.
"""

from __future__ import annotations

from random import Random
from typing import Any

from omtanke.simulate.customer import Customer
from omtanke.simulate.days import DAY, HOUR, MINUTE
from omtanke.simulate.feelings import on_scale, score
from omtanke.simulate.outcomes import case_answer, delivery_answer, outcome_of, words_for
from omtanke.simulate.told import SurveyLink
from omtanke.simulate.voices import comment
from omtanke.simulate.work import Case, Click, Order, Visited
from omtanke.simulate.world import World

ASKED = {"delivery": 0.80, "store_visit": 0.45, "case": 0.60, "return": 0.60}
ANSWERED, ANSWERED_WHEN_FAILED = 0.45, 0.52
ANSWERED_IN_HOURS, LONGEST_HOURS = 9.0, 60
REST = 7 * DAY
PLACES = {"delivery": "delivery", "store_visit": "store", "case": "service", "return": "returns"}
Thing = Order | Visited | Case


def plan_survey(world: World, about: str, customer: Customer, at: int, thing: str) -> None:
    """The shop's own tool will think about asking."""
    if world.settings.surveys == "shop":
        world.plan(at, send_survey, about, customer, thing)


def send_survey(world: World, now: int, about: str, customer: Customer, number: str) -> None:
    """One question, and perhaps its answer; none when somebody else has begun to ask meanwhile."""
    if world.settings.surveys != "shop":
        return
    thing = find(world, about, number)
    rng = world.dice("survey", customer.number, now)
    if thing is None or thing.truth.is_answered or rng.random() >= ASKED[about] or now - customer.asked_at < REST:
        return
    customer.asked_at = now
    said = {"survey_id": customer.next_number("enkat"), "about": about, "question": f"{about.removesuffix('_visit')}_satisfaction", "scale": "1-5"}
    said |= {"case_id" if isinstance(thing, Case) and thing.kind != "refund" else "order_id": number}
    if isinstance(thing, Visited):
        said["store_id"] = thing.truth.store_id
    world.tell(now, "Survey Sent", dict(said), ("mail", "mail/survey"), customer)
    if rng.random() < willingness(customer, thing):
        world.plan(now + thinks(rng), answer, customer, said, about, number, "")


def find(world: World, about: str, number: str) -> Thing | None:
    """What is asked about."""
    if about in ("delivery", "order", "product"):
        return world.orders.get(number) or world.visited.get(number)
    if about == "store_visit":
        return world.visited.get(number)
    return world.cases.get(number)


def willingness(customer: Customer, thing: Thing | None) -> float:
    """The chance of an answer: by what happened and by who it is, never by the score."""
    failed = isinstance(thing, Order) and thing.truth.is_late or isinstance(thing, Case) and thing.truth.is_late
    return customer.answers * (ANSWERED_WHEN_FAILED if failed else ANSWERED)


def thinks(rng: Random) -> int:
    """Seconds until the answer."""
    return 4 * MINUTE + int(min(rng.expovariate(1 / ANSWERED_IN_HOURS), LONGEST_HOURS) * HOUR)


def receive_link(world: World, now: int, link: SurveyLink) -> None:
    """A question has reached somebody."""
    customer = world.by_user.get(link.user_id)
    if customer is None:
        return
    number = link.case_id or link.order_id if link.about == "case" else f"retur-{link.order_id}" if link.about == "return" else link.order_id
    thing = find(world, link.about, number) or latest_visit(world, customer, link)
    rng = world.dice("link", customer.number, hash_of(link.survey_id))
    eager = isinstance(thing, Case) and thing.is_scripted
    if not eager and rng.random() >= willingness(customer, thing):
        return
    said = {"survey_id": link.survey_id, "about": link.about, "question": link.question, "scale": link.scale}
    said |= {name: value for name, value in (("order_id", link.order_id), ("store_id", link.store_id), ("case_id", link.case_id)) if value}
    world.plan(now + (3 * MINUTE if eager else thinks(rng)), answer, customer, said, link.about, number if find(world, link.about, number) else "", link.link)


def latest_visit(world: World, customer: Customer, link: SurveyLink) -> Visited | None:
    """The last visit to the store asked about, when the link names no receipt."""
    mine = [one for one in world.visited.values() if one.truth.user_id == customer.user_id and one.truth.store_id == link.store_id]
    return mine[-1] if link.about == "store_visit" and mine else None


def hash_of(text: str) -> int:
    """A number of 40 bits that depends on the text alone."""
    found = 1469598103934665603
    for character in text.encode():
        found = (found ^ character) * 1099511628211 & 0xFFFFFFFFFF
    return found


def answer(world: World, now: int, customer: Customer, said: dict[str, Any], about: str, number: str, link: str) -> None:
    """The customer answers, by what has happened up to now."""
    thing = find(world, about, number) or latest_visit_by(world, customer, said)
    rng = world.dice("answer", customer.number, hash_of(said["survey_id"]))
    given, mood = felt(world, thing, customer, rng)
    words = comment(rng, mood, given, customer.person.locale)
    shown = on_scale(given, said["scale"], rng.random())
    if thing is not None:
        thing.truth.is_answered = True
    if link and world.settings.answers == "links":
        world.clicks.append(Click(link, shown, words, now * 1_000_000))
        return
    touchpoint = f"store/{said['store_id']}" if said.get("store_id") else PLACES.get(about, about)
    world.tell(now, "Survey Answered", {**said, "score": shown, **({"comment": words} if words else {})}, ("survey", touchpoint), customer)


def latest_visit_by(world: World, customer: Customer, said: dict[str, Any]) -> Visited | None:
    if said["about"] != "store_visit" or not said.get("store_id"):
        return None
    mine = [one for one in world.visited.values() if one.truth.user_id == customer.user_id and one.truth.store_id == said["store_id"]]
    return mine[-1] if mine else None


def felt(world: World, thing: Thing | None, customer: Customer, rng: Random) -> tuple[int, str]:
    """The score 1 to 5, and which words go with it."""
    if isinstance(thing, Order):
        outcome = outcome_of(thing, now := world.now)
        if not thing.truth.is_answered:
            thing.truth.score = delivery_answer(world, thing)
        words = "waiting" if outcome == "late" and not (0 < thing.arrived_at <= now) else "late" if outcome == "told_broken" else outcome
        return delivery_answer(world, thing), words
    if isinstance(thing, Visited):
        return thing.truth.score, "closing" if thing.truth.in_last_quarter else "store"
    if isinstance(thing, Case):
        return case_answer(world, thing), words_for(thing)
    return score("kept", 4.1 + customer.mild, rng.random()), "kept"
