"""Orders on web and app: what is promised in the checkout, what becomes of it, what is said to the customer.

Of the orders 2.4 % are called off before they are packed, 9 % of those with several lines go in two parcels
(half of them with a promise for each line), 3 % of those with several lines lose one that has run out, and
8 % take a quote given on the product page instead of a promise in the checkout. Of the parcels that will be
late the carrier tells 60 % before the time is up; of these the shop agrees a new window with 70 %, which
holds in about nine of ten. An order that broke its promise makes each later visit 35 % less likely.
"""

from __future__ import annotations

from typing import Any

from omtanke.simulate.carts import check_out, place
from omtanke.simulate.days import HOUR, MINUTE, WEEKDAYS, at, day_of, days_in_words, within, working_day, written
from omtanke.simulate.goods import Pick, as_line, worth
from omtanke.simulate.life import DELIVERY, MAIL_DELAY, PRODUCT_PAGE, Life, ask, evening_of
from omtanke.simulate.parcels import Parcel, carrier_for, carry, parcel, send
from omtanke.simulate.service import after_delivery

CALLED_OFF, TWO_PARCELS, EACH_LINE, RUN_OUT, QUOTED = 0.024, 0.09, 0.5, 0.03, 0.08
TOLD, AGREED_ANEW, ANEW_HOLDS = 0.60, 0.70, 0.91
SHIPPED_AFTER_DELIVERED = 0.004
NAMED_BY_CARRIER = 0.5
FREE_FROM, DELIVERY_FEE = 599, 49
REASONS_TO_CALL_OFF = ("changed_mind", "wrong_size", "found_elsewhere", "ordered_twice")


def order_online(life: Life, moment: int, number: str, channel: str) -> None:
    """From cart to door."""
    cart, placed = check_out(life, moment, channel)
    parcels = pack(life, placed, number, cart.chosen)
    place_order(life, placed, number, channel, cart.cart_id, cart.chosen, parcels)
    if life.rng.random() < CALLED_OFF:
        call_off(life, number, placed, parcels)
        return
    lines_run_out(life, number, placed, parcels)
    fulfil(life, number, placed, parcels)


def pack(life: Life, placed: int, number: str, chosen: list[Pick]) -> list[Parcel]:
    """One parcel, or two of which the second leaves two working days later."""
    rng, region = life.rng, life.who.region
    lines = [as_line(n, one) for n, one in enumerate(chosen, start=1)]
    carrier = carrier_for(rng, region)
    shares = [lines[:-1], lines[-1:]] if len(lines) > 1 and rng.random() < TWO_PARCELS else [lines]
    return [parcel(rng, f"{carrier.prefix}{number}{n}SE", carrier, region, placed, share, wait=2 * n) for n, share in enumerate(shares)]


def place_order(life: Life, placed: int, number: str, channel: str, cart_id: str, chosen: list[Pick], parcels: list[Parcel]) -> None:
    """The order with the promises that the checkout shows, or with the quote that the product page gave."""
    who, total = life.who, worth(chosen)
    fee = 0 if total >= FREE_FROM else DELIVERY_FEE
    order: dict[str, Any] = {
        "order_id": number,
        "cart_id": cart_id,
        "total": total + fee,
        "shipping": fee,
        "tax": round((total + fee) * 0.2, 2),
        "currency": "SEK",
        "region": who.region,
        "carrier": parcels[0].carrier.name,
        "products": [as_line(n, one) for n, one in enumerate(chosen, start=1)],
        "shipping_address": {"name": who.name, "street": who.street, "postal_code": who.postal_code, "city": who.city},
    }
    if len(parcels) == 1 and not parcels[0].slot and channel == "web" and life.rng.random() < QUOTED:
        order["quote_id"] = quote(life, placed - 12 * MINUTE, number, parcels[0])
    else:
        order["promises"] = promises(life, placed, number, parcels)
    device = who.device if channel == "web" else ""
    life.story.tell(placed, "Order Completed", order, place(channel, "checkout"), who, device)
    life.story.tell(placed + life.rng.randrange(2, 40), "Payment Approved", {"order_id": number}, place(channel, "checkout"), who)


def words(today: int, one: Parcel) -> str:
    """What the checkout says: `Hos dig torsdag eller fredag`."""
    day = days_in_words(day_of(today), one.first, one.last)
    match one.carrier.way:
        case "slot":
            return f"Hos dig {WEEKDAYS[one.first.weekday()]} kl. 17–22"
        case "home":
            return f"Hos dig {day}"
        case "locker":
            return f"I ditt skåp {day}"
    return f"Hos ditt ombud {day}"


def window(one: Parcel) -> dict[str, Any]:
    """Dates, or the two hours of an evening slot at which the customer waits at the door."""
    if one.slot:
        return {"from": written(one.from_at), "until": written(one.until_at), "attended": True}
    return {"from": one.first.isoformat(), "until": one.last.isoformat()}


def promises(life: Life, placed: int, number: str, parcels: list[Parcel]) -> list[dict[str, Any]]:
    """One for the order; for two parcels one of the whole, or one for each line."""
    last = parcels[-1]
    shown = {"kind": "delivery", "place": "kassan", "owner": "logistics"}
    if len(parcels) == 1:
        return [{"promise_id": f"lofte-{number}", **shown, "order_id": number, "words": words(placed, last), **window(last)}]
    if life.rng.random() < EACH_LINE:
        return [
            {
                "promise_id": f"lofte-{number}-{line['line_id']}",
                **shown,
                "subject": {"kind": "line", "id": line["line_id"]},
                "words": f"{line['name']}: {words(placed, one)}",
                **window(one),
            }
            for one in parcels
            for line in one.lines
        ]
    whole = {**window(last), "from": parcels[0].first.isoformat() if not last.slot else written(parcels[0].from_at), "attended": False}
    return [
        {
            "promise_id": f"lofte-{number}",
            **shown,
            "order_id": number,
            "words": f"Allt {words(placed, last)[0].lower()}{words(placed, last)[1:]}, i två paket",
            **whole,
        }
    ]


def quote(life: Life, moment: int, number: str, one: Parcel) -> str:
    """The product page offers a window; the order takes it."""
    offer = {
        "quote_id": f"bud-{number}",
        "words": f"{words(moment, one)} om du beställer i dag",
        "place": "produktsidan",
        "valid_until": written(moment + 6 * HOUR),
        **window(one),
    }
    life.story.tell(moment, "Quote Given", offer, PRODUCT_PAGE, life.who, life.who.device)
    return f"bud-{number}"


def call_off(life: Life, number: str, placed: int, parcels: list[Parcel]) -> None:
    """The customer calls the whole order off before it is packed; the money goes back the next working day."""
    moment = placed + int((parcels[0].packed_at - placed) * (0.1 + 0.8 * life.rng.random()))
    life.story.tell(moment, "Order Cancelled", {"order_id": number, "reason": life.rng.choice(REASONS_TO_CALL_OFF)}, place("web", "my-page"), life.who)
    refunded = within(life.rng, working_day(day_of(moment), 1), 9, 15)
    life.story.tell(refunded, "Order Refunded", {"order_id": number}, ("none", "finance"), life.who)


def lines_run_out(life: Life, number: str, placed: int, parcels: list[Parcel]) -> None:
    """A line that could not be found in the warehouse is called off by us."""
    held = parcels[0]
    if len(held.lines) < 2 or life.rng.random() >= RUN_OUT:
        return
    line = held.lines.pop()
    moment = max(placed + MINUTE, held.packed_at - 20 * MINUTE)
    gone = {"order_id": number, "reason": "out_of_stock", "lines": [{"line_id": line["line_id"], "product_id": line["product_id"]}]}
    life.story.tell(moment, "Order Cancelled", gone, ("warehouse", "warehouse"), life.who)


def fulfil(life: Life, number: str, placed: int, parcels: list[Parcel]) -> None:
    """Sent, carried, perhaps late, perhaps told; then what the customer feels and does."""
    rng, story = life.rng, life.story
    whole = len(parcels) == 1
    for one in parcels:
        odd = whole and rng.random() < SHIPPED_AFTER_DELIVERED
        send(rng, story, number, one, whole, odd)
        carry(rng, story, number, one, odd or rng.random() < NAMED_BY_CARRIER, life.who.city)
    last = max(parcels, key=lambda one: one.arrives_at)
    renewed = warn(life, number, last, whole) if last.late and last.arrives_at > last.until_at else 0
    felt = outcomes(last, renewed, placed)
    if renewed:
        life.hurt_at = renewed if last.arrives_at > renewed else life.hurt_at
    elif any(one.arrives_at > one.until_at for one in parcels):
        life.hurt_at = min(one.until_at for one in parcels if one.arrives_at > one.until_at)
    asked = min(last.arrives_at + rng.randrange(18, 30) * HOUR, (renewed or last.until_at) + rng.randrange(20, 40) * HOUR)
    ask(life, asked, "delivery", DELIVERY, felt, order=number)
    after_delivery(life, number, last, renewed or last.until_at)


def outcomes(last: Parcel, renewed: int, placed: int) -> dict[int, str]:
    """From which moment the customer feels what about this delivery."""
    until = renewed or last.until_at
    if last.arrives_at < last.from_at and not last.slot:
        return {placed: "exceeded"}
    if last.arrives_at <= until:
        return {placed: "told" if renewed else "kept" if last.arrives_at >= last.from_at else "late"}
    return {placed: "kept", until: "waiting", last.arrives_at: "late"}


def warn(life: Life, number: str, last: Parcel, whole: bool) -> int:
    """The carrier tells, and we agree a new window before the old one is over. Gives its end, 0 when we did not."""
    rng = life.rng
    moment = at(last.last, 10) + rng.randrange(0, 600 if not last.slot else 380) * MINUTE
    if rng.random() >= TOLD or moment >= last.arrives_at:
        return 0
    arrives = day_of(last.arrives_at)
    expected = arrives if rng.random() < ANEW_HOLDS else last.carrier.day(arrives, -1)
    if expected <= last.last:
        expected = last.carrier.day(last.last, 1)
    said = {
        "order_id": number,
        "parcel_id": last.number,
        "carrier": last.carrier.name,
        "expected_at": expected.isoformat(),
        "reason": rng.choice(("sorting", "weather", "full_truck", "missed_scan")),
    }
    life.story.tell(moment, "Shipment Delayed", said, DELIVERY)
    if not whole or rng.random() >= AGREED_ANEW:
        return 0
    anew = {
        "promise_id": f"lofte-{number}",
        "kind": "delivery",
        "order_id": number,
        "words": f"Det blir senare än vi sade, och det är vårt fel. Ditt paket kommer {days_in_words(day_of(moment), expected, expected)}.",
        "place": "mejl",
        "until": expected.isoformat(),
        "owner": "logistics",
    }
    life.story.tell(min(moment + rng.randrange(5, 50) * MINUTE, last.until_at - MINUTE), "Promise Stated", anew, MAIL_DELAY, life.who)
    return evening_of(expected)
