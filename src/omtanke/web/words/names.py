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
}
ROLES = {"lead": say("lead"), "service": say("service"), "store": say("store"), "analyst": say("analyst"), "developer": say("developer")}
TOPICS = {
    "where_is_it": say("where the parcel is"),
    "change": say("a change of the order"),
    "size": say("size"),
    "product": say("a product"),
    "broken_item": say("something broken"),
    "wrong_item": say("the wrong goods"),
}
# Touchpoints that most shops have; others are said as the shop names them.
TOUCHPOINTS = {
    "checkout": say("the checkout"),
    "cart": say("the cart"),
    "product": say("the product page"),
    "start": say("the start page"),
    "till": say("the till"),
    "my page": say("my page"),
    "sign in": say("sign-in"),
    "booking": say("booking"),
    "returns": say("returns"),
    "order confirmation": say("order confirmation"),
    "delay": say("word of a delay"),
    "survey": say("survey"),
}
# Codes of carriers and shops that are common.
CODES = {
    "in_transit": say("on its way"),
    "picked_up": say("fetched by the carrier"),
    "out_for_delivery": say("out for delivery"),
    "out_of_stock": say("out of stock"),
    "changed_mind": say("changed their mind"),
    "wrong_size": say("wrong size"),
    "found_elsewhere": say("found elsewhere"),
    "ordered_twice": say("ordered twice"),
    "too_small": say("too small"),
    "sorting": say("stuck in sorting"),
    "weather": say("weather"),
    "full_truck": say("the truck was full"),
    "missed_scan": say("a scan was missed"),
    "answered": say("answered"),
    "called": say("called"),
    "put_right": say("put right"),
    "credit_card": say("card"),
    "debit_card": say("debit card"),
    "voucher": say("voucher"),
    "boleto": say("invoice"),
}
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
    """The word for a code; a code of the shop's own stands as it is, with spaces."""
    known = names.get(code)
    if known is None:
        return code.replace("_", " ")
    return _(known) if known else ""


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


def place(touchpoint: str) -> str:
    """A touchpoint as the shop names it; the last part of its path says most."""
    last = touchpoint.rpartition("/")[2].replace("-", " ").replace("_", " ")
    if touchpoint.startswith("store/") and last not in TOUCHPOINTS:
        return last.title()
    return name_in(TOUCHPOINTS, last)


def code(word: str) -> str:
    """A code of a carrier or shop, in words where it is a common one."""
    return name_in(CODES, word)


def subject(kind_: str, number: str) -> str:
    """order 10482; the number as written."""
    if not number:
        return ""
    return _(SUBJECTS[kind_]) % {"number": number} if kind_ in SUBJECTS else number


def reason(code: str) -> str:
    """Why, in words."""
    return _(REASONS[code]) if code in REASONS else code.replace("_", " ")


def count_word(count: int, number: Callable[[float], str]) -> str:
    """Three; from thirteen on in figures."""
    return _(SMALL_NUMBERS[count]) if 0 < count < len(SMALL_NUMBERS) else number(count)


def quoted(text: str) -> str:
    """What was shown to a customer, in the quotation marks of the language."""
    text = text.strip().strip("”“\"")
    return pgettext("quotation marks", "“%(text)s”") % {"text": text} if text else ""


def and_list(words: list[str], most: int = 2) -> str:
    """shoes and socks; shoes, socks and 2 more."""
    if len(words) > most:
        rest = len(words) - most
        return ", ".join(words[:most]) + " " + ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest}
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]} if len(words) > 1 else "".join(words)
