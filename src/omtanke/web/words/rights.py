"""Rights, answers and looks in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from omtanke.vocabulary.time import local_date
from omtanke.web.words.names import name_in, say
from omtanke.web.words.voice import Voice

RIGHTS = {
    "access": say("a copy of what we know"),
    "portability": say("their data in a form that machines read"),
    "rectification": say("what is wrong to be put right"),
    "erasure": say("to be forgotten"),
    "restriction": say("that we leave their data alone"),
    "objection": say("that we stop something we do with their data"),
}
ANSWERS = {"done": say("done"), "partly": say("partly done"), "refused": say("refused")}
WHY_LONGER = {"complex": say("it is a complex matter"), "many": say("there are many requests")}
WHY_RESTRICTED = {
    "accuracy": say("they say that something is wrong, and we look into it"),
    "unlawful": say("we should not have it, and they do not want it erased"),
    "claim": say("they need it for a legal claim"),
    "objection": say("they have objected, and we weigh whose reasons are stronger"),
}
DETAILS = {
    "name": say("Name"),
    "email": say("E-mail"),
    "phone": say("Telephone"),
    "street": say("Street"),
    "postal_code": say("Postal code"),
    "city": say("Town"),
    "region": say("County"),
    "locale": say("Language"),
}
SEEN = {
    "customer": say("saw the customer's page"),
    "promise": say("saw a promise"),
    "data": say("saw what they have asked about their data"),
    "export": say("made a copy of everything"),
    "act": say("did something for them"),
    "listed": say("saw them in a list"),
    "identities": say("saw by what they are known"),
    "pair": say("held them against somebody who is perhaps the same"),
    "wire": say("saw word for word what came in or went out"),
}
IDENTIFIERS = {
    "user_id": say("account"),
    "loyalty_number": say("club number"),
    "external": say("number in another system"),
    "email": say("e-mail"),
    "phone": say("phone"),
    "anonymous_id": say("device"),
    "previous_id": say("earlier account"),
}


def right(code: str) -> str:
    return name_in(RIGHTS, code)


def detail(code: str) -> str:
    return name_in(DETAILS, code)


def seen(code: str) -> str:
    return name_in(SEEN, code)


def seen_when(code: str, at: int, say: Voice, *, exact: bool = False) -> str:
    """The moment, as far as it is on record: to a quarter of an hour, of a list to the day."""
    return say.dated(local_date(at, say.zone), with_year=True) if code == "listed" else say.exact(at) if exact else say.moment(at)


def identifier(kind: str) -> str:
    return name_in(IDENTIFIERS, kind)


def stands(outcome: str, *, is_answered: bool, is_begun: bool) -> str:
    """received, running, partly done, done, refused."""
    if is_answered:
        return name_in(ANSWERS, outcome)
    return _("running") if is_begun else _("received")


def by_whom(role: str) -> str:
    """In which role somebody looked, without their name: a customer is told no more than that."""
    roles = {
        "lead": _("somebody who leads"),
        "service": _("customer service"),
        "store": _("a store"),
        "analyst": _("an analyst"),
        "developer": _("a developer"),
    }
    return roles.get(role, _("a command on our own machine"))
