"""How the stories of the cast go on after `live_from`, and how the cast hears what the shop is told.

**Signe Holm** asks to be called about the bindings of her skis. Minutes after `live_from`:

| minute | what happens |
|---|---|
| 1 | Case Opened (phone), and a minute later Callback Requested with the promise to call before minute 24 |
| 13 | at risk (half way, or an hour before the end, whichever is later) |
| 24 | due |
| 39 | broken (quarter of an hour of grace) |
| new date | she is called eight minutes after it was agreed, or a minute before it, whichever is sooner |
| 2 later | Case Resolved; a link is answered three minutes after it reaches her, with 4 of 5 |
| none | she is called after five hours, and answers a link with 2 of 5 |

**Moa Lindqvist** says in the app that we may write to her, and a minute later lays running shoes into a cart on her laptop, where she is not signed in.
Something comes between. Whether she buys them is for whoever opens the mail that reminds her, and presses.
"""

from __future__ import annotations

from random import Random
from typing import Any

from omtanke.simulate import deliveries, service
from omtanke.simulate.carriers import BY_NAME
from omtanke.simulate.cast import AISHA, CAST, CLIMBING_SHOES, ERIK, MAJA, MOA, SHOES, SIGNE, WINTER_SHOES, hour_promised, perform
from omtanke.simulate.customer import Cart, Customer
from omtanke.simulate.days import HOUR, MINUTE, at, day_of, evening_of, local, working_day
from omtanke.simulate.goods import as_line
from omtanke.simulate.numbering import AISHAS_ORDER, MAJAS_ORDER, majas_days, majas_order_at
from omtanke.simulate.people import Person
from omtanke.simulate.restocking import is_back
from omtanke.simulate.truth import Delivery, Help
from omtanke.simulate.work import Case, Order, Parcel, Restock, Window
from omtanke.simulate.world import ENCODER, World

MOA_LETS_US = 2 * MINUTE
SIGNE_ASKS, SIGNE_PROMISED, SIGNE_CALLED_ANYWAY = 1 * MINUTE, 24 * MINUTE, 5 * HOUR
IN_THE_MIDDLE = 0.5


def enter(world: World, live_from: int) -> None:
    """What the cast has done up to then is told, what it waits for is planned."""
    for told in perform(f"s{world.seed}", live_from):
        for moment, message in told:
            world.keep(message["messageId"], moment, moment, ENCODER.encode(message))
    people = {who.user_id: known(who) for who in CAST}
    world.by_user.update(people)
    maja_waits(world, people[MAJA.user_id], live_from)
    aisha = waiting(world, people[AISHA.user_id], "arende-aisha", AISHAS_ORDER, "wrong_item", "repair", evening_of(working_day(day_of(live_from), 1)))
    service.plan_answer(world, aisha, at(working_day(day_of(live_from), 1), 14, 20))
    erik = waiting(world, people[ERIK.user_id], "arende-erik", "", "broken_item", "call_back", hour_promised(live_from))
    service.plan_answer(world, erik, hour_promised(live_from) + 26 * HOUR)
    back = at(working_day(day_of(live_from), 6), 8, 40)
    nils = Restock(CLIMBING_SHOES.product.product_id, live_from, day_of(back), back)
    world.out.append(nils)
    world.plan(back, is_back, nils, 30)
    world.plan(live_from + MOA_LETS_US, moa_lets_us, people[MOA.user_id])
    world.plan(live_from + SIGNE_ASKS, signe_asks, people[SIGNE.user_id], live_from + SIGNE_PROMISED)


def known(who: Person) -> Customer:
    """One of the cast as a customer who does nothing that is not written."""
    someone = Customer(who, int(who.user_id[5:]), Random(0))
    someone.mild, someone.is_known, someone.answers, someone.asked_at = 0.0, True, 2.4, 0
    return someone


def waiting(world: World, who: Customer, case_id: str, order: str, topic: str, kind: str, until_at: int) -> Case:
    """A case of the cast, still open; it is no part of the population's truth."""
    way = ("phone", "service/phone") if kind == "call_back" else ("chat", "service/chat")
    case = Case(case_id, who, order, topic, kind, way, until_at, Help("case", who.user_id, case_id, order, topic, 0, until_at))
    case.dice, case.is_scripted = IN_THE_MIDDLE, True
    case.table = "put_right" if kind == "repair" else "answered"
    case.late_by = world.effects.put_right_late if kind == "repair" else world.effects.case_late
    world.cases[case_id] = case
    return case


def maja_waits(world: World, maja: Customer, live_from: int) -> None:
    """Her shoes are somewhere in Sundsvall, and come the next working day."""
    first, last = majas_days(live_from)
    carrier = BY_NAME["DHL"]
    truth = Delivery(maja.user_id, MAJAS_ORDER, "Västerbotten/DHL", "Västerbotten", "north", "DHL", majas_order_at(live_from), evening_of(last))
    order = Order(MAJAS_ORDER, maja, majas_order_at(live_from), "app", carrier, truth)
    order.from_at, order.until_at, order.dice, order.is_fixed = at(first, 0), evening_of(last), IN_THE_MIDDLE, True
    order.promise_id = f"lofte-{MAJAS_ORDER}"
    order.lines = [as_line(1, SHOES)]
    parcel = Parcel("JD10482SE", order, order.lines, Window(first, last, False), True)
    parcel.shipped_at = at(working_day(first, -1), 15, 10)
    parcel.arrives_at = at(working_day(day_of(live_from), 1), 13, 40)
    order.parcels = [parcel]
    world.orders[MAJAS_ORDER] = order
    about: dict[str, Any] = {"parcel_id": parcel.number, "carrier": "DHL", "order_id": MAJAS_ORDER}
    world.plan(parcel.arrives_at, deliveries.arrive, parcel, about)


def signe_asks(world: World, now: int, signe: Customer, until_at: int) -> None:
    """Before what minute we call; nobody will, unless somebody notices."""
    case = waiting(world, signe, "arende-signe", "", "product", "call_back", until_at)
    service.tell_call_back(world, now, case, f"Vi ringer dig före kl. {local(until_at):%H.%M}", "Bindningarna på mina nya skidor sitter löst.")
    service.plan_answer(world, case, now - SIGNE_ASKS + SIGNE_CALLED_ANYWAY)


def moa_lets_us(world: World, now: int, moa: Customer) -> None:
    """Yes to mail, in the app."""
    world.tell(now, "Consent Given", {"purpose": "marketing", "for_channel": "mail", "words": "Ja, skriv gärna till mig"}, ("app", "my-page/consent"), moa)
    world.plan(now + MINUTE, moa_forgets, moa)


def moa_forgets(world: World, now: int, moa: Customer) -> None:
    """Shoes in the cart, on the laptop, where nobody is signed in."""
    moa.cart = Cart(moa.next_number("korg"), [WINTER_SHOES], now, "web")
    added = {"cart_id": moa.cart.cart_id, **{key: value for key, value in as_line(1, WINTER_SHOES).items() if key != "line_id"}}
    world.tell(now, "Product Added", added, ("web", "product"), moa, MOA.device, signed_in=False)
