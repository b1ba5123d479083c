"""What somebody may ask about their own data, what we answer, and what staff do about it (GDPR, chapter III)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from omtanke.vocabulary.fact import Observed, StaffAct
from omtanke.vocabulary.fields import code, codes, own, window_start
from omtanke.vocabulary.task import STAFF
from omtanke.vocabulary.time import calendar_months_end

OBJECTION = "objection"
RIGHTS = {
    "access": "to know what we know, and to have a copy (article 15)",
    "portability": "to have it in a form that machines read (article 20)",
    "rectification": "to have what is wrong put right (article 16)",
    "erasure": "to be forgotten (article 17)",
    "restriction": "that we leave it alone (article 18)",
    OBJECTION: "to say no to what we do with it (article 21); direct marketing stops at once",
}
ANSWERS = {
    "done": "it has been done",
    "partly": "some of it has been done, and the rest cannot be; they have been told why",
    "refused": "it cannot be done; they have been told why",
    "erased": "they have been erased, and nothing is left to answer about",
}
# What somebody who works here may say came of it.
OUTCOMES = ("done", "partly", "refused")
WHY_LONGER = {
    "complex": "it is a complex matter",
    "many": "there are many requests",
}
WHY_RESTRICTED = {
    "accuracy": "they say that it is wrong, and we look into it",
    "unlawful": "we should not have it, and they do not want it erased",
    "claim": "they need it for a legal claim",
    "objection": "they have said no, and we weigh whose reasons are stronger",
}
DETAILS = {
    "name": "the name",
    "email": "the e-mail address",
    "phone": "the telephone number",
    "street": "the street",
    "postal_code": "the postal code",
    "city": "the town",
    "region": "the county or state",
    "locale": "the language",
}
# The law's month, and the months to which it can be lengthened once (article 12.3).
MONTHS, MONTHS_AT_MOST = 1, 3
REQUEST = own("promise", what="the request: the number of its promise", required=True)


class RightsRequested(Observed, frozen=True, kw_only=True):
    """Somebody has asked for one of their rights. We owe an answer within a calendar month of its reaching us.

    `until_at` and `latest_at` are the end of the month, and of the three to which it can be lengthened, in the shop's zone.
    """

    name = "Rights Requested"
    personal = {"text": "what was asked, in their own words"}

    staff: Annotated[int, own("staff", what="who took it down, 0 when they asked by themselves")] = 0
    right: Annotated[str, code("right", what="which right", required=True, one_of=RIGHTS)]
    reached_at: Annotated[int, window_start("reached", what="when it reached us, if earlier than now: the month counts from that day")] = 0
    until_at: int = 0
    latest_at: int = 0
    zone: str = ""

    def counted(self, occurred_at: int, zone: ZoneInfo) -> RightsRequested:
        """The same request with the ends of its months."""
        reached_at = min(self.reached_at or occurred_at, occurred_at)
        return RightsRequested(
            timestamp=self.timestamp,
            staff=self.staff,
            right=self.right,
            reached_at=reached_at,
            until_at=calendar_months_end(reached_at, MONTHS, zone),
            latest_at=calendar_months_end(reached_at, MONTHS_AT_MOST, zone),
            zone=zone.key,
        )


class RightsExtended(StaffAct, frozen=True, kw_only=True):
    """The answer takes longer, and they have been told why: three months from its reaching us instead of one, once."""

    name = "Rights Extended"
    personal = {"words": "the words for the customer"}

    staff: Annotated[int, STAFF]
    promise: Annotated[int, REQUEST]
    why: Annotated[str, code("why", what="why it takes longer", required=True, one_of=WHY_LONGER)]


class RightsAnswered(StaffAct, frozen=True, kw_only=True):
    """They have had our answer: what has been done, and why the rest has not; or an erasure has answered whatever they asked.

    `staff` is 0 when a command said it.
    """

    name = "Rights Answered"
    personal = {"words": "what we answered"}

    staff: Annotated[int, own("staff", what="who answered, 0 for a command")] = 0
    promise: Annotated[int, REQUEST]
    outcome: Annotated[str, code("outcome", what="what came of it", required=True, one_of=ANSWERS)]


class DetailsCorrected(StaffAct, frozen=True, kw_only=True):
    """What we know about somebody was wrong, and has been put right. What is corrected and has no value is no longer known: `emptied`."""

    name = "Details Corrected"
    personal = {
        "name": "the whole name",
        "email": "e-mail address",
        "phone": "telephone number",
        "street": "street and number",
        "postal_code": "postal code",
        "city": "town",
    }

    staff: Annotated[int, STAFF]
    corrected: Annotated[tuple[str, ...], codes("corrected", what="which details", one_of=DETAILS, required=True)]
    region: Annotated[str, code("region", what="county or state")] = ""
    locale: Annotated[str, code("locale", what="language, as in sv or en-GB")] = ""
    emptied: tuple[str, ...] = ()

    def compared(self, personal: Mapping[str, Any]) -> DetailsCorrected:
        """The same correction, with the details that have no value in the body or in what is personal of it."""
        empty = (detail for detail in self.corrected if not str(personal.get(detail) or getattr(self, detail, "")).strip())
        return replace(self, emptied=tuple(empty))


class ProcessingRestricted(StaffAct, frozen=True, kw_only=True):
    """What we know is kept, and nothing is done with it: nobody is asked how it was, no receiver is told."""

    name = "Processing Restricted"
    personal = {"note": "a note, for colleagues"}

    staff: Annotated[int, STAFF]
    why: Annotated[str, code("why", what="why", required=True, one_of=WHY_RESTRICTED)]


class RestrictionLifted(StaffAct, frozen=True, kw_only=True):
    """Things are as before. They have been told so beforehand (article 18.3)."""

    name = "Restriction Lifted"
    personal = {"note": "a note, for colleagues"}

    staff: Annotated[int, STAFF]


class DataExported(StaffAct, frozen=True, kw_only=True):
    """Everything we know about somebody has been put into a file, for them."""

    name = "Data Exported"

    staff: Annotated[int, own("staff", what="who made it, 0 for a command")] = 0
