"""People whose stories always happen, told relative to the moment where history ends and live begins (`live_from`).

- **Maja Lindqvist**, Umeå: running shoes into the cart on the laptop, ordered in the app (10482), promised on two
  working days of which the last is just over, last scanned in Sundsvall, not delivered. They come the next working day.
- **Moa Lindqvist**, her twin: the same cart, bought at the till in Umeå instead. Another is left after `live_from`.
- **Aisha Warsame**, Göteborg: order 10466 came in the wrong colour; yesterday we promised the right one, and it comes.
- **Erik Sandberg**, Nordstan: we promised to call within the hour; nobody has.
- **Karin Öberg**, Täby: a child's jacket (10127), handed in at the men's store, refunded a day early.
- **Nils Fjällgren**, Östersund: the climber; waits for climbing shoes to be back.
- **Gunvor Ekström**, Karlstad: food for her dog month by month, until the day before yesterday.
- **Leila Haddad**, Stockholm: came to the men's store nine minutes before it closed, and answered what that was like.
- **Signe Holm**, Uppsala: her promise is made and broken after `live_from`; `live.py` tells how.

What goes on after `live_from` is in `live.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from omtanke.simulate.days import HOUR, MINUTE, ONE_DAY, at, day_of, days_in_words, local, working_day, written
from omtanke.simulate.goods import BY_ID, Pick
from omtanke.simulate.numbering import AISHAS_ORDER, KARINS_ORDER, MAJAS_ORDER, NILS_ORDER, majas_days, majas_order_at
from omtanke.simulate.people import Person
from omtanke.simulate.scenes import DELIVERY, answer, into_cart, look, order, receipt, ship
from omtanke.simulate.telling import Scripted, Story

FIRST_CALL, LAST_CALL = 10, 20


def _someone(number: int, first: str, last: str, age: int, town: tuple[str, str, str], likes: tuple[str, ...], locale: str = "sv") -> Person:
    city, region, postal_code = town
    mail = f"{first}.{last}@example.com".lower().translate(str.maketrans("åäöé", "aaoe"))
    # 070-174 06 05 to 99 are set aside by the Swedish authority (PTS) for books and films.
    return Person(
        f"kund-{number:05d}",
        first,
        last,
        age,
        city,
        region,
        postal_code,
        "Skolgatan 7",
        mail,
        f"+46701740{604 + number}",
        f"ML{600_000 + number}",
        locale,
        f"webb-{first.lower()}",
        likes,
    )


MAJA = _someone(1, "Maja", "Lindqvist", 34, ("Umeå", "Västerbotten", "903 26"), ("löpning",))
MOA = _someone(2, "Moa", "Lindqvist", 34, ("Umeå", "Västerbotten", "903 30"), ("löpning",))
AISHA = _someone(3, "Aisha", "Warsame", 29, ("Göteborg", "Västra Götaland", "411 05"), ("vandring", "träning"))
ERIK = _someone(4, "Erik", "Sandberg", 52, ("Göteborg", "Västra Götaland", "414 58"), ("cykel",))
KARIN = _someone(5, "Karin", "Öberg", 41, ("Täby", "Stockholm", "183 34"), ("barn",))
NILS = _someone(6, "Nils", "Fjällgren", 27, ("Östersund", "Jämtland", "831 32"), ("klättring",))
GUNVOR = _someone(7, "Gunvor", "Ekström", 68, ("Karlstad", "Värmland", "652 24"), ("hund",))
LEILA = _someone(8, "Leila", "Haddad", 31, ("Stockholm", "Stockholm", "113 21"), ("träning", "löpning"))
SIGNE = _someone(9, "Signe", "Holm", 38, ("Uppsala", "Uppsala", "753 20"), ("skidor",))
CAST = (MAJA, MOA, AISHA, ERIK, KARIN, NILS, GUNVOR, LEILA, SIGNE)

SHOES, JACKET, CLIMBING_SHOES = Pick(BY_ID["LOP-101"], "38"), Pick(BY_ID["BAR-101"], "122"), Pick(BY_ID["KLA-101"], "42")
WINTER_SHOES = Pick(BY_ID["LOP-103"], "38")
SHELL, CHALK, HARNESS = Pick(BY_ID["VAN-102"], "M"), Pick(BY_ID["KLA-103"], ""), Pick(BY_ID["KLA-102"], "M")
SKIS, TOP = Pick(BY_ID["SKI-101"], ""), Pick(BY_ID["TRA-103"], "S")
DOG_FOOD, BIKE_LIGHTS, SOCKS = Pick(BY_ID["HUN-104"], ""), Pick(BY_ID["CYK-104"], ""), Pick(BY_ID["LOP-106"], "38")


def perform(prefix: str, end: int) -> list[list[Scripted]]:
    """Every story of the cast."""
    acts: tuple[tuple[str, Callable[[Story, int], None]], ...] = (
        ("maja", maja),
        ("moa", moa),
        ("aisha", aisha),
        ("erik", erik),
        ("karin", karin),
        ("nils", nils),
        ("gunvor", gunvor),
        ("leila", leila),
        ("signe", signe),
    )
    told = []
    for name, act in acts:
        story = Story(f"{prefix}-{name}", end)
        act(story, end)
        told.append(story.told)
    return told


def maja(story: Story, end: int) -> None:
    """From laptop to a door that nobody came to."""
    first, last = majas_days(end)
    ordered = majas_order_at(end)
    evening = at(day_of(ordered) - ONE_DAY, 20, 47)
    _earlier_answers(story, MAJA, end)
    story.page(evening - 8 * MINUTE, "https://shop.example/lopning", "Löpning", ("web", "category"), None, MAJA.device)
    into_cart(story, evening, "korg-maja", SHOES, ("web", "product"), MAJA, False)
    story.identify(at(day_of(ordered), 8, 6), MAJA, ("web", "cart"), MAJA.device, customer_since=2019)
    story.tell(ordered - 6 * MINUTE, "Cart Viewed", {"cart_id": "korg-maja"}, ("app", "cart"), MAJA)
    story.tell(ordered - 3 * MINUTE, "Checkout Started", {"cart_id": "korg-maja"}, ("app", "checkout"), MAJA)
    words = f"Hos dig {days_in_words(day_of(ordered), first, last)}"
    order(story, ordered, MAJA, MAJAS_ORDER, "app", "korg-maja", SHOES, "DHL", words, first, last)
    sent = at(working_day(first, -1), 15, 10)
    ship(story, sent, MAJAS_ORDER, "JD10482SE", "DHL")
    parcel = {"parcel_id": "JD10482SE", "carrier": "DHL"}
    story.tell(at(first, 4, 35), "Shipment Updated", {**parcel, "status": "in_transit", "place": "Borlänge"}, DELIVERY)
    story.tell(at(last, 16, 20), "Shipment Updated", {**parcel, "status": "in_transit", "place": "Sundsvall"}, DELIVERY)
    story.tell(at(last, 19, 31), "Shipment Delayed", {**parcel, "order_id": MAJAS_ORDER, "reason": "sorting", "message": "Försenat i terminal"}, DELIVERY)


def moa(story: Story, end: int) -> None:
    """The twin: the cart was left on the web and bought at the till."""
    ordered = majas_order_at(end)
    story.identify(at(day_of(ordered) - ONE_DAY, 20, 30), MOA, ("web", "sign-in"), MOA.device, customer_since=2019)
    into_cart(story, at(day_of(ordered) - ONE_DAY, 20, 47), "korg-moa", SHOES, ("web", "product"), MOA, True)
    paid = at(working_day(day_of(ordered), 0), 17, 20)
    story.tell(paid - 14 * MINUTE, "Store Visited", {"store_id": "utopia"}, ("store", "store/utopia"), MOA)
    receipt(story, paid, MOA, "UTO-MOA-1", "utopia", SHOES, "korg-moa")
    answer(story, paid + 20 * HOUR, MOA, "store", ("survey", "store/utopia"), 5, "Fick springa på bandet i butiken, så bra hjälp!", "UTO-MOA-1")


def aisha(story: Story, end: int) -> None:
    """The wrong colour: told in the chat yesterday at 17.52, the right one promised for the next working day."""
    first, last = majas_days(end)
    ordered = at(day_of(majas_order_at(end)), 9, 31)
    story.identify(ordered - 20 * MINUTE, AISHA, ("web", "sign-in"), AISHA.device, customer_since=2021)
    into_cart(story, ordered - 15 * MINUTE, "korg-aisha", SHELL, ("web", "product"), AISHA, True)
    words = f"Hos dig {days_in_words(day_of(ordered), first, last)}"
    order(story, ordered, AISHA, AISHAS_ORDER, "web", "korg-aisha", SHELL, "PostNord", words, first, last)
    ship(story, at(working_day(first, -1), 15, 42), AISHAS_ORDER, "UA10466SE", "PostNord")
    story.tell(
        at(first, 13, 12), "Shipment Delivered", {"parcel_id": "UA10466SE", "order_id": AISHAS_ORDER, "carrier": "PostNord", "place": "vid dörren"}, DELIVERY
    )
    told, right = at(day_of(end) - ONE_DAY, 17, 52), working_day(day_of(end), 1)
    case = {"case_id": "arende-aisha", "order_id": AISHAS_ORDER}
    words = f"Rätt jacka hos dig {days_in_words(day_of(end), right, right)}, och vi hämtar den andra"
    promise = {
        "promise_id": "ratt-aisha",
        "kind": "repair",
        "case_id": "arende-aisha",
        "words": words,
        "place": "chatten",
        "until": right.isoformat(),
        "owner": "service",
    }
    chat = ("chat", "service/chat")
    story.tell(told, "Case Opened", {**case, "topic": "wrong_item", "line_id": "1", "text": "Hej! Jag beställde den blå jackan och fick en röd."}, chat, AISHA)
    story.tell(told + 6 * MINUTE, "Case Message Sent", {**case, "text": f"Förlåt, det är vårt fel. {words}.", "promises": [promise]}, chat, AISHA)


def erik(story: Story, end: int) -> None:
    """A call back promised before the next full hour but a little: 13, when it is a quarter past twelve."""
    today = day_of(end)
    bought = at(working_day(today, -6), 16, 5)
    story.identify(bought - MINUTE, ERIK, ("store", "store/nordstan"), "", customer_since=2017)
    receipt(story, bought, ERIK, "NOR-ERIK-1", "nordstan", BIKE_LIGHTS)
    asked, before = end - 74 * MINUTE, hour_promised(end)
    promise = {
        "promise_id": "ring-erik",
        "kind": "call_back",
        "case_id": "arende-erik",
        "words": f"Vi ringer dig före kl. {local(before).hour}",
        "place": "telefon",
        "until": written(before),
        "owner": "store/nordstan",
    }
    place = ("phone", "store/nordstan")
    story.tell(asked, "Case Opened", {"case_id": "arende-erik", "topic": "broken_item", "text": "Baklampan laddar inte."}, place, ERIK)
    story.tell(
        asked + MINUTE, "Callback Requested", {"case_id": "arende-erik", "phone": ERIK.phone, "text": "Om baklampan", "promises": [promise]}, place, ERIK
    )


def hour_promised(end: int) -> int:
    """The first full hour at least twenty minutes after the end; 10 in the morning when that is in the night."""
    soon = local(end + 20 * MINUTE + HOUR - 1)
    if soon.hour > LAST_CALL:
        return at(soon.date() + ONE_DAY, FIRST_CALL)
    return at(soon.date(), max(soon.hour, FIRST_CALL))


def karin(story: Story, end: int) -> None:
    """Bought in the app, handed in at the men's store, the money back before we said."""
    today = day_of(end)
    ordered, back = at(working_day(today, -14), 21, 12), at(working_day(today, -4), 12, 25)
    first = working_day(day_of(ordered), 3)
    last, until = working_day(first, 1), working_day(day_of(back), 3)
    story.identify(ordered - 9 * MINUTE, KARIN, ("app", "sign-in"), "", customer_since=2020)
    into_cart(story, ordered - 5 * MINUTE, "korg-karin", JACKET, ("app", "product"), KARIN, True)
    words = f"I ditt skåp {days_in_words(day_of(ordered), first, last)}"
    order(story, ordered, KARIN, KARINS_ORDER, "app", "korg-karin", JACKET, "Instabox", words, first, last)
    ship(story, at(working_day(day_of(ordered), 1), 15, 5), KARINS_ORDER, "IB10127SE", "Instabox")
    story.tell(
        at(first, 11, 40),
        "Pickup Ready",
        {"parcel_id": "IB10127SE", "order_id": KARINS_ORDER, "carrier": "Instabox", "place": "Skåp, Täby C", "code": "4711"},
        DELIVERY,
    )
    story.tell(at(first, 17, 15), "Pickup Collected", {"parcel_id": "IB10127SE"}, DELIVERY)
    promise = {
        "promise_id": f"pengar-{KARINS_ORDER}",
        "kind": "refund",
        "order_id": KARINS_ORDER,
        "words": f"Pengarna på kontot senast {days_in_words(day_of(back), until, until)}",
        "place": "returkvittot",
        "until": until.isoformat(),
        "owner": "finance",
    }
    returned = {
        "order_id": KARINS_ORDER,
        "store_id": "birger-jarl",
        "lines": [{"line_id": "1", "product_id": JACKET.product.product_id}],
        "reason": "too_small",
        "promises": [promise],
    }
    story.tell(back, "Return Received", returned, ("store", "store/birger-jarl"), KARIN)
    story.tell(
        at(working_day(day_of(back), 1), 9, 20), "Refund Issued", {"order_id": KARINS_ORDER, "amount": 999, "currency": "SEK"}, ("none", "finance"), KARIN
    )
    answer(
        story,
        at(working_day(day_of(back), 1), 18, 2),
        KARIN,
        "return",
        ("survey", "store/birger-jarl"),
        5,
        "Lämnade barnjackan i herrbutiken, inga konstigheter alls.",
        KARINS_ORDER,
    )


def nils(story: Story, end: int) -> None:
    """A harness in the autumn, an interest declared; climbing shoes that are to be back within ten days."""
    today = day_of(end)
    ordered, named = at(working_day(today, -30), 19, 44), working_day(today + timedelta(days=9), 0)
    first = working_day(day_of(ordered), 4)
    story.identify(ordered - 30 * MINUTE, NILS, ("app", "sign-in"), "", customer_since=2022)
    into_cart(story, ordered - 9 * MINUTE, "korg-nils", HARNESS, ("app", "product"), NILS, True)
    words = f"Hos dig {days_in_words(day_of(ordered), first, working_day(first, 1))}"
    order(story, ordered, NILS, NILS_ORDER, "app", "korg-nils", HARNESS, "Bring", words, first, working_day(first, 1))
    ship(story, at(working_day(day_of(ordered), 1), 16, 0), NILS_ORDER, "BR9618SE", "Bring")
    story.tell(at(working_day(first, -1), 14, 8), "Shipment Delivered", {"parcel_id": "BR9618SE", "order_id": NILS_ORDER, "carrier": "Bring"}, DELIVERY)
    answer(story, at(first, 20, 15), NILS, "delivery", ("survey", "delivery"), 5, "Kom dagen innan. Hann till hallen!", NILS_ORDER)
    story.tell(at(today - timedelta(days=26), 21, 2), "Interest Declared", {"interest": "klättring", "goal": "Leda 6b i sommar"}, ("app", "my-page"), NILS)
    story.tell(at(today - timedelta(days=12), 22, 15), "Content Viewed", {"content_id": "forsta-leden", "subject": "klättring"}, ("app", "inspiration"), NILS)
    for n, one in enumerate((CLIMBING_SHOES, CHALK, CLIMBING_SHOES)):
        look(story, at(today - timedelta(days=11 - 2 * n), 20, 10 + n), one.product, ("app", "product"), NILS)
    said = {
        "promise_id": "ater-nils",
        "kind": "restock",
        "product_id": CLIMBING_SHOES.product.product_id,
        "words": f"Klätterskor Boulder: åter i lager senast {days_in_words(today, named, named)}",
        "place": "produktsidan",
        "until": named.isoformat(),
        "owner": "purchasing",
    }
    story.tell(at(today - timedelta(days=5), 20, 20), "Promise Stated", said, ("app", "product"), NILS)


def gunvor(story: Story, end: int) -> None:
    """Dog food at the till each month; then the dog has died, and service has answered."""
    today = day_of(end)
    story.identify(at(working_day(today, -62), 13, 9), GUNVOR, ("store", "store/nordstan"), "", customer_since=2014)
    for n, back in enumerate((62, 41, 20), start=1):
        receipt(story, at(working_day(today, -back), 13, 10 + n), GUNVOR, f"NOR-GUNVOR-{n}", "nordstan", DOG_FOOD)
    wrote = at(today - timedelta(days=2), 10, 5)
    until = at(working_day(day_of(wrote), 1), 18)
    promise = {
        "promise_id": "svar-gunvor",
        "kind": "reply",
        "case_id": "arende-gunvor",
        "words": "Vi svarar senast nästa vardag kl. 18",
        "place": "service/mail",
        "until": written(until),
        "owner": "service",
    }
    mail, case = ("mail", "service/mail"), {"case_id": "arende-gunvor"}
    story.tell(
        wrote,
        "Case Opened",
        {**case, "topic": "bereavement", "text": "Vår Bosse har gått bort. Jag vill inte ha fler påminnelser om hundmat.", "promises": [promise]},
        mail,
        GUNVOR,
    )
    story.tell(wrote + 4 * MINUTE, "Life Event Noted", {"life_event": "dog_died", "mood": "sad", "subject": "hund"}, mail, GUNVOR)
    story.tell(wrote + 5 * MINUTE, "Interest Withdrawn", {"interest": "hund"}, mail, GUNVOR)
    kind_words = "Kära Gunvor, vad ledsna vi blir. Bosse var alltid välkommen hos oss. Du får inget mer om hundar från oss."
    story.tell(wrote + 95 * MINUTE, "Case Message Sent", {**case, "text": kind_words}, mail, GUNVOR)
    story.tell(wrote + 96 * MINUTE, "Case Resolved", {**case, "outcome": "answered"}, mail, GUNVOR)


def leila(story: Story, end: int) -> None:
    """Nine minutes before closing, and how it felt."""
    day = working_day(day_of(end), -1)
    came = at(day, 18, 51)
    story.identify(at(working_day(day, -30), 12, 40), LEILA, ("store", "store/birger-jarl"), "", customer_since=2023)
    story.tell(came, "Store Visited", {"store_id": "birger-jarl"}, ("store", "store/birger-jarl"), LEILA)
    receipt(story, came + 6 * MINUTE, LEILA, "BIR-LEILA-1", "birger-jarl", TOP)
    words = "Lamporna släcktes medan jag stod i kassan. Jag fick min tröja, men kände mig i vägen."
    answer(story, came + 3 * HOUR + 20 * MINUTE, LEILA, "store", ("survey", "store/birger-jarl"), 2, words, "BIR-LEILA-1")


def signe(story: Story, end: int) -> None:
    """Skis at the till twelve working days ago."""
    bought = at(working_day(day_of(end), -12), 17, 35)
    story.identify(bought - MINUTE, SIGNE, ("store", "store/granby"), "", customer_since=2018)
    receipt(story, bought, SIGNE, "GRA-SIGNE-1", "granby", SKIS)


def _earlier_answers(story: Story, who: Person, end: int) -> None:
    """Bought at the till two months ago, and glad of it."""
    bought = at(working_day(day_of(end), -44), 16, 48)
    story.identify(bought - MINUTE, who, ("store", "store/utopia"), "", customer_since=2019)
    receipt(story, bought, who, "UTO-MAJA-1", "utopia", SOCKS)
    answer(story, bought + 5 * HOUR, who, "store", ("survey", "store/utopia"), 5, "Ni minns vilken storlek jag har, det känns fint.", "UTO-MAJA-1")
