"""What customers tell about themselves: consent, interests, wishes, and what happens in their lives."""

from __future__ import annotations

from random import Random

from omtanke.simulate import service
from omtanke.simulate.customer import Customer
from omtanke.simulate.days import DAY, at, day_of, days_in_words, working_day, written
from omtanke.simulate.goods import pick
from omtanke.simulate.sessions import GUIDES, Session, seen
from omtanke.simulate.world import World

CONSENTS, DECLARES, PREFERS, WITHDRAWS, BENEFIT_LATE = 0.35, 0.25, 0.15, 0.10, 0.04
GOALS = {"löpning": ("Marathon i maj", 180), "skidor": ("Vasaloppet", 120), "cykel": ("Vätternrundan", 200), "vandring": ("Kungsleden i sommar", 240)}
PREFERENCES = (("channel", "sms"), ("channel", "mail"), ("frequency", "monthly"), ("quiet_hours", "20-08"), ("language", "en"), ("subject", "no_offers"))
LIFE = (
    ("moved", "neither", ""),
    ("child_born", "glad", "barn"),
    ("new_dog", "glad", "hund"),
    ("dog_died", "sad", "hund"),
    ("race_finished", "glad", "löpning"),
)


def visit_account(world: World, customer: Customer, rng: Random, now: int) -> None:
    """My page: something is told or chosen."""
    s = Session(world, customer, rng, now, "app" if rng.random() < 0.4 else "web")
    s.sign_in()
    s.page("https://shop.example/min-sida", "Min sida", "my-page")
    s.wait(8, 50)
    dice, liked = rng.random(), customer.likes[0] if customer.likes else "vandring"
    if dice < CONSENTS:
        s.tell("Consent Given", {"purpose": "marketing", "for_channel": rng.choice(("mail", "sms")), "words": "Ja, skriv gärna till mig"}, "my-page/consent")
        if customer.person.loyalty_number:
            s.wait(1, 5)
            join(s)
    elif dice < CONSENTS + DECLARES:
        declare(s, liked)
    elif dice < CONSENTS + DECLARES + PREFERS:
        preference, chosen = rng.choice(PREFERENCES)
        s.tell("Preference Changed", {"preference": preference, "value": chosen}, "my-page/preferences")
    elif dice < CONSENTS + DECLARES + PREFERS + WITHDRAWS:
        s.tell("Consent Withdrawn", {"purpose": "marketing", "for_channel": "mail"}, "my-page/consent")
    elif rng.random() < 0.5:
        s.tell("Content Viewed", {"content_id": GUIDES.get(liked, "start"), "subject": liked}, "my-page")
    else:
        s.tell("Product Removed from Wishlist", seen(pick(rng, customer.likes).product), "my-page/wishlist")


def say_no(world: World, now: int, customer: Customer) -> None:
    """No more by mail, said on my page."""
    world.tell(now, "Consent Withdrawn", {"purpose": "marketing", "for_channel": "mail"}, ("web", "my-page/consent"), customer)


def join(s: Session) -> None:
    """Into the club, with the benefit that is promised for it: given within the week in 96 %, else a week late."""
    world, customer, rng = s.world, s.customer, s.rng
    world.call(s.at, {"type": "group", "groupId": "klubben"}, (s.channel, "my-page/club", s.sort), customer, traits={"name": "Klubben"})
    promise, until = customer.next_number("forman"), working_day(day_of(s.at), 5)
    said = {
        "promise_id": promise,
        "kind": "benefit",
        "subject": {"kind": "benefit", "id": "valkomstbonus"},
        "words": f"100 kr i bonus på ditt konto senast {days_in_words(day_of(s.at), until, until)}",
        "place": "min sida",
        "until": until.isoformat(),
        "owner": "club",
    }
    s.at += 1
    s.tell("Promise Stated", said, "my-page/club")
    given = working_day(until, 5 if rng.random() < BENEFIT_LATE else -rng.randrange(0, 4))
    world.tell(at(given, 15), "Promise Fulfilled", {"promise_id": promise}, ("none", "club"), customer)


def declare(s: Session, liked: str) -> None:
    """An interest, perhaps with a goal and its day."""
    said = {"interest": liked}
    if liked in GOALS and s.rng.random() < 0.6:
        goal, days = GOALS[liked]
        said |= {"goal": goal, "until": written(s.at + days * DAY)}
    s.tell("Interest Declared", said, "my-page/interests")


def life_goes_on(world: World, customer: Customer, rng: Random, now: int) -> None:
    """Something has happened, and the customer tells somebody who works here."""
    what, mood, subject = rng.choice(LIFE)
    way = rng.choice(service.WAYS)
    world.tell(now, "Life Event Noted", {"life_event": what, "mood": mood, **({"subject": subject} if subject else {})}, way, customer)
    if what == "dog_died":
        customer.is_mourning, customer.subscribes = True, ""
        customer.likes = tuple(one for one in customer.likes if one != "hund") or ("vandring",)
        world.tell(now + 5, "Interest Withdrawn", {"interest": "hund"}, way, customer)
        service.question(world, now + 10, customer, "bereavement", "")
    elif subject and subject not in customer.likes:
        customer.likes = (*customer.likes, subject)
