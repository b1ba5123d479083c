"""The field's words for what stands as a code in the log: kinds, states, channels, reasons."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from omtanke.vocabulary.reasons import REASONS


def say(message: str) -> str:
    """Marks a message that is translated when it is said."""
    return message


KINDS = {
    "delivery": say("Delivery"),
    "pickup": say("Pickup"),
    "refund": say("Refund"),
    "call_back": say("Call back"),
    "reply": say("Reply"),
    "repair": say("Put right"),
    "restock": say("Back in stock"),
    "appointment": say("Appointment"),
    "opening_hours": say("Opening hours"),
    "benefit": say("Benefit"),
}
STATES = {
    "made": say("on its way"),
    "at_risk": say("at risk"),
    "due": say("due"),
    "kept": say("kept"),
    "exceeded": say("exceeded"),
    "broken": say("broken"),
    "withdrawn": say("withdrawn"),
}
# The look of a state: never the only sign of it.
LOOKS = {"made": "", "at_risk": "risk", "due": "risk", "kept": "kept", "exceeded": "kept", "broken": "broken", "withdrawn": "still"}
CHANNELS = {
    "web": say("web"),
    "app": say("app"),
    "store": say("store"),
    "phone": say("phone"),
    "mail": say("e-mail"),
    "sms": say("text message"),
    "chat": say("chat"),
    "letter": say("letter"),
    "delivery": say("delivery"),
    "survey": say("survey"),
    "review": say("review"),
    "warehouse": say("warehouse"),
    "none": "",
}
PLAYS = {
    "order_confirmed": say("order confirmed"),
    "order_sent": say("on its way from us"),
    "on_its_way": say("it comes today"),
    "delayed": say("it will be late"),
    "ready_for_pickup": say("ready to be collected"),
    "delivered": say("it has come"),
    "refunded": say("the money is on its way"),
    "remembered_cart": say("the remembered cart"),
    "survey_delivery": say("how was the delivery"),
    "survey_store_visit": say("how was the visit"),
    "survey_case": say("how was our help"),
    "survey_return": say("how was the return"),
}
SUBJECTS_OF_PLAYS = {
    "cart": say("reminders of a cart"),
}
FAILURES = {
    "address": say("the address takes nothing"),
    "refused": say("it was refused"),
    "not_made": say("it could not be made"),
    "not_set_up": say("no way out is set up for it"),
}
SUBJECTS = {
    "order": say("order %(number)s"),
    "line": say("line %(number)s"),
    "parcel": say("parcel %(number)s"),
    "case": say("case %(number)s"),
    "product": say("product %(number)s"),
    "store": say("store %(number)s"),
    "appointment": say("appointment %(number)s"),
    "benefit": say("benefit %(number)s"),
    "quote": say("quote %(number)s"),
    "cart": say("cart %(number)s"),
}
OWNERS = {
    "logistics": say("logistics"),
    "store": say("the store"),
    "finance": say("finance"),
    "service": say("service"),
    "purchasing": say("purchasing"),
    "club": say("the club"),
    "privacy": say("data protection"),
}
ROLES = {"lead": say("lead"), "service": say("service"), "store": say("store"), "analyst": say("analyst"), "developer": say("developer")}
# What customers ask us about.
TOPICS = {
    "where_is_it": say("where the parcel is"),
    "change": say("changing the order"),
    "size": say("size"),
    "product": say("a product"),
    "broken_item": say("something broken"),
    "damaged_item": say("goods that came damaged"),
    "wrong_item": say("the wrong goods"),
    "bereavement": say("a death in the family"),
    "return": say("a return"),
    "invoice": say("an invoice"),
    "refund": say("a refund"),
    "complaint": say("a complaint"),
}
# What surveys ask about.
QUESTIONS = {
    "delivery_satisfaction": say("the delivery"),
    "store_satisfaction": say("the store"),
    "case_satisfaction": say("our help"),
    "return_satisfaction": say("the return"),
    "product_satisfaction": say("the product"),
    "order_satisfaction": say("the purchase"),
    # Our own.
    "satisfaction": say("how it was"),
    "effort": say("how easy we made it"),
    "recommendation": say("whether they would recommend us"),
}
# The subjects of surveys.
ABOUT = {
    "delivery": say("the delivery"),
    "store_visit": say("the visit to the store"),
    "case": say("our help"),
    "return": say("the return"),
    "order": say("the purchase"),
    "product": say("the product"),
}
# How what needed a person has ended.
OUTCOMES = {
    "done": say("it has been done"),
    "put_right": say("put right"),
    "told": say("the customer knows, and no more is needed"),
    "agreed": say("agreed with the customer"),
    "not_ours": say("it was not ours to put right"),
    "not_reached": say("we did not reach the customer"),
    "new_promise": say("there is a new promise"),
    "met": say("what was promised has come after all"),
    "withdrawn": say("it is no longer owed"),
    "erased": say("the customer has been erased"),
}
# Touchpoints that most shops have, by a part of their path; others are said as the shop names them.
TOUCHPOINTS = {
    "checkout": say("the checkout"),
    "cart": say("the cart"),
    "product": say("the product page"),
    "category": say("the category page"),
    "search": say("search"),
    "start": say("the start page"),
    "inspiration": say("inspiration"),
    "till": say("the till"),
    "my page": say("my page"),
    "sign in": say("sign-in"),
    "booking": say("booking"),
    "opening hours": say("opening hours"),
    "returns": say("returns"),
    "order confirmation": say("order confirmation"),
    "dispatch": say("word that the parcel has left"),
    "delay": say("word of a delay"),
    "survey": say("survey"),
    "message": say("message"),
    "reminder": say("reminder"),
    "newsletter": say("newsletter"),
    "gift card": say("the gift card"),
}
# Codes of carriers and shops that are common: statuses, causes, outcomes, ways to pay.
CODES = {
    "in_transit": say("on its way"),
    "picked_up": say("fetched by the carrier"),
    "out_for_delivery": say("out for delivery"),
    "delivered": say("delivered"),
    "out_of_stock": say("out of stock"),
    "unavailable": say("could not be had"),
    "canceled": "",
    "cancelled": "",
    "changed_mind": say("changed their mind"),
    "wrong_size": say("wrong size"),
    "found_elsewhere": say("found elsewhere"),
    "ordered_twice": say("ordered twice"),
    "too_small": say("too small"),
    "too_large": say("too large"),
    "gift": say("a gift"),
    "not_as_shown": say("not as shown"),
    "faulty": say("faulty"),
    "damaged": say("damaged"),
    "expired": say("its time is over"),
    "not_valid": say("it could not be right"),
    "sorting": say("stuck in sorting"),
    "weather": say("weather"),
    "full_truck": say("the van was full"),
    "missed_scan": say("a scan was missed"),
    "answered": say("answered"),
    "called": say("called"),
    "put_right": say("put right"),
    "credit_card": say("card"),
    "debit_card": say("debit card"),
    "voucher": say("voucher"),
    "boleto": say("invoice"),
    "invoice": say("invoice"),
    "swish": say("Swish"),
}
# What numbers of a kind often begin with: the page says the kind itself. The same word leads back from a search.
OWN_WORDS = {
    "order": ("order-",),
    "parcel": ("parcel-", "paket-"),
    "case": ("arende-", "ärende-", "case-", "ticket-"),
    "appointment": ("tid-", "booking-", "appointment-"),
}
# Kinds whose numbers say nothing to a person when there is no figure in them.
NAMELESS = ("case", "appointment", "cart", "quote", "survey")
LONGEST_NUMBER, SHORTENED_TO = 20, 8
# Small words that stay small in the name of a town.
SMALL_WORDS = frozenset({"de", "da", "do", "das", "dos", "e", "la", "le", "les", "el", "von", "am", "an", "der", "sur", "of", "the", "på", "i"})
SMALL_NUMBERS = (
    "",
    say("One"),
    say("Two"),
    say("Three"),
    say("Four"),
    say("Five"),
    say("Six"),
    say("Seven"),
    say("Eight"),
    say("Nine"),
    say("Ten"),
    say("Eleven"),
    say("Twelve"),
)


def name_in(names: dict[str, str], code: str) -> str:
    """The word for a code; a code of the shop's own stands as it is, readable."""
    known = names.get(code)
    if known is None:
        return readable(code)
    return _(known) if known else ""


def readable(code: str) -> str:
    """moveis_decoracao as moveis decoracao."""
    return code.replace("_", " ").replace("-", " ").strip()


def kind(code: str) -> str:
    return name_in(KINDS, code)


def state(code: str) -> str:
    return name_in(STATES, code)


def channel(code: str) -> str:
    return name_in(CHANNELS, code)


def owner(code: str) -> str:
    """A unit of the policy's, or a store by name: `store/nordstan`."""
    unit, _slash, place = code.partition("/")
    return place.replace("-", " ").title() if place and unit == "store" else name_in(OWNERS, code)


def places(touchpoint: str) -> list[str]:
    """A touchpoint in words, part by part: store/nordstan/till is Nordstan, the till."""
    parts = [readable(part) for part in touchpoint.split("/") if part]
    if parts[1:] and parts[0] == "store":
        return [parts[1].title(), *map(place_word, parts[2:])]
    return [word for part in parts if (word := place_word(part))]


def place_word(part: str) -> str:
    """A part of a touchpoint's path: the word that is known for it, wherever it stands."""
    for names in (TOUCHPOINTS, CHANNELS, OWNERS):
        if part in names:
            return name_in(names, part)
    return part


def place(touchpoint: str) -> str:
    """Where a customer met us: e-mail, word of a delay."""
    return ", ".join(dict.fromkeys(places(touchpoint)))


def met(channel_: str, touchpoint: str, shown_in: str = "") -> str:
    """Channel and touchpoint, each said once. A store's name stands for its channel, what a survey was about for the survey, the channel for service.

    `shown_in` is what the sender calls the place, where it names no touchpoint.
    """
    said = places(touchpoint or shown_in)
    is_named = bool(said) and channel_ in ("store", "survey")
    mine = dict.fromkeys(one for one in ("" if is_named else channel(channel_), *said) if one)
    if len(mine) > 1:
        mine.pop(owner("service"), None)
    return ", ".join(mine)


def question(code: str) -> str:
    """What a question was about."""
    return name_in(QUESTIONS, code)


def asked_about(code: str) -> str:
    """The subject of a survey."""
    return name_in(ABOUT, code)


def outcome(code: str) -> str:
    return name_in(OUTCOMES, code)


def play(name: str) -> str:
    """A play or a message: a shipped one by its word, one of the shop's own by its name."""
    return name_in(PLAYS, name)


def subject_of_plays(name: str) -> str:
    """What plays are about, as a customer may leave it out."""
    return name_in(SUBJECTS_OF_PLAYS, name)


def failure(code: str) -> str:
    """Why a message did not reach the customer."""
    return name_in(FAILURES, code)


def town(name: str) -> str:
    """rio de janeiro as Rio de Janeiro; a name with capitals of its own stands as written."""
    if not (name.islower() or name.isupper()):
        return name
    words = name.lower().split()
    return " ".join(word if n and word in SMALL_WORDS else word[:1].upper() + word[1:] for n, word in enumerate(words))


def code(word: str) -> str:
    """A code of a carrier or shop, in words where it is a common one."""
    return name_in(CODES, word)


def subject(kind_: str, number: str) -> str:
    """order 10482; a long one by its beginning; one that says nothing to a person is left out."""
    said = number_said(kind_, number)
    if not said:
        return ""
    return _(SUBJECTS[kind_]) % {"number": said} if kind_ in SUBJECTS else said


def number_said(kind_: str, number: str) -> str:
    """The number as a person would say it."""
    own = next((word for word in OWN_WORDS.get(kind_, ()) if number.lower().startswith(word)), "")
    bare = number[len(own) :]
    if kind_ in NAMELESS and not any(sign.isdigit() for sign in bare):
        return ""
    if kind_ == "store" and not any(sign.isdigit() for sign in bare):
        return readable(bare).title()
    return bare if len(bare) <= LONGEST_NUMBER else f"{bare[:SHORTENED_TO]}…"


def reason(code: str) -> str:
    """Why, in words."""
    return _(REASONS[code]) if code in REASONS else code.replace("_", " ")


def counted(kind_: str, n: int, number: Callable[[float], str]) -> str:
    """41 leveranser."""
    words = {
        "delivery": ngettext("%(n)s delivery", "%(n)s deliveries", n),
        "pickup": ngettext("%(n)s pickup", "%(n)s pickups", n),
        "refund": ngettext("%(n)s refund", "%(n)s refunds", n),
        "call_back": ngettext("%(n)s call back", "%(n)s call backs", n),
        "reply": ngettext("%(n)s reply", "%(n)s replies", n),
        "repair": ngettext("%(n)s thing put right", "%(n)s things put right", n),
        "restock": ngettext("%(n)s product back in stock", "%(n)s products back in stock", n),
        "appointment": ngettext("%(n)s appointment", "%(n)s appointments", n),
        "opening_hours": ngettext("%(n)s store open as it said", "%(n)s stores open as they said", n),
        "benefit": ngettext("%(n)s benefit", "%(n)s benefits", n),
    }
    return words.get(kind_, f"{readable(kind_)} %(n)s") % {"n": number(n)}


def count_word(count: int, number: Callable[[float], str]) -> str:
    """Three; from thirteen on in figures."""
    return _(SMALL_NUMBERS[count]) if 0 < count < len(SMALL_NUMBERS) else number(count)


def quoted(text: str) -> str:
    """What was shown to a customer, in the quotation marks of the language."""
    text = text.strip().strip('”“"')
    return pgettext("quotation marks", "“%(text)s”") % {"text": text} if text else ""


def and_list(words: list[str], most: int = 2) -> str:
    """shoes and socks; shoes, socks and 2 more."""
    if len(words) > most:
        rest = len(words) - most
        return ", ".join(words[:most]) + " " + ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest}
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]} if len(words) > 1 else "".join(words)
