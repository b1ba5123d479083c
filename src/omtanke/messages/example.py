"""An example of everything that a message can say: what a preview shows, and what a check tries."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from omtanke.messages.context import Cart, Case, Context, Line, Link, Links, Money, Order, Parcel, Person, Refund, Score, Shop, Store, Survey, Writer
from omtanke.messages.stated import StatedPromise, StatedQuote
from omtanke.vocabulary.time import DAY, HOUR, moment_of

# A Tuesday at eight in the morning, in Stockholm.
NOW = moment_of(datetime(2026, 11, 24, 7, 0, tzinfo=UTC))
MIDNIGHT = moment_of(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))
SHOES = {"sv": ("Löparskor Fjäll", "blå, 42"), "en": ("Fjäll running shoes", "blue, 42")}
SOCKS = {"sv": ("Strumpor i merinoull", "grå, 40–42"), "en": ("Merino wool socks", "grey, 40–42")}
BASE = "https://fjallochfot.example"
# (question, what the lowest and the highest answer mean, the highest) by message, as the pages ask it.
ASKED = {
    "sv": {
        "survey_delivery": ("Vad tyckte du om leveransen?", "dåligt", "mycket bra", 5),
        "survey_store_visit": ("Vad tyckte du om ditt besök i butiken?", "dåligt", "mycket bra", 5),
        "survey_case": ("Vi gjorde det lätt för dig att få hjälp. Håller du med?", "inte alls", "helt och hållet", 7),
        "survey_return": ("Vi gjorde det lätt för dig att lämna tillbaka. Håller du med?", "inte alls", "helt och hållet", 7),
    },
    "en": {
        "survey_delivery": ("How did you like the delivery?", "poor", "very good", 5),
        "survey_store_visit": ("How did you like your visit to the store?", "poor", "very good", 5),
        "survey_case": ("We made it easy for you to get help. Do you agree?", "not at all", "completely", 7),
        "survey_return": ("We made it easy for you to send it back. Do you agree?", "not at all", "completely", 7),
    },
}


def example(language: str, message: str = "") -> Context:
    """Maja has ordered shoes and socks of a shop in Umeå, and everything that can be said of her is known. `message`: which one asks her."""
    lines = (
        Line(name=SHOES[language][0], variant=SHOES[language][1], price=Money(149_900)),
        Line(name=SOCKS[language][0], variant=SOCKS[language][1], quantity=2, price=Money(29_800)),
    )
    return Context(
        person=Person(first_name="Maja"),
        shop=Shop(name="Fjäll & Fot", address="Storgatan 12, 903 26 Umeå", writer=Writer(name="Sara")),
        links=Links(my_page=Link(f"{BASE}/min-sida/a1b2c3"), unsubscribe=Link(f"{BASE}/inga-fler/a1b2c3")),
        order=Order(number="10482", lines=lines, total=Money(179_700)),
        cart=Cart(lines=lines[:1], link=Link(f"{BASE}/r/a1b2c3")),
        parcel=Parcel(carrier="PostNord", number="SE 123 456 789", link=Link(f"{BASE}/paket/a1b2c3")),
        refund=Refund(amount=Money(149_900)),
        case=Case(number="3117"),
        store=Store(name="Fjäll & Fot, Nordstan", address="Nordstadstorget 2, Göteborg", link=Link(f"{BASE}/nordstan")),
        survey=asked(language, message),
        promise=StatedPromise(
            id=1041,
            from_at=MIDNIGHT + 2 * DAY,
            until_at=MIDNIGHT + 4 * DAY,
            words="Hos dig torsdag eller fredag" if language == "sv" else "With you on Thursday or Friday",
            first_from_at=MIDNIGHT + DAY,
            first_until_at=MIDNIGHT + 2 * DAY,
        ),
        quote=StatedQuote(id=77, until_at=MIDNIGHT + 4 * DAY, valid_until=MIDNIGHT + 14 * HOUR),
    )


def asked(language: str, message: str) -> Survey:
    """The question of a survey; of any other message that of the delivery."""
    question, lowest, highest, most = ASKED[language].get(message) or ASKED[language]["survey_delivery"]
    return Survey(question=question, lowest=lowest, highest=highest, scores=scores(1, most), link=Link(f"{BASE}/svar/a1b2c3"))


def scores(least: int, most: int) -> tuple[Score, ...]:
    return tuple(Score(value=n, link=Link(f"{BASE}/svar/a1b2c3?score={n}")) for n in range(least, most + 1))


def examples(language: str, message: str = "") -> dict[str, Context]:
    """What a message has to stand: everything known; no name; the least; one who writes for a time."""
    whole = example(language, message)
    shop = replace(whole.shop, writer=None, address="")
    bare = replace(
        whole,
        person=Person(),
        shop=shop,
        links=Links(unsubscribe=whole.links.unsubscribe),
        parcel=replace(whole.parcel or Parcel(), link=None, number=""),
        store=Store(name="Nordstan"),
        survey=Survey(question=ASKED[language]["survey_delivery"][0], scores=scores(0, 10), link=Link(f"{BASE}/svar/a1b2c3")),
    )
    return {
        "everything known": whole,
        "no name known": replace(whole, person=Person()),
        "little known": bare,
        "a temporary colleague writes": replace(whole, shop=replace(whole.shop, writer=Writer(name="Ali", is_temporary=True))),
    }
