"""Each deed about somebody's rights: whom or what it is about, its form, what it says, and the event it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from omtanke.storage.rights import RequestSeen, RightsPages
from omtanke.storage.seen import Known
from omtanke.vocabulary.rights import OBJECTION, DetailsCorrected, ProcessingRestricted, RestrictionLifted, RightsAnswered, RightsExtended, RightsRequested
from omtanke.web.console.acting.forms import ActForm
from omtanke.web.console.acting.saving import Event
from omtanke.web.console.rights.forms import AnswerForm, CorrectForm, ExtendForm, LiftForm, RequestForm, RestrictForm
from omtanke.web.console.rows import who
from omtanke.web.shop import Shop
from omtanke.web.words import rights as words
from omtanke.web.words.voice import Voice


class RightsDeed(StrEnum):
    """Something that can be done; as it stands in addresses."""

    REQUEST = "request"
    ANSWER = "answer"
    EXTEND = "extend"
    CORRECT = "correct"
    RESTRICT = "restrict"
    LIFT = "lift"


ON_REQUEST = (RightsDeed.ANSWER, RightsDeed.EXTEND)
FORMS: dict[RightsDeed, type[ActForm]] = {
    RightsDeed.REQUEST: RequestForm,
    RightsDeed.ANSWER: AnswerForm,
    RightsDeed.EXTEND: ExtendForm,
    RightsDeed.CORRECT: CorrectForm,
    RightsDeed.RESTRICT: RestrictForm,
    RightsDeed.LIFT: LiftForm,
}


class Concerned(Struct, frozen=True):
    """Whom a deed is about. `customer`: whose fact it becomes. `request`: which request, where it is about one."""

    customer: int
    known: Known
    request: RequestSeen | None = None

    @property
    def name(self) -> str:
        return who(self.known.name, self.known.city, self.known.person)


def concerned(here: Shop, deed: RightsDeed, number: int) -> Concerned | None:
    """Who is meant; None when there is nobody, or the deed cannot be done for them now."""
    if number >= 2**63:
        return None
    rights = RightsPages(here.pages)
    request = rights.request(number) if deed in ON_REQUEST else None
    if deed in ON_REQUEST and (request is None or (deed is RightsDeed.EXTEND and not may_extend(request))):
        return None
    customer = request.customer if request else number
    leads = here.pages.person_of(customer)
    if leads is None or leads[1] == "subject":
        return None
    (known,) = here.pages.known([leads[0]])
    is_possible = deed not in (RightsDeed.RESTRICT, RightsDeed.LIFT) or bool(rights.restricted_at(leads[0])) is (deed is RightsDeed.LIFT)
    return Concerned(customer, known, request) if is_possible else None


def may_extend(request: RequestSeen) -> bool:
    """Once, and only while it waits."""
    return not request.extended_at and not request.answered_at


def initial_of(deed: RightsDeed, about: Concerned, say: Voice) -> dict[str, Any]:
    """What stands in the form to begin with."""
    if deed is RightsDeed.CORRECT:
        return {name: getattr(about.known, name, "") for name in CorrectForm.shown}
    return {"reached": say.today} if deed is RightsDeed.REQUEST else {}


def event_of(deed: RightsDeed, about: Concerned, staff: int, form: ActForm) -> Event:
    """What the deed puts into the inbox."""
    said = form.cleaned_data
    promise = {"promise": about.request.promise} if about.request else {}
    match deed:
        case RightsDeed.REQUEST:
            reached = {"reached": said["reached"].isoformat()}
            return Event(RightsRequested, {"staff": staff, "right": said["right"], "text": said["text"], **reached}, said["channel"])
        case RightsDeed.ANSWER:
            return Event(RightsAnswered, {"staff": staff, **promise, "outcome": said["outcome"], "words": said["words"]}, said["channel"])
        case RightsDeed.EXTEND:
            return Event(RightsExtended, {"staff": staff, **promise, "why": said["why"], "words": said["words"]}, said["channel"])
        case RightsDeed.CORRECT:
            assert isinstance(form, CorrectForm)
            return Event(DetailsCorrected, {"staff": staff, "corrected": form.corrected, **details(form.corrected, said)})
        case RightsDeed.RESTRICT:
            return Event(ProcessingRestricted, {"staff": staff, "why": said["why"], "note": said["note"]})
    return Event(RestrictionLifted, {"staff": staff, "note": said["note"]})


def details(corrected: list[str], said: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(said[name]).strip() for name in corrected if str(said[name]).strip()}


def heading(deed: RightsDeed, about: Concerned) -> str:
    """What the page says first."""
    name = {"name": about.name}
    match deed:
        case RightsDeed.REQUEST:
            return _("What does %(name)s ask for?") % name
        case RightsDeed.ANSWER:
            return _("We have answered %(name)s") % name
        case RightsDeed.EXTEND:
            return _("The answer to %(name)s takes longer") % name
        case RightsDeed.CORRECT:
            return _("What is right about %(name)s?") % name
        case RightsDeed.RESTRICT:
            return _("Leave the data of %(name)s alone?") % name
    return _("May the data of %(name)s be used again?") % name


def lines(deed: RightsDeed, about: Concerned, say: Voice) -> list[str]:
    """What one has to know before."""
    if about.request is not None:
        asked = _("Asked for %(right)s") % {"right": words.right(about.request.right)}
        more = [_("It can be given two months more, once.")] if deed is RightsDeed.EXTEND else []
        if about.request.right == OBJECTION:
            more.append(_("Direct marketing has stopped by that already, whatever we answer about the rest."))
        return [f"{asked}, {say.moment(about.request.reached_at)}.", *more]
    match deed:
        case RightsDeed.CORRECT:
            return [_("What was told before is not shown any more. The old address still leads to the same person.")]
        case RightsDeed.RESTRICT:
            return [_("Everything is kept. Nobody is asked how it was, and no receiver is told what happens, until it is lifted.")]
        case RightsDeed.LIFT:
            return [_("They have to hear it from us beforehand.")]
    return [_("We owe an answer within a month. It stands among the other promises.")]


def button(deed: RightsDeed) -> str:
    """What the button of the form says."""
    match deed:
        case RightsDeed.REQUEST:
            return _("Take it down")
        case RightsDeed.RESTRICT:
            return _("Leave them alone")
        case RightsDeed.LIFT:
            return _("Use them again")
    return _("Save")
