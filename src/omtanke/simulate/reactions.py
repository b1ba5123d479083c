"""What people and units do when the shop is told something. Each touch is written down with what would have been without it."""

from __future__ import annotations

from omtanke.simulate import asking, browsing, buying, caring, deliveries, service
from omtanke.simulate.customer import Customer
from omtanke.simulate.days import HOUR, in_daytime
from omtanke.simulate.outcomes import case_answer_if_late, delivery_answer_if_late
from omtanke.simulate.told import CapacityChange, CartFilled, CartOrdered, CartSeen, Message, NewDate, Quote, Remedy, SignedIn, SignedOut, SurveyLink, Told
from omtanke.simulate.truth import Touch
from omtanke.simulate.work import Agreed, Case, Order
from omtanke.simulate.world import World

MICROSECONDS = 1_000_000
REMINDER, OFFER = "cart_reminder", "offer"


def receive(world: World, told: Told) -> None:
    """One thing told, at the moment to which the shop has come."""
    now = world.now
    match told:
        case Message():
            message(world, now, told)
        case NewDate():
            new_date(world, now, told)
        case SurveyLink():
            asking.receive_link(world, now, told)
        case Quote():
            customer = world.by_user.get(told.user_id)
            if customer is not None:
                customer.quote = Agreed(told.quote_id, told.from_at // MICROSECONDS, told.until_at // MICROSECONDS, told.valid_until // MICROSECONDS)
        case Remedy():
            remedy(world, now, told)
        case CapacityChange():
            world.capacity.append(told)
        case SignedIn():
            browsing.sign_in(world, now, told)
        case SignedOut():
            browsing.sign_out(world, told)
        case CartFilled():
            browsing.fill(world, now, told)
        case CartSeen():
            browsing.see(world, now, told)
        case CartOrdered():
            ordered(world, now, told)


def touched(world: World, user_id: str, order_id: str, case_id: str) -> tuple[Customer | None, Order | Case | None]:
    """Who and what a touch is about: the case named, else the order, or its refund once it has come; when it is theirs."""
    customer = world.by_user.get(user_id)
    order = world.orders.get(order_id)
    refund = world.cases.get(f"retur-{order_id}") if order is None or order.arrived_at else None
    thing = world.cases.get(case_id) or refund or order
    return customer, thing if thing is not None and customer is not None and thing.customer is customer else None


def asks(world: World, now: int, thing: Order | Case) -> bool:
    """Whether the customer will ask where it is, as things stand."""
    return isinstance(thing, Order) and deliveries.will_wonder(world, now, thing)


def message(world: World, now: int, told: Message) -> None:
    """A word: about a delay before it is over, a word after, a cart that waits."""
    customer, thing = touched(world, told.user_id, told.order_id, "")
    if customer is not None and customer.is_visitor:
        return
    if customer is not None and told.kind in (REMINDER, OFFER):
        bear(world, now, customer)
    if customer is not None and told.kind == REMINDER:
        remind(world, now, customer)
    if thing is None:
        return
    before, asked = answer_if_late(world, thing), asks(world, now, thing)
    thing.heard_at = now
    if isinstance(thing, Order) and told.kind == "delay" and not thing.arrived_at and now <= thing.until_at and not thing.told_at:
        thing.told_at = now
    note(world, now, told.user_id, f"message/{told.kind}", thing, before, asked)


def new_date(world: World, now: int, told: NewDate) -> None:
    """A promise has a new window, and the customer knows it."""
    customer, thing = touched(world, told.user_id, told.order_id, told.case_id)
    if customer is None or thing is None:
        return
    before, asked = answer_if_late(world, thing), asks(world, now, thing)
    until = told.until_at // MICROSECONDS
    if isinstance(thing, Case):
        service.new_date(world, now, thing, until)
    elif not thing.arrived_at:
        deliveries.new_date(world, now, thing, until)
    note(world, now, told.user_id, "new_date", thing, before, asked)


def remedy(world: World, now: int, told: Remedy) -> None:
    """It has been put right, or something was given for it: nobody stays away, and the answer is milder."""
    customer, thing = touched(world, told.user_id, told.order_id, told.case_id)
    if customer is None:
        return
    customer.hurt_at = 0
    if thing is not None:
        before, asked = answer_if_late(world, thing), asks(world, now, thing)
        thing.remedied_at = now
        note(world, now, told.user_id, f"remedy/{told.kind}", thing, before, asked)


def remind(world: World, now: int, customer: Customer) -> None:
    """A cart that was left: of those whom a reminder can persuade, three in a hundred come back for it within a day, on any device."""
    if customer.cart is None or not is_persuadable(world, customer):
        return
    rng = world.dice("remind", customer.number, now)
    if rng.random() < world.effects.comes_back_when_reminded:
        world.plan(in_daytime(now + rng.randrange(1, 24) * HOUR), come_back, customer, customer.cart.cart_id)


def is_persuadable(world: World, customer: Customer) -> bool:
    """Whether reminders work with this customer: fixed for life, and nothing else goes with it."""
    return world.dice("persuade", customer.number).random() < world.effects.persuadable


def bear(world: World, now: int, customer: Customer) -> None:
    """One more that was not asked for. From the fourth in a week on it annoys: they come less, and some say no to more of it."""
    if not customer.is_written_to(now):
        return
    customer.annoyed_at = now
    rng = world.dice("annoy", customer.number, now)
    if rng.random() < world.effects.says_no_when_annoyed:
        world.plan(in_daytime(now + rng.randrange(1, 24) * HOUR), caring.say_no, customer)


def with_cart(world: World, cart_id: str) -> Customer | None:
    """Whoever has left this cart; None when nobody has, or it has been taken up since."""
    return next((one for one in world.by_user.values() if one.cart is not None and one.cart.cart_id == cart_id), None)


def ordered(world: World, now: int, told: CartOrdered) -> None:
    """Order was pressed at a cart: in the browser of whoever left it, or by somebody who has opened their mail."""
    customer = with_cart(world, told.cart_id)
    if customer is None:
        return
    browser = world.browsers.get(told.device)
    if browser is not None and browser.is_signed_in and browser.user_id == customer.user_id:
        browsing.order(world, now, customer, told.way, browser.device, browser.sort)
    elif customer.is_visitor:
        browsing.order(world, now, customer, told.way, "", "desktop")
    else:
        world.plan(now + 1, come_back, customer, told.cart_id, told.way)


def come_back(world: World, now: int, customer: Customer, cart_id: str, way: str = "") -> None:
    if customer.cart is not None and customer.cart.cart_id == cart_id:
        channel = "app" if customer.number % 2 else "web"
        buying.order_online(world, customer, world.dice("remind", customer.number, now), now, channel, is_reminded=True, way=way)


def answer_if_late(world: World, thing: Order | Case) -> int:
    """What its customer would answer if it is late and nothing more is done."""
    return delivery_answer_if_late(world, thing) if isinstance(thing, Order) else case_answer_if_late(world, thing)


def note(world: World, now: int, user_id: str, what: str, thing: Order | Case, before: int, asked: bool) -> None:
    """Both outcomes: of the answer, should it be late and the new date hold, and of asking where it is."""
    about = thing.number if isinstance(thing, Order) else thing.case_id
    world.truth.touches.append(Touch(user_id, what, about, now, answer_if_late(world, thing), before, asks(world, now, thing), asked))
