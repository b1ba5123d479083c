"""By what a person is known, and what showed that two customers are one or two: in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from omtanke.web.words.names import say

IDENTIFIERS = {
    "user_id": say("Account"),
    "loyalty_number": say("Club number"),
    "external": say("Id from elsewhere"),
    "email": say("E-mail"),
    "phone": say("Telephone"),
    "anonymous_id": say("Device"),
    "previous_id": say("Earlier id"),
}
LINKED_BY = {
    "user_id": say("one message named both accounts"),
    "loyalty_number": say("one message named the club number"),
    "external": say("one message named an id from elsewhere"),
    "order": say("an order of which nobody was known turned out to be theirs"),
    "parcel": say("a parcel of which nobody was known turned out to be theirs"),
    "case": say("a case of which nobody was known turned out to be theirs"),
    "cart": say("a cart of which nobody was known turned out to be theirs"),
    "appointment": say("an appointment of which nobody was known turned out to be theirs"),
    "promise": say("a promise of which nobody was known turned out to be theirs"),
    "email": say("an account told the e-mail address of somebody without one"),
    "phone": say("an account told the telephone number of somebody without one"),
    "anonymous_id": say("the sender says whose device it is"),
    "sign_in": say("they signed in on the device"),
    "device": say("it is the device of one account alone"),
    "alias": say("the sender says that they are one"),
    "staff": say("somebody who works here has seen it"),
}
UNLINKED_BY = {
    "shared_device": say("another account has signed in on the device"),
    "consent_withdrawn": say("the customer does not want to be recognised"),
    "staff": say("somebody who works here has seen it"),
}
STATES = {"made": say("one person"), "ended": say("parted"), "refused": say("not the same"), "withheld": say("left apart")}
# The look of a state: never the only sign of it.
LOOKS = {"made": "kept", "ended": "still", "refused": "still", "withheld": "risk"}


def identifier(kind: str) -> str:
    return _(IDENTIFIERS[kind]) if kind in IDENTIFIERS else kind.replace("_", " ")


def linked_by(by: str) -> str:
    return _(LINKED_BY[by]) if by in LINKED_BY else by.replace("_", " ")


def unlinked_by(by: str) -> str:
    return _(UNLINKED_BY[by]) if by in UNLINKED_BY else by.replace("_", " ")


def state(status: str) -> str:
    return _(STATES[status]) if status in STATES else status
