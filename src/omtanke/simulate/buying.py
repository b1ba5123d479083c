"""Orders on web and app: what is promised in the checkout, and how they are called off, packed apart or run short.

Of the orders 2.4 % are called off before they are packed, 9 % of those with several lines go in two parcels
(half of them with a promise for each line), 3 % of those with several lines lose one that has run out, and
8 % of those on the web take a quote given on the product page instead of a promise in the checkout. 12 % have a coupon,
of which one in five is not accepted.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from omtanke.simulate.carriers import carrier_for, days_promised, ready_day, zone_of
from omtanke.simulate.customer import Customer
from omtanke.simulate.days import DAY, HOUR, MINUTE, WEEKDAYS, day_of, days_in_words, within, working_day, written
from omtanke.simulate.deliveries import fall_due, watch, watch_moment
from omtanke.simulate.goods import BY_ID, GIFT_CARD, SUBSCRIBED, Pick, as_line, worth
from omtanke.simulate.numbering import next_number
from omtanke.simulate.planted import CARRIER_SHIFT, ZONE_SHIFT
from omtanke.simulate.sessions import Session, arrive, check_out, fill_in, seen
from omtanke.simulate.truth import Delivery
from omtanke.simulate.warehouse import release
from omtanke.simulate.work import Agreed, Order, Parcel, Taken, Window
from omtanke.simulate.world import World

CALLED_OFF, TWO_PARCELS, EACH_LINE, RUN_OUT, QUOTED = 0.024, 0.09, 0.5, 0.03, 0.08
COUPON, COUPON_DENIED, LOOKS_FIRST = 0.12, 0.2, 0.4
SUBSCRIBES, SUBSCRIPTION_DAYS, ENDS_SUBSCRIPTION = 0.25, 28, 0.06
GIFT_GIVEN_UP = 0.22
FREE_FROM, DELIVERY_FEE = 599, 49
REASONS_TO_CALL_OFF = ("changed_mind", "wrong_size", "found_elsewhere", "ordered_twice")
GIFT_FIELDS = (
    ("email", 9, 0.02, 0.0, True),
    ("recipient_email", 11, 0.03, 0.0, True),
    ("postal_code", 12, 0.08, 1.0, True),
    ("card_number", 19, 0.04, 0.0, True),
)


def order_online(world: World, customer: Customer, rng: Random, at: int, channel: str, is_reminded: bool = False, way: str = "") -> None:
    """From cart to order; what becomes of it is planned."""
    s = Session(world, customer, rng, at, channel)
    if not is_reminded and rng.random() < LOOKS_FIRST:
        arrive(s)
    cart = check_out(s, is_reminded)
    coupon = perhaps_coupon(s, cart.cart_id) if rng.random() < COUPON else ""
    world.plan(s.at, place, customer, channel, s.device, s.sort, Taken(cart.cart_id, cart.chosen, coupon, way=way))


def perhaps_coupon(s: Session, cart_id: str) -> str:
    """A code is tried in the checkout; gives it when it holds."""
    said = {"cart_id": cart_id, "coupon_id": "HOST10"}
    s.tell("Coupon Entered", said, "checkout")
    s.wait(1, 4)
    if s.rng.random() < COUPON_DENIED:
        s.tell("Coupon Denied", {**said, "reason": "expired"}, "checkout")
        return ""
    s.tell("Coupon Applied", {**said, "currency": "SEK"}, "checkout")
    return "HOST10"


def place(world: World, at: int, customer: Customer, channel: str, device: str, sort: str, taken: Taken) -> None:
    """The order is placed: numbered, promised, sent to the warehouse, watched."""
    number = next_number(world, at)
    rng = world.dice("order", int(number))
    order = new_order(world, rng, number, customer, at, channel, taken.way)
    order.lines = [as_line(n, one) for n, one in enumerate(taken.chosen, start=1)]
    pack_apart(rng, order)
    tell_order(world, rng, order, device, sort, taken)
    world.orders[number] = order
    world.truth.deliveries.append(order.truth)
    for one in order.parcels:
        release(world, one)
    if rng.random() < CALLED_OFF and not customer.is_visitor:
        world.plan(at + rng.randrange(10, 240) * MINUTE, call_off, order)
    world.plan(watch_moment(rng, order), watch, order)
    world.plan(order.until_at, fall_due, order)
    maybe_subscribe(world, rng, at, customer, taken)


def new_order(world: World, rng: Random, number: str, customer: Customer, at: int, channel: str, way: str) -> Order:
    """Who carries it, when it is promised, and how this customer will feel about it."""
    region = customer.person.region
    carrier, zone = carrier_for(rng, region, way), zone_of(region)
    truth = Delivery(customer.user_id, number, f"{region}/{carrier.name}", region, zone, carrier.name, at, 0)
    order = Order(number, customer, at, channel, carrier, truth)
    order.shift = ZONE_SHIFT[zone] + CARRIER_SHIFT[carrier.name] + customer.mild
    order.dice = rng.random()
    order.promise_id = f"lofte-{number}"
    return order


def window_of(order: Order, wait: int) -> Window:
    """The days promised; `wait` working days longer in the warehouse."""
    leaves = working_day(ready_day(order.placed_at), wait)
    first, last = days_promised(order.carrier, leaves, order.customer.person.region)
    return Window(first, last, order.is_slot)


def pack_apart(rng: Random, order: Order) -> None:
    """One parcel, or two of which the second leaves two working days later. The window is that of all of it."""
    lines, prefix = order.lines, order.carrier.prefix
    shares = [lines[:-1], lines[-1:]] if len(lines) > 1 and rng.random() < TWO_PARCELS else [lines]
    order.parcels = [Parcel(f"{prefix}{order.number}{n}SE", order, share, window_of(order, 2 * n), len(shares) == 1) for n, share in enumerate(shares)]
    order.from_at, order.until_at = order.parcels[0].window.from_at, order.parcels[-1].window.until_at
    order.truth.until_at = order.until_at


def tell_order(world: World, rng: Random, order: Order, device: str, sort: str, taken: Taken) -> None:
    """The order with the promises that the checkout shows, or with the quote that was taken."""
    who, at = order.customer.person, order.placed_at
    goods = worth(taken.chosen)
    discount = round(goods * 0.1) if taken.coupon else 0
    fee = 0 if goods - discount >= FREE_FROM else DELIVERY_FEE
    total = goods - discount + fee
    said: dict[str, Any] = {
        "order_id": order.number,
        "cart_id": taken.cart_id,
        "total": total,
        "shipping": fee,
        "tax": round(total * 0.2, 2),
        "currency": "SEK",
        "region": who.region,
        "carrier": order.carrier.name,
        "products": order.lines,
        "shipping_address": {"name": who.name, "street": who.street, "postal_code": who.postal_code, "city": who.city},
    }
    if taken.coupon:
        said["coupon"], said["discount"] = taken.coupon, discount
    if taken.is_subscribed:
        said["affiliation"] = "prenumeration"
    quote = quoted(world, rng, order, device, sort)
    if quote:
        said["quote_id"] = quote
    else:
        said["promises"] = promises(rng, order)
    world.tell(at + 1, "Order Completed", said, (order.channel, "checkout", sort), order.customer, device)
    world.tell(at + rng.randrange(3, 40), "Payment Approved", {"order_id": order.number}, (order.channel, "checkout"), order.customer)


def words(today: date, one: Parcel) -> str:
    """What the checkout says: `Hos dig torsdag eller fredag`."""
    window = one.window
    day = days_in_words(today, window.first, window.last)
    match one.order.carrier.way:
        case "slot":
            return f"Hos dig {WEEKDAYS[window.first.weekday()]} kl. 17–22"
        case "home":
            return f"Hos dig {day}"
        case "locker":
            return f"I ditt skåp {day}"
    return f"Hos ditt ombud {day}"


def shown(window: Window) -> dict[str, Any]:
    """Dates, or the hours of an evening slot at which the customer waits at the door."""
    if window.is_slot:
        return {"from": written(window.from_at), "until": written(window.until_at), "attended": True}
    return {"from": window.first.isoformat(), "until": window.last.isoformat()}


def promises(rng: Random, order: Order) -> list[dict[str, Any]]:
    """One for the order; for two parcels one of the whole, or one for each line."""
    today, last = day_of(order.placed_at), order.parcels[-1]
    said = {"kind": "delivery", "place": "kassan", "owner": "logistics"}
    if last.is_whole:
        return [{"promise_id": order.promise_id, **said, "order_id": order.number, "words": words(today, last), **shown(last.window)}]
    if rng.random() < EACH_LINE:
        order.promise_id = ""
        return [
            {
                "promise_id": f"lofte-{order.number}-{line['line_id']}",
                **said,
                "subject": {"kind": "line", "id": line["line_id"]},
                "words": f"{line['name']}: {words(today, one)}",
                **shown(one.window),
            }
            for one in order.parcels
            for line in one.lines
        ]
    text = words(today, last)
    first = order.parcels[0].window
    whole = {**shown(last.window), "from": written(first.from_at) if last.window.is_slot else first.first.isoformat(), "attended": False}
    return [{"promise_id": order.promise_id, **said, "order_id": order.number, "words": f"Allt {text[0].lower()}{text[1:]}, i två paket", **whole}]


def quoted(world: World, rng: Random, order: Order, device: str, sort: str) -> str:
    """The quote that the order takes: one that Omtanke gave, or one of the product page's; else nothing."""
    customer, at = order.customer, order.placed_at
    agreed, customer.quote = customer.quote, None
    if isinstance(agreed, Agreed) and at <= agreed.valid_until and agreed.until_at > at:
        order.from_at, order.until_at, order.promise_id = agreed.from_at, agreed.until_at, ""
        order.truth.until_at = agreed.until_at
        return agreed.quote_id
    one = order.parcels[0]
    if not one.is_whole or one.window.is_slot or order.channel != "web" or rng.random() >= QUOTED:
        return ""
    offer = {
        "quote_id": f"bud-{order.number}",
        "words": f"{words(day_of(at), one)} om du beställer i dag",
        "place": "produktsidan",
        "valid_until": written(at + 6 * HOUR),
        **shown(one.window),
    }
    world.tell(at, "Quote Given", offer, ("web", "product", sort), customer, device)
    return f"bud-{order.number}"


def call_off(world: World, at: int, order: Order) -> None:
    """The customer calls the whole order off before it is packed; the money goes back the next working day."""
    if order.is_cancelled or any(one.shipped_at for one in order.parcels):
        return
    order.is_cancelled = True
    rng = world.dice("wrong", int(order.number), 1)
    world.tell(at, "Order Cancelled", {"order_id": order.number, "reason": rng.choice(REASONS_TO_CALL_OFF)}, ("web", "my-page"), order.customer)
    refunded = within(rng, working_day(day_of(at), 1), 9, 15)
    world.tell(refunded, "Order Refunded", {"order_id": order.number}, ("none", "finance"), order.customer)


def maybe_subscribe(world: World, rng: Random, at: int, customer: Customer, taken: Taken) -> None:
    """Dog food and energy gel wear out: one buyer in four lets them come every four weeks."""
    if taken.is_subscribed or customer.subscribes:
        return
    found = next((one for one in taken.chosen if one.product.product_id in SUBSCRIBED), None)
    if found and rng.random() < SUBSCRIBES:
        customer.subscribes = found.product.product_id
        world.plan(at + SUBSCRIPTION_DAYS * DAY, renew, customer)


def renew(world: World, at: int, customer: Customer) -> None:
    """The next parcel of a subscription, unless it has ended."""
    rng = world.dice("subscribe", customer.number, at)
    if not customer.subscribes or customer.is_mourning or customer.is_hurt(at) or rng.random() < ENDS_SUBSCRIPTION:
        customer.subscribes = ""
        return
    chosen = [Pick(BY_ID[customer.subscribes], "", 1)]
    place(world, at, customer, "web", "", "server", Taken(customer.next_number("korg"), chosen, "", True))
    world.plan(at + SUBSCRIPTION_DAYS * DAY, renew, customer)


def buy_gift_card(world: World, customer: Customer, rng: Random, at: int) -> None:
    """Something that no parcel carries; the form asks for a postal code all the same, and one in five gives up there."""
    s = Session(world, customer, rng, at, "web")
    s.tell("Product Viewed", seen(GIFT_CARD), "product")
    s.wait(10, 80)
    cart = customer.next_number("korg")
    s.tell("Product Added", {"cart_id": cart, **seen(GIFT_CARD), "quantity": 1}, "product")
    s.wait(5, 30)
    s.tell("Checkout Started", {"cart_id": cart}, "checkout")
    if rng.random() < GIFT_GIVEN_UP:
        fill_in(s, cart, GIFT_FIELDS, "postal_code", "gift-card")
        return
    fill_in(s, cart, GIFT_FIELDS, "", "gift-card")
    s.sign_in()
    world.plan(s.at, place_gift, customer, s.device, s.sort, cart)


def place_gift(world: World, at: int, customer: Customer, device: str, sort: str, cart: str) -> None:
    """A gift card leaves at once by mail."""
    number = next_number(world, at)
    line = as_line(1, Pick(GIFT_CARD, ""))
    said = {"order_id": number, "cart_id": cart, "total": GIFT_CARD.price, "currency": "SEK", "region": customer.person.region, "products": [line]}
    world.tell(at, "Order Completed", said, ("web", "checkout", sort), customer, device)
    world.tell(at + 3, "Payment Approved", {"order_id": number}, ("web", "checkout"), customer)
    world.tell(at + 40, "Shipment Delivered", {"order_id": number}, ("mail", "mail/gift-card"), customer)
