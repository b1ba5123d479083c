"""Who it is: identifiers, and what a customer tells about themselves."""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import Struct

from omtanke.vocabulary.fact import Input, Observed, StaffAct
from omtanke.vocabulary.fields import code, own, reference

# Strongest first. A strong identifier is one person's for good; the rest may be shared or change hands.
ACCOUNT = "user_id"
STRONG = (ACCOUNT, "loyalty_number", "external")
ADDRESSES = ("email", "phone")
DEVICE = "anonymous_id"
WEAK = (*ADDRESSES, DEVICE)
# What an alias calls the customer until now: an account or a device of that name, now or when it is first seen.
PREVIOUS = "previous_id"
# What says that nothing is known, of whatever it is.
PLACEHOLDERS = frozenset({"", "0", "-1", "null", "none", "nil", "undefined", "anonymous", "guest", "unknown", "n/a", "na", "test"})
# The same where an identifier is asked for: what programs, tag managers and reports write. Some are also names of people; none is an account's.
NOBODYS = PLACEHOLDERS | {
    *("nan", "true", "false", "anonym", "okänd", "gäst"),
    *("not set", "not provided", "not available", "not applicable", "not defined", "not found", "not authenticated", "not logged in", "not signed in"),
    *("unauthenticated", "unidentified", "unregistered", "logged out", "signed out", "no user", "guest user", "anonymous user", "unknown user"),
}
SPELLED = frozenset(words.replace(" ", between) for words in NOBODYS for between in (" ", "_", "-", ""))
# A template that nobody has filled in, wherever it stands: {{user_id}}, ${user.id}, <%= id %>, #{id}, [object Object], %%USER%%.
UNFILLED = re.compile(r"\{\{|\}\}|[$#]\{|<%|%>|\[object |^%%.*%%$|^\{[\w.]*\}$")
ENCODED = re.compile(r"%([0-7][0-9a-f])")
# Nothing but noughts, and a UUID of nothing but f: phones that may not be followed, and fields that were never filled.
BLANK = re.compile(r"[0-]+|f{8}-?f{4}-?f{4}-?f{4}-?f{12}")
# What only ever stands at the ends of a value that a program has written for nobody.
WRAPPING = "\"'`<>()[] "
# Without any of these signs nothing is wrapped or unfilled.
SIGNS = frozenset("%{}<>()[]\"'`")


class Identifier(Struct, frozen=True, gc=False):
    """One of the values by which a customer is known. `kind` is in STRONG or WEAK, or PREVIOUS; `value` is personal."""

    kind: str
    value: str


def is_placeholder(value: str) -> bool:
    """Values that senders write when they know nobody; they never identify anyone. Percent-encoding is read, and capitals, quotation marks,
    brackets, underscores and hyphens between words make no difference."""
    text = value.strip().lower()
    if text in SPELLED or (text[0] in "0-f" and BLANK.fullmatch(text)):
        return True
    if SIGNS.isdisjoint(text):
        return False  # the common case, cut short
    plain = ENCODED.sub(lambda found: chr(int(found[1], 16)), text) if "%" in text else text
    bare = plain.strip(WRAPPING)
    return bare in SPELLED or bool(BLANK.fullmatch(bare) or UNFILLED.search(plain))


class CustomerIdentified(Observed, frozen=True, kw_only=True):
    """Something is known about the customer: Segment's identify call, or a row of a customer register."""

    name = "Customer Identified"
    personal = {
        "name": "the whole name",
        "first_name": "given name",
        "last_name": "family name",
        "email": "e-mail address",
        "phone": "telephone number",
        "address": "postal address",
        "city": "town",
        "postal_code": "postal code",
    }

    region: Annotated[str, code("region", "state", what="county or state")] = ""
    country: Annotated[str, code("country", "country_code", what="ISO 3166 country")] = ""
    locale: Annotated[str, code("locale", what="language, as in sv or en-GB")] = ""
    has_email: bool = False
    has_phone: bool = False


class CustomerGrouped(Observed, frozen=True, kw_only=True):
    """The customer belongs to a household, company or club: Segment's group call."""

    name = "Customer Grouped"
    personal = {"traits": "what is known of the group"}

    group: Annotated[int, reference("group", "group_id", "groupId", what="the household, company or club", required=True)]


class CustomerAliased(Observed, frozen=True, kw_only=True):
    """Two identifiers are one person's, says the sender: Segment's alias call. `previousId` and `userId` are in the personal part."""

    name = "Customer Aliased"


class SignedOut(Observed, frozen=True, kw_only=True):
    """The account has left the device; what is done there from now on is not known to be its owner's."""

    name = "Signed Out"


STAFF = own("staff", what="who did it", required=True)


class LinkConfirmed(StaffAct, frozen=True, kw_only=True):
    """Somebody who works here has seen that two customers are one person."""

    name = "Link Confirmed"

    staff: Annotated[int, STAFF]
    other: Annotated[int, own("other", what="the other customer", required=True)]


class LinkRefused(StaffAct, frozen=True, kw_only=True):
    """Somebody who works here has seen that two customers are two persons."""

    name = "Link Refused"

    staff: Annotated[int, STAFF]
    other: Annotated[int, own("other", what="the other customer", required=True)]


class SplitRequested(StaffAct, frozen=True, kw_only=True):
    """Somebody who works here parts a person where two customers were linked: `one` and `two` are not the same person."""

    name = "Split Requested"

    staff: Annotated[int, own("staff", what="who did it, 0 when a back-up was restored")] = 0
    one: Annotated[int, own("one", what="one end of the link", required=True)]
    two: Annotated[int, own("two", what="the other end of the link", required=True)]


class CustomersLinked(Input, frozen=True, kw_only=True):
    """Two customers are one person. `customer` of the fact is the person that lives on; `other` is the one that joins it.

    `one` and `two`: the customers as recorded of whom it was shown (0: these two); `by`: what showed it, in LINKED_BY.
    """

    other: int
    by: str
    one: int = 0
    two: int = 0
    staff: int = 0


class CustomersUnlinked(Input, frozen=True, kw_only=True):
    """What was one person is two. Both have such a fact: of the one that keeps the number, `left` names the customers that are
    no longer theirs; of the other it is empty. `other` is the person on the other side; `by`: what showed it, in UNLINKED_BY.
    """

    other: int
    by: str
    one: int
    two: int
    left: tuple[int, ...] = ()
    staff: int = 0


class LinkWithheld(Input, frozen=True, kw_only=True):
    """Something shows that two customers are one person, and they were left apart: together they would be too many, or too much."""

    other: int
    by: str
    one: int
    two: int


LINKED_BY = {
    "user_id": "one message names both accounts",
    "loyalty_number": "one message names the club number",
    "external": "one message names an id from elsewhere",
    "order": "an order of which nobody was known is named by somebody",
    "parcel": "a parcel of which nobody was known is named by somebody",
    "case": "a case of which nobody was known is named by somebody",
    "cart": "a cart of which nobody was known is named by somebody",
    "appointment": "an appointment of which nobody was known is named by somebody",
    "promise": "a promise of which nobody was known is named by somebody",
    "email": "an account tells the e-mail address of somebody without one",
    "phone": "an account tells the telephone number of somebody without one",
    "anonymous_id": "the sender says whose device it is",
    "sign_in": "somebody signed in on the device",
    "device": "it is the device of one account alone",
    "alias": "the sender says that they are one",
    "staff": "somebody who works here has seen it",
}
UNLINKED_BY = {
    "shared_device": "another account has signed in on the device",
    "consent_withdrawn": "the customer does not want to be recognised",
    "staff": "somebody who works here has seen it",
}
# What a link rests on when it is a device that is recognised, and what none is made by with somebody who refuses to be recognised.
BY_DEVICE = ("sign_in", "device")
BY_RECOGNITION = (*BY_DEVICE, *ADDRESSES)
