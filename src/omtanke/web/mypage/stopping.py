"""No more of this: one press, by the customer or by their mail program (RFC 8058). Looking at the page stops nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from omtanke.engine.consent import Consents
from omtanke.engine.consent_policy import MARKETING, SURVEYS
from omtanke.engine.policy import Policy
from omtanke.runtime.consents import consents_of, fold_consents, policy_in_force
from omtanke.runtime.customer_links import UNSUBSCRIBE
from omtanke.runtime.preferences import FREQUENCY
from omtanke.storage.pages import Pages
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.vocabulary.play import SURVEY
from omtanke.web.mypage.allowing import NO, allowed_in, sentence_for, words_of
from omtanke.web.mypage.choosing import chosen
from omtanke.web.mypage.entering import ERASED, Guest, enter
from omtanke.web.mypage.saving import NOT_SAVED, TOUCHPOINT, Wish, put
from omtanke.web.mypage.showing import ShortPage, not_let_in, not_saved, shop_name, show
from omtanke.web.shop import Shop, shop
from omtanke.web.words import common

# What a mail program sends, and what the buttons of the page send.
ONE_CLICK = ("List-Unsubscribe", "One-Click")
STOP, AGAIN, FEWER = "stop", "again", "fewer"
MOST_MESSAGES = 1_000


@csrf_exempt  # the link itself is what lets in; mail programs send no cookies and no token
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """What would stop, and a button; a POST stops it, and can be undone."""
    guest = enter(UNSUBSCRIBE, token)
    if isinstance(guest, str):
        return not_let_in(request, guest)
    with translation.override(guest.language):
        here = shop()
        policy = policy_in_force(here.pages)
        if policy is None:
            return not_let_in(request, ERASED)
        return answered(request, here, guest, policy)


def answered(request: HttpRequest, here: Shop, guest: Guest, policy: Policy) -> HttpResponse:
    purposes, told = purposes_of(here.pages, guest), here.pages.consent_facts(guest.person)
    consents = consents_of(here.pages, guest.person)
    if request.method != "POST":
        is_stopped = not any(allowed_in(consents, purpose, policy) for purpose in purposes) and has_stopped(told, purposes)
        return show(request, "short", page(here, guest, purposes, told, policy, STOP if is_stopped else ""))
    wish, channel = wish_in(request)
    if not wish:
        return show(request, "short", page(here, guest, purposes, told, policy, ""), 400)
    wishes = withdrawn(consents, purposes, told, policy) if wish == STOP else given_again(purposes, told, policy, wish)
    if put(here, guest.customer, wishes, channel) == NOT_SAVED:
        return show(request, "short", page(here, guest, purposes, told, policy, "", not_saved()), 503)
    return show(request, "short", page(here, guest, purposes, here.pages.consent_facts(guest.person), policy, wish))


def wish_in(request: HttpRequest) -> tuple[str, str]:
    """What is asked for, and the channel in which: by a mail program, or on the page. ("", "") for nothing that makes sense."""
    if request.POST.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return STOP, "mail"
    wish = request.POST.get("wish", "")
    return (wish, "web") if wish in (STOP, AGAIN, FEWER) else ("", "")


def purposes_of(pages: Pages, guest: Guest) -> tuple[str, ...]:
    """What the message needed leave for. Of one that is not to be found any more, nobody knows: both."""
    if not guest.about:
        return (MARKETING,)
    told = pages.of_types(guest.person, ("message_due",), MOST_MESSAGES)
    class_ = next((getattr(one.body, "message_class", "") for one in told if getattr(one.body, "message", 0) == guest.about), "")
    return (MARKETING, SURVEYS) if class_ in ("", SURVEY) else (MARKETING,)


def withdrawn(consents: Consents, purposes: Sequence[str], told: Sequence[FactSeen], policy: Policy) -> list[Wish]:
    """A no in every channel; nothing for what has been said no to already. The same again before it is a fact has the same key."""
    return [
        Wish(ConsentWithdrawn, {"purpose": purpose, "words": words_of(purpose, NO, False)}, f"stop:{purpose}:{last(told, purpose)}")
        for purpose in purposes
        if allowed_in(consents, purpose, policy) or (purpose, "") not in consents.said
    ]


def given_again(purposes: Sequence[str], told: Sequence[FactSeen], policy: Policy, wish: str) -> list[Wish]:
    """What was allowed before it was stopped here, and no more than that."""
    words = words_of_offer(wish)
    found = [
        Wish(ConsentGiven, {"purpose": purpose, "for_channel": channel, "words": words}, f"{wish}:{purpose}:{channel}:{last(told, purpose)}")
        for purpose in purposes
        for channel in allowed_in(before_stop(told, purpose), purpose, policy)
    ]
    return [*found, chosen(FREQUENCY, "monthly", f"{wish}:{last(told, MARKETING)}")] if wish == FEWER else found


def last(told: Sequence[FactSeen], purpose: str) -> int:
    """Where the log last says something of a purpose."""
    return max((fact.position for fact in told if getattr(fact.body, "purpose", "") == purpose), default=0)


def stopped_at(told: Sequence[FactSeen], purpose: str) -> int:
    """Where in the log the customer last stopped it on one of these pages; 0 for nowhere."""
    ours = (fact for fact in told if isinstance(fact.body, ConsentWithdrawn) and (fact.body.purpose, fact.touchpoint) == (purpose, TOUCHPOINT))
    return max((fact.position for fact in ours), default=0)


def has_stopped(told: Sequence[FactSeen], purposes: Sequence[str]) -> bool:
    return any(stopped_at(told, purpose) for purpose in purposes)


def before_stop(told: Sequence[FactSeen], purpose: str) -> Consents:
    """What they allowed before that."""
    at = stopped_at(told, purpose)
    return fold_consents([fact for fact in told if not at or fact.position < at])


def page(here: Shop, guest: Guest, purposes: Sequence[str], told: Sequence[FactSeen], policy: Policy, done: str, fault: str = "") -> ShortPage:
    kinds = tuple(sentence_for(common.purpose(purpose)) for purpose in purposes)
    can_undo = done == STOP and any(allowed_in(before_stop(told, purpose), purpose, policy) for purpose in purposes)
    sentence, more = {
        STOP: (_("You get no more of this from us."), (_("What you have ordered we still tell you of."),)),
        AGAIN: (_("It is as it was before."), ()),
        FEWER: (_("Then we write at most once a month."), ()),
    }.get(done, (_("Shall we send you no more of this?"), (_("What you have ordered we still tell you of."),)))
    return ShortPage(
        shop=shop_name(here),
        language=guest.language,
        sentence=sentence,
        more=more,
        kinds=kinds if done in ("", STOP) else (),
        stop="" if done == STOP else _("No more, please"),
        offers=tuple((wish, words_of_offer(wish)) for wish in (FEWER, AGAIN)) if can_undo else (),
        fault=fault,
    )


def words_of_offer(wish: str) -> str:
    """What the button says: the words shown, kept as evidence."""
    return _("Fewer instead: at most once a month") if wish == FEWER else _("No, leave it as it was")
